import type { Inlining, TopReport } from "../report/top.js";
import { formatValue } from "../report/value-format.js";
import { add, type Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { type FormatTime, legendLines } from "./legend.js";

export const INLINING_LABEL: Record<Inlining, string> = {
  none: "",
  some: " (partial-inline)",
  all: " (inline)",
};

/** Prints the top report byte for byte as pprof does. */
export function renderTop(report: TopReport, formatTime: FormatTime, compact: boolean): string {
  const lines = legendLines(report, formatTime, compact);
  lines.push("      flat  flat%   sum%        cum   cum%");
  let sum: Int64 = 0;
  for (const { name, inlining, flat, cum } of report.rows) {
    sum = add(sum, flat);
    lines.push(
      `${value(report, flat)} ${percentage(flat, report.total)} ${percentage(sum, report.total)} ` +
        `${value(report, cum)} ${percentage(cum, report.total)}  ${name}${INLINING_LABEL[inlining]}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function value(report: TopReport, amount: Int64): string {
  return formatValue(report.format, amount).padStart(10);
}
