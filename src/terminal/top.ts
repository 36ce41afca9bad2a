import { categoryShares, joinV8 } from "../render/categories.js";
import { INLINING_LABEL } from "../render/top.js";
import type { CategoryValue } from "../report/categories.js";
import type { TopReport, TopRow } from "../report/top.js";
import { formatValue } from "../report/value-format.js";
import { add, type Int64, sum } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { foldLine, joinWithin, oneLine, shortenName, widthOf } from "./fit.js";
import { fitRows } from "./fit-rows.js";
import type { NodeStyle } from "./node-style.js";
import { loadNotes, nameNotes } from "./notes.js";
import { restLine } from "./rest.js";
import { bar, heat, share, terminalStyle } from "./style.js";
import {
  BAR_WIDTH,
  type Column,
  drawLegend,
  drawTable,
  layOut,
  MIN_WIDTH_FOR_BARS,
} from "./table.js";
import type { Terminal } from "./terminal.js";

/** The number of rows that are shown even if the terminal has fewer. */
const MIN_ROWS = 5;

/**
 * Draws the top report with colours and bars, and as many rows as fit on the terminal. `categories`
 * adds a line with the share of each.
 */
export function drawTop(
  report: TopReport,
  nodeStyle: NodeStyle,
  terminal: Terminal,
  categories: readonly CategoryValue[] = [],
): string {
  const { height } = terminal;
  const lines = fitRows(report.rows.length, { height, least: MIN_ROWS }, (count) =>
    drawLines(firstRows(report, count), nodeStyle, terminal, categories),
  );
  return `${lines.join("\n")}\n`;
}

/** Returns the report with only its first rows, and a header to match. */
function firstRows(report: TopReport, count: number): TopReport {
  if (count === report.rows.length) return report;
  const rows = report.rows.slice(0, count);
  const shownTotal = sum(rows.map(({ flat }) => flat));
  return { ...report, rows, shown: count, shownTotal };
}

function drawLines(
  report: TopReport,
  { formatTime, compact, granularity }: NodeStyle,
  { width, moreRowsHint: rest, env }: Terminal,
  categories: readonly CategoryValue[],
): string[] {
  const style = terminalStyle(env);
  const legend = [
    ...drawLegend(report, formatTime, compact, style, width),
    ...(compact
      ? []
      : categoryLines(categories, report.total, width).map((line) => style.dim(line))),
  ];
  const rows = tableRows(report);
  if (rows.length === 0) return legend;

  const hasBars = width >= MIN_WIDTH_FOR_BARS;
  const { shown, nameWidth } = layOut(
    HEAD,
    rows.map((row) => row.cells),
    { hasBar: hasBars, optional: OPTIONAL_COLUMNS, width },
  );
  const columns: Column[] = [
    ...shown.map((column) => ({ title: HEAD[column], align: "right" as const })),
    ...(hasBars ? [{ title: "", align: "left" as const }] : []),
    { title: "name", align: "left" },
  ];
  const drawn = rows.map(({ cells, flatShare, cumShare, name, label }) => {
    const hot = heat(style, flatShare);
    const warm = heat(style, cumShare);
    const colours = [hot, hot, style.dim, warm, warm];
    // If there is little room, the name gets all of it.
    const shownLabel = widthOf(label) <= nameWidth / 2 ? label : "";
    const shownName = shortenName(name, nameWidth - widthOf(shownLabel));
    return [
      ...shown.map((column) => colours[column](cells[column])),
      ...(hasBars ? [warm(bar(flatShare, cumShare, BAR_WIDTH))] : []),
      `${heat(style, Math.max(flatShare, cumShare))(shownName)}${style.dim(shownLabel)}`,
    ];
  });
  const left = report.candidates - rows.length;
  const notes = [
    ...(rest !== undefined && left > 0 ? [restLine(left, granularity, rest)] : []),
    ...nameNotes(rows.map(({ name }) => name)),
    // The note explains a line that compact reports do not have.
    ...(compact ? [] : loadNotes(report.legend)),
  ].flatMap((line) => foldLine(line, width));
  return [
    ...legend,
    "",
    ...drawTable(columns, drawn, style).split("\n"),
    ...notes.map((line) => style.dim(line)),
  ];
}

/**
 * Returns the shares of categories in one line if they fit. With too little room, V8's share is one
 * sum; on even narrower terminals, lines are folded between shares.
 */
function categoryLines(
  categories: readonly CategoryValue[],
  total: Int64,
  width: number,
): string[] {
  const shares = categoryShares(categories, total);
  if (widthOf(shares.join(SEPARATOR)) <= width) return [shares.join(SEPARATOR)];
  const joined = categoryShares(joinV8(categories), total).join(SEPARATOR);
  return widthOf(joined) <= width ? [joined] : joinWithin(shares, SEPARATOR, width);
}

const SEPARATOR = " · ";

const HEAD = ["flat", "flat%", "sum%", "cum", "cum%"];

/** The columns to drop on narrow terminals, in order: sum%, cum%, flat%, cum. */
const OPTIONAL_COLUMNS = [2, 4, 1, 3];

interface DrawnRow {
  /** In the order of {@link HEAD}. */
  readonly cells: readonly string[];
  readonly flatShare: number;
  readonly cumShare: number;
  readonly name: string;
  readonly label: string;
}

function tableRows(report: TopReport): DrawnRow[] {
  let sum: Int64 = 0;
  return report.rows.map((row: TopRow) => {
    sum = add(sum, row.flat);
    const percent = (value: Int64) => percentage(value, report.total).trim();
    return {
      cells: [
        formatValue(report.format, row.flat),
        percent(row.flat),
        percent(sum),
        formatValue(report.format, row.cum),
        percent(row.cum),
      ],
      flatShare: share(row.flat, report.total),
      cumShare: share(row.cum, report.total),
      name: oneLine(row.name),
      label: INLINING_LABEL[row.inlining],
    };
  });
}
