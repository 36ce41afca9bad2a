import type { ChalkInstance } from "chalk";
import { shownValueCount, type Tag, type TagsReport } from "../report/tags.js";
import { formatValue } from "../report/value-format.js";
import { type Int64, sum } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { MIN_NAME, oneLine, shorten, widthOf } from "./fit.js";
import { bar, heat, terminalStyle } from "./style.js";
import type { Terminal } from "./terminal.js";

/** The minimum terminal width for bars. All widths are in columns. */
const MIN_WIDTH_FOR_BARS = 60;
const BAR_WIDTH = 12;

/** Follows the row of hidden values if there is room. */
const HINT = " (-trim=false shows all)";

const INDENT = "  ";
const GAP = "  ";

/** Draws a table for each tag, with colours and bars, and one row for all small values. */
export function drawTags(report: TagsReport, { width, env }: Terminal): string {
  const style = terminalStyle(env);
  if (report.tags.length === 0) return `${style.dim("None of the samples has a label.")}\n`;
  const tables = report.tags.map((tag) => ({ tag, rows: tableRows(report, tag) }));
  const columns = { value: 0, share: 0 };
  for (const { rows } of tables) {
    for (const { value, percent } of rows) {
      columns.value = Math.max(columns.value, widthOf(value));
      columns.share = Math.max(columns.share, widthOf(percent));
    }
  }
  const drawn = tables.map(({ tag, rows }) =>
    [
      heading(report, tag, style, width),
      ...rows.map((row) => drawRow(row, columns, style, width)),
    ].join("\n"),
  );
  return `${drawn.join("\n\n")}\n`;
}

function heading(
  { format, total }: TagsReport,
  tag: Tag,
  style: ChalkInstance,
  width: number,
): string {
  const share = total > 0 ? ` (${percentage(tag.total, total).trim()})` : "";
  const sum = `${formatValue(format, tag.total)} of ${formatValue(format, total)}${share}`;
  const sumRoom = Math.max(MIN_NAME, width - GAP.length - MIN_NAME);
  const shownSum = shorten(sum, sumRoom);
  const keyRoom = Math.max(MIN_NAME, width - GAP.length - widthOf(shownSum));
  return `${style.bold(shorten(oneLine(tag.key), keyRoom))}${GAP}${style.dim(shownSum)}`;
}

interface Row {
  readonly value: string;
  readonly percent: string;
  /** The share of the total, without its sign. */
  readonly share: number;
  readonly name: string;
  /** Whether this row sums up values that are not shown. */
  readonly isFold: boolean;
}

function tableRows(report: TagsReport, { values }: Tag): Row[] {
  const count = shownValueCount(report, values);
  const rows = values.slice(0, count).map(({ name, value }) => toRow(report, value, name, false));
  if (count < values.length) {
    const restTotal = sum(values.slice(count).map(({ value }) => value));
    rows.push(toRow(report, restTotal, `… ${values.length - count} more`, true));
  }
  return rows;
}

function toRow({ format, total }: TagsReport, value: Int64, name: string, isFold: boolean): Row {
  return {
    value: formatValue(format, value),
    percent: total > 0 ? percentage(value, total).trim() : "",
    share: total > 0 ? Math.abs(Number(value) / Number(total)) : 0,
    name: isFold ? name : oneLine(name),
    isFold,
  };
}

function drawRow(
  { value, percent, share, name, isFold }: Row,
  columns: { value: number; share: number },
  style: ChalkInstance,
  width: number,
): string {
  const colour = isFold ? style.dim : heat(style, share);
  const cells = [padStart(value, columns.value), padStart(percent, columns.share)];
  let taken = INDENT.length + columns.value + columns.share + GAP.length * 2;
  if (width >= MIN_WIDTH_FOR_BARS) {
    const drawn = bar(share, share, BAR_WIDTH);
    cells.push(drawn + " ".repeat(BAR_WIDTH - widthOf(drawn)));
    taken += BAR_WIDTH + GAP.length;
  }
  const hint = isFold && widthOf(name + HINT) <= width - taken ? HINT : "";
  cells.push(shorten(name, Math.max(MIN_NAME, width - taken)) + hint);
  return INDENT + colour(cells.join(GAP));
}

function padStart(text: string, width: number): string {
  return " ".repeat(width - widthOf(text)) + text;
}
