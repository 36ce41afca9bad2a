import { parseDuration } from "../../units/duration.js";
import { optionText } from "./times.js";

/** A range of time, in nanoseconds since the recording began; an end may be infinite. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** The range as values of the options of the same names. */
export interface RangeTexts {
  readonly from: string;
  readonly to: string;
}

/** Returns the range of the options; undefined without one, or if the options are not times. */
export function rangeOf({ from, to }: RangeTexts): TimeRange | undefined {
  if (from === "" && to === "") return undefined;
  const range = {
    from: from === "" ? Number.NEGATIVE_INFINITY : parseDuration(from),
    to: to === "" ? Number.POSITIVE_INFINITY : parseDuration(to),
  };
  const { from: begin, to: end } = range;
  if (begin === undefined || end === undefined || !(begin < end)) return undefined;
  return { from: begin, to: end };
}

/** Returns the texts of a range, rounded to about `step` nanoseconds, but never to nothing. */
export function textsOf({ from, to }: TimeRange, step: number): RangeTexts {
  const begin = optionText(from, step);
  for (let end = to; ; end += Math.max(step, 1)) {
    const text = optionText(end, step);
    if (text !== begin) return { from: begin, to: text };
  }
}
