import type { TreeCall, TreeEntry, TreeReport } from "../report/tree.js";
import { formatValue } from "../report/value-format.js";
import { add, type Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { type FormatTime, legendLines } from "./legend.js";
import { joinIntoPieces } from "./pieces.js";

const SEPARATOR = "----------------------------------------------------------+-------------";
const COLUMNS = "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t ";

/** Prints the tree or peek report in pieces, byte for byte as pprof does. */
export function renderTree(
  report: TreeReport,
  formatTime: FormatTime,
  compact: boolean,
): Generator<string> {
  return joinIntoPieces(treeLines(report, legendLines(report, formatTime, compact)));
}

function* treeLines(report: TreeReport, legend: readonly string[]): Generator<string> {
  yield* legend;
  yield SEPARATOR;
  yield COLUMNS;
  let sum: Int64 = 0;
  for (const entry of report.entries) {
    sum = add(sum, entry.flat);
    yield SEPARATOR;
    for (const call of entry.callers) yield callLine(report, entry, call);
    yield entryLine(report, entry, sum);
    for (const call of entry.callees) yield callLine(report, entry, call);
  }
  if (report.shown > 0) yield SEPARATOR;
}

function entryLine({ format, total }: TreeReport, { name, flat, cum }: TreeEntry, sum: Int64) {
  const value = (amount: Int64) => formatValue(format, amount).padStart(10);
  return (
    `${value(flat)} ${percentage(flat, total)} ${percentage(sum, total)} ` +
    `${value(cum)} ${percentage(cum, total)}                | ${name}`
  );
}

/** Returns the line of an edge, with its share of the cum of `entry`. */
function callLine({ format }: TreeReport, { cum }: TreeEntry, call: TreeCall): string {
  const value = formatValue(format, call.weight).padStart(50);
  return `${value} ${percentage(call.weight, cum)} |   ${call.name}${call.isInline ? " (inline)" : ""}`;
}
