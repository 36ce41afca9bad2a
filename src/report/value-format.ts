import { cumOf, flatOf, type NodeValues } from "../graph/node-values.js";
import { abs, type Int64, int64, truncate } from "../units/int64.js";
import { scale, scaledLabel } from "../units/scale.js";
import type { NodeIndex } from "../view/nodes.js";
import type { SampleValue } from "../view/sample-value.js";

/** How the values of a report are printed: all of them in one unit, or each in its own. */
export interface ValueFormat {
  /** The unit of values in the profile. */
  readonly from: string;
  /** The unit they are printed in; `auto` chooses for each value. */
  readonly to: string;
  /** What values are multiplied by first. */
  readonly ratio: number;
}

/** `value` as text. */
export function formatValue({ from, to, ratio }: ValueFormat, value: Int64): string {
  return scaledLabel(scaleByRatio(value, ratio), from, to);
}

/** `value * ratio`, rounded towards zero; a ratio that is not positive changes nothing. */
export function scaleByRatio(value: Int64, ratio: number): Int64 {
  return ratio > 0 && ratio !== 1 ? truncate(Number(value) * ratio) : value;
}

/** What the choice of a unit depends on. */
interface FormatInput {
  readonly value: SampleValue;
  /** The unit that is wanted: `minimum` leaves the choice to {@link chooseFormat}. */
  readonly unit: string;
  readonly ratio: number;
  readonly total: Int64;
}

/**
 * Chooses the one unit that suits both the smallest value shown and the total. Where
 * the two lie far apart, the smallest may shrink to a hundredth; not where `onlyWhole`
 * numbers can be written.
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
  // With Go's overflow, which values of a hundred years of nanoseconds meet.
  const hundredfold = int64(BigInt(smallest) * 100n);
  if (!onlyWhole && to !== naturalUnit(largest) && hundredfold < largest) {
    to = naturalUnit(hundredfold);
  }
  return { from, to: to || from, ratio };
}

/** The smallest absolute value that is not 0; of nodes with no flat value their cum. */
function smallestValue(values: NodeValues, shown: readonly NodeIndex[]): Int64 {
  let smallest: Int64 = 0;
  for (const node of shown) {
    const value = abs(flatOf(values, node)) || abs(cumOf(values, node));
    if (value > 0 && (smallest === 0 || value < smallest)) smallest = value;
  }
  return smallest;
}
