import { fixed2, significant2 } from "./format.js";
import type { Int64 } from "./int64.js";

/**
 * Formats `value` as a percentage of `total`, at least six columns wide, as pprof prints it: two
 * decimals from 1 % up, two significant digits below, and `  100%` for values that round to it.
 * Signs are dropped. If the total is 0, everything is 0 %.
 */
export function percentage(value: Int64, total: Int64): string {
  const ratio = total === 0 ? 0 : Math.abs(Number(value) / Number(total)) * 100;
  if (ratio >= 99.95 && ratio <= 100.05) return "  100%";
  return `${(ratio >= 1 ? fixed2(ratio) : significant2(ratio)).padStart(5)}%`;
}
