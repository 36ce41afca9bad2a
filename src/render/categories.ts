import type { CategoryValue } from "../report/categories.js";
import type { Int64 } from "../units/int64.js";

/** Returns each category with its share of the total, such as `own code 41.2%`. */
export function categoryShares(categories: readonly CategoryValue[], total: Int64): string[] {
  return categories.map(({ category, value }) => `${category} ${share(value, total)}`);
}

/** Formats a share as a percentage with at most one decimal. */
function share(value: Int64, total: Int64): string {
  const percent = total === 0 ? 0 : (Number(value) / Number(total)) * 100;
  return percent < 0.05 ? "<0.1%" : `${Number(percent.toFixed(1))}%`;
}
