import { cumOf, flatOf, type NodeValues } from "../graph/node-values.js";
import { abs, type Int64, int64, truncate } from "../units/int64.js";
import { scale, scaledLabel } from "../units/scale.js";
import type { NodeIndex } from "../view/node-table.js";
import type { SampleValue } from "../view/sample-value.js";

export interface ValueFormat {
  /** The unit of the values in the profile. */
  readonly from: string;
  /** The unit in which they are printed. `auto` chooses a unit for each value. */
  readonly to: string;
  /** The factor by which values are multiplied before they are formatted. */
  readonly ratio: number;
}

export function formatValue({ from, to, ratio }: ValueFormat, value: Int64): string {
  return scaledLabel(scaleByRatio(value, ratio), from, to);
}

/** Returns `value * ratio`, rounded towards zero. A ratio of 0 or less changes nothing. */
export function scaleByRatio(value: Int64, ratio: number): Int64 {
  return ratio > 0 && ratio !== 1 ? truncate(Number(value) * ratio) : value;
}

interface FormatInput {
  readonly value: SampleValue;
  /** The requested unit. With `minimum`, {@link chooseFormat} chooses it. */
  readonly unit: string;
  readonly ratio: number;
  readonly total: Int64;
}

/**
 * Chooses one unit for all values of a report, from the smallest value shown and the total. If the
 * two are far apart, the unit suits a hundred times the smallest value; not with `onlyWhole`,
 * because the format then has no decimals.
 */
export function chooseFormat(
  { value, unit, ratio, total }: FormatInput,
  values: NodeValues,
  shown: readonly NodeIndex[],
  onlyWhole = false,
): ValueFormat {
  const from = value.unit;
  if (unit !== "minimum" || shown.length === 0) return { from, to: unit, ratio };
  const smallest = scaleByRatio(smallestValue(values, shown) || total, ratio);
  const largest = scaleByRatio(total, ratio);
  const naturalUnit = (amount: Int64) => scale(amount, from, "minimum").unit;
  let to = naturalUnit(smallest);
  // Overflows as in Go. Nanoseconds overflow at about three years here.
  const hundredfold = int64(BigInt(smallest) * 100n);
  if (!onlyWhole && to !== naturalUnit(largest) && hundredfold < largest) {
    to = naturalUnit(hundredfold);
  }
  return { from, to: to || from, ratio };
}

/** Returns the smallest absolute value except 0. A node without flat counts with its cum. */
function smallestValue(values: NodeValues, shown: readonly NodeIndex[]): Int64 {
  let smallest: Int64 = 0;
  for (const node of shown) {
    const value = abs(flatOf(values, node)) || abs(cumOf(values, node));
    if (value > 0 && (smallest === 0 || value < smallest)) smallest = value;
  }
  return smallest;
}
