import type { CategoryValue } from "../report/categories.js";
import { type Int64, sum } from "../units/int64.js";

/** A category, or the name of several, and its value. */
interface NamedValue {
  readonly category: string;
  readonly value: Int64;
}

/** Returns each category with its share of the total, such as `own code 41.2%`. */
export function categoryShares(categories: readonly NamedValue[], total: Int64): string[] {
  return categories.map(({ category, value }) => `${category} ${share(value, total)}`);
}

const V8_CATEGORIES: ReadonlySet<string> = new Set(["GC", "compiler", "program", "idle"]);

/** Replaces the categories of V8's states by one with their sum. */
export function joinV8(categories: readonly CategoryValue[]): NamedValue[] {
  const isV8 = ({ category }: CategoryValue) => V8_CATEGORIES.has(category);
  const first = categories.find(isV8);
  const value = sum(categories.filter(isV8).map((state) => state.value));
  return categories.flatMap((one) => {
    if (!isV8(one)) return [one];
    return one === first ? [{ category: "V8", value }] : [];
  });
}

/** Formats a share as a percentage with at most one decimal. */
function share(value: Int64, total: Int64): string {
  const percent = total === 0 ? 0 : (Number(value) / Number(total)) * 100;
  return percent < 0.05 ? "<0.1%" : `${Number(percent.toFixed(1))}%`;
}
