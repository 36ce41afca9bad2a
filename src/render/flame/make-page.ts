import type { FlameReport } from "../../report/flame.js";
import { formatValue } from "../../report/value-format.js";
import { exactDifference } from "../../units/int64.js";
import { type FormatTime, profileLines } from "../legend.js";
import { formatShare, formatSigned } from "./details.js";
import type { FlamePage } from "./page.js";

export interface PageOptions {
  readonly formatTime: FormatTime;
  /** Leave out the lines about the profile. */
  readonly compact: boolean;
  /** Escapes control characters and invisible ones, because names are untrusted. */
  readonly readable: (text: string) => string;
}

/** The maximum sizes of a filter and of the description of the profile. */
const MAX_FILTER_UNITS = 80;
const MAX_LINE_UNITS = 300;
const MAX_LINES = 12;

export function makePage(report: FlameReport, options: PageOptions): FlamePage {
  const { kind, format, total, tree, cutFrames, grouping } = report;
  const { readable } = options;
  return {
    title: readable(shorten(titleOf(report), MAX_LINE_UNITS)),
    lines: linesOf(report, options).map(readable),
    kind,
    format: { ...format, from: readable(format.from), to: readable(format.to) },
    total,
    functions: report.functions.map(({ name, file, group, isOwn }) => ({
      name: readable(name),
      file: readable(file),
      group: readable(group),
      ...(isOwn && { isOwn }),
    })),
    tree,
    cutFrames,
    grouping,
  };
}

function titleOf(report: FlameReport): string {
  const { legend, kind, total, tree, format } = report;
  const value = (amount: typeof total) => formatValue(format, amount);
  const what = [legend.file, legend.sampleType].filter((part) => part !== "").join(": ");
  const plus = tree.plus[0];
  const minus = tree.minus?.[0] ?? 0;
  let amounts: string;
  if (kind === "plain") {
    amounts = plus === total ? value(total) : `${value(plus)} of ${value(total)}`;
    if (plus !== total) amounts += ` (${formatShare(plus, total)})`;
  } else {
    const net = exactDifference(plus, minus);
    const whole = kind === "compared" ? "the base" : "the total";
    const part = formatShare(net, kind === "compared" ? minus : total);
    const change = `${formatSigned(report, net)}, ${part} of ${whole}`;
    amounts =
      kind === "compared"
        ? `${value(minus)} in the base, ${value(plus)} now (${change})`
        : `${value(plus)} more, ${value(minus)} less (${change})`;
  }
  return [what, amounts].filter((part) => part !== "").join(", ");
}

function linesOf({ legend, format, total, activeFilters }: FlameReport, options: PageOptions) {
  // The title contains the file and the sample type.
  const rest = { ...legend, file: "", sampleType: "" };
  const all = options.compact
    ? []
    : profileLines(rest, options.formatTime, formatValue(format, total));
  // The last lines are the time and the duration. The lines before them come from the profile.
  const lines = all.slice(-MAX_LINES).map((line) => shorten(line, MAX_LINE_UNITS));
  if (activeFilters.length === 0) return lines;
  const filters = activeFilters.map((filter) => shorten(filter, MAX_FILTER_UNITS));
  return [...lines, `Active filters: ${filters.join(", ")}`];
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
