import { fixed2, significant2 } from "./format.js";
import type { Int64 } from "./int64.js";

/**
 * `value` as a share of `total`, six columns wide or more, as pprof prints it: two
 * decimals from 1 % up, two significant digits below, and `  100%` for all that
 * rounds to it. Signs are left out. A total of 0 makes everything 0 %.
 */
export function percentage(value: Int64, total: Int64): string {
  const ratio = total === 0 ? 0 : Math.abs(Number(value) / Number(total)) * 100;
  if (ratio >= 99.95 && ratio <= 100.05) return "  100%";
  return `${(ratio >= 1 ? fixed2(ratio) : significant2(ratio)).padStart(5)}%`;
}
