import type { Int64Column } from "../profile/columns.js";
import type { View } from "../view/view.js";
import type { Amounts } from "./flame-tree.js";

/** Returns by sample: the absolute value, which orders frames by weight. */
export function sizesOf(plus: Amounts, minus: Amounts | undefined): Float64Array {
  if (plus instanceof Float64Array && !minus) return plus;
  const sizes = new Float64Array(plus.length);
  for (let sample = 0; sample < sizes.length; sample++) {
    sizes[sample] = Number(plus[sample]) + (minus ? Number(minus[sample]) : 0);
  }
  return sizes;
}

/**
 * Splits the values of the selected samples into two columns of sizes: the positive values and the
 * negative ones. Other samples have 0. Without negative values, `minus` is undefined.
 */
export function splitSigns(
  { samples }: View,
  values: Int64Column,
): { plus: Amounts; minus: Amounts | undefined } {
  let size = 0;
  let hasNegative = false;
  for (let sample = 0; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    size += Math.abs(Number(values[sample]));
    if (values[sample] < 0) hasNegative = true;
  }
  if (values instanceof Float64Array && size <= Number.MAX_SAFE_INTEGER) {
    const part = (sign: number) => {
      const sizes = new Float64Array(values.length);
      for (let i = 0; i < sizes.length; i++) {
        if (samples[i] && values[i] * sign > 0) sizes[i] = values[i] * sign;
      }
      return sizes;
    };
    return { plus: part(1), minus: hasNegative ? part(-1) : undefined };
  }
  const part = (sign: bigint) =>
    Array.from(samples, (isSelected, i) => {
      const amount = BigInt(values[i]) * sign;
      return isSelected && amount > 0n ? amount : 0n;
    });
  return { plus: part(1n), minus: hasNegative ? part(-1n) : undefined };
}
