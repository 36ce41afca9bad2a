import { formatValue, type ValueFormat } from "../../report/value-format.js";
import type { Int64 } from "../../units/int64.js";
import { percentage } from "../../units/percentage.js";
import { h } from "../widgets/elements.js";

/** How the figures of a report are written. */
export interface Figures {
  readonly format: ValueFormat;
  /** What percentages are shares of. */
  readonly total: Int64;
  /** Whether values are differences, so that a plus says something. */
  readonly isComparison: boolean;
}

/** A value as text; in comparisons with its sign, whichever it is. */
export function valueText({ format, isComparison }: Figures, value: Int64): string {
  const text = formatValue(format, value);
  return isComparison && value > 0 && text !== "0" ? `+${text}` : text;
}

/** A share of a whole as text, with the digits of pprof and, as there, no sign. */
export function shareText(value: Int64, whole: Int64): string {
  return percentage(value, whole).trim();
}

/** Whether a value is coloured: growth is `plus`, and less is `minus`; only where that differs. */
export function signClass({ isComparison }: Pick<Figures, "isComparison">, value: Int64): string {
  if (value < 0) return "minus";
  return isComparison && value > 0 ? "plus" : "";
}

/** A bar as long as the share of a whole, at most all of it; what is anything at all shows. */
export function shareBar(value: Int64, whole: Int64, className = ""): HTMLElement {
  const share = whole === 0 ? 0 : Math.min(1, Math.abs(Number(value) / Number(whole)));
  const bar = h("span", { class: `share-bar ${className}`.trim(), "aria-hidden": true });
  if (share > 0) bar.style.width = `max(1px, ${(share * 100).toFixed(2)}%)`;
  return bar;
}

/** `1 place`, `2 places`, with separators between thousands. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
