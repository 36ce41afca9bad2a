import type { Options } from "../../options/table.js";
import { formatValue, type ValueFormat } from "../../report/value-format.js";
import type { Int64 } from "../../units/int64.js";
import { percentage } from "../../units/percentage.js";
import { h } from "../widgets/elements.js";

export interface Figures {
  readonly format: ValueFormat;
  /** The value that counts as 100%. */
  readonly total: Int64;
  /** Whether values are differences, which show a plus sign. */
  readonly isComparison: boolean;
}

/** Formats a value; in comparisons, with its sign. */
export function valueText({ format, isComparison }: Figures, value: Int64): string {
  const text = formatValue(format, value);
  return isComparison && value > 0 && text !== "0" ? `+${text}` : text;
}

/** Formats a share in percent, as pprof does: without a sign. */
export function shareText(value: Int64, whole: Int64): string {
  return percentage(value, whole).trim();
}

/** Returns the width of a column of numbers, for CSS: no digit may be cut. */
export function numberWidth(texts: readonly string[]): string {
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 6);
  return `${longest + 1}ch`;
}

/** Returns the class of a coloured value: `plus` for an increase, `minus` for negative values. */
export function signClass({ isComparison }: Pick<Figures, "isComparison">, value: Int64): string {
  if (value < 0) return "minus";
  return isComparison && value > 0 ? "plus" : "";
}

/** Returns a bar whose length is a share, at most 100%. A share above 0 is always visible. */
export function shareBar(value: Int64, whole: Int64, className = ""): HTMLElement {
  const share = whole === 0 ? 0 : Math.min(1, Math.abs(Number(value) / Number(whole)));
  const bar = h("span", { class: `share-bar ${className}`.trim(), "aria-hidden": true });
  if (share > 0) bar.style.width = `max(1px, ${(share * 100).toFixed(2)}%)`;
  return bar;
}

/** Returns a count of nodes in the words of the granularity, such as `12 functions`. */
export function countNodes(count: number, { granularity }: Pick<Options, "granularity">): string {
  const [one, many] = NODE_NOUNS[granularity];
  return countText(count, one, many);
}

const NODE_NOUNS: Record<Options["granularity"], readonly [one: string, many: string]> = {
  functions: ["function", "functions"],
  filefunctions: ["function", "functions"],
  files: ["file", "files"],
  packages: ["package", "packages"],
  modules: ["module", "modules"],
  lines: ["line", "lines"],
  addresses: ["address", "addresses"],
};

/** Returns `1 function`, `2 functions` and so on, with thousands separators. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
