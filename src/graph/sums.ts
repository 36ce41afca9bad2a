import { type Int64Column, int64At } from "../profile/columns.js";
import { add, type Int64 } from "../units/int64.js";

/**
 * Sums of sample values must be exact, but a sum of 64-bit integers may need more bits than a
 * double has. If the absolute values of a column add up to a safe integer, doubles are exact.
 * Otherwise the values are split into limbs of 22 bits. The limbs of 2^31 samples add up to safe
 * integers. The sums of the limbs are then joined, with Go's wrap-around at 64 bits.
 */
const LIMB_BITS = 22n;
const LIMB_MASK = (1n << LIMB_BITS) - 1n;

/** Computes several sums over samples. Each must be a linear function of the weights. */
type Summation = (weights: Float64Array) => readonly Float64Array[];

/** Runs `sum` for each limb and joins the results, which must have the same shape each time. */
export function exactSums(values: Int64Column, sum: Summation): Int64Column[] {
  if (values instanceof Float64Array && isSafeSum(values)) return [...sum(values)];
  const parts = splitLimbs(values).map(sum);
  return parts[0].map((_, result) => joinLimbs(parts.map((part) => part[result])));
}

function isSafeSum(values: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]);
  return sum <= Number.MAX_SAFE_INTEGER;
}

/** Splits values into limbs, lowest first. The highest one carries the sign. */
function splitLimbs(values: Int64Column): Float64Array[] {
  const limbs = [0, 1, 2].map(() => new Float64Array(values.length));
  for (let i = 0; i < values.length; i++) {
    let rest = BigInt(values[i]);
    limbs[0][i] = Number(rest & LIMB_MASK);
    rest >>= LIMB_BITS;
    limbs[1][i] = Number(rest & LIMB_MASK);
    limbs[2][i] = Number(rest >> LIMB_BITS);
  }
  return limbs;
}

function joinLimbs(limbs: readonly Float64Array[]): BigInt64Array {
  const whole = new BigInt64Array(limbs[0].length);
  for (let i = 0; i < whole.length; i++) {
    let sum = 0n;
    for (let limb = limbs.length - 1; limb >= 0; limb--) {
      sum = (sum << LIMB_BITS) + BigInt(limbs[limb][i]);
    }
    whole[i] = BigInt.asIntN(64, sum);
  }
  return whole;
}

/** Returns the sum of the entries of `column` at `rows`. */
export function sumAt(column: Int64Column, rows: Iterable<number>): Int64 {
  let sum: Int64 = 0;
  for (const row of rows) sum = add(sum, int64At(column, row));
  return sum;
}
