import type { ChalkInstance } from "chalk";
import type { TreeCall, TreeEntry, TreeReport } from "../report/tree.js";
import { formatValue } from "../report/value-format.js";
import { sum } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { cut, foldLine, oneLine, shortenName, widthOf } from "./fit.js";
import { fitRows } from "./fit-rows.js";
import type { NodeStyle } from "./node-style.js";
import { nameNotes } from "./notes.js";
import { restLine } from "./rest.js";
import { bar, heat, share, terminalStyle } from "./style.js";
import {
  BAR_WIDTH,
  type Column,
  drawLegend,
  drawTable,
  type Layout,
  layOut,
  MIN_WIDTH_FOR_BARS,
} from "./table.js";
import type { Terminal } from "./terminal.js";

const HEAD = ["flat", "flat%", "cum", "cum%"];

/** The columns to drop on narrow terminals, in order: flat%, flat, cum%. */
const OPTIONAL_COLUMNS = [1, 0, 3];

const INLINED = " (inline)";

/** The width of the lines that connect a node and its calls, in columns. */
const BRANCH_WIDTH = 3;

/** The number of nodes that are shown even if the terminal has too few rows. */
const MIN_ENTRIES = 10;

/**
 * Draws each node between its callers and callees, and as many nodes as fit on the terminal. The
 * cum of a call is its value, with its share of the node's cum.
 */
export function drawTree(report: TreeReport, nodeStyle: NodeStyle, terminal: Terminal): string {
  const { height } = terminal;
  const lines = fitRows(report.entries.length, { height, least: MIN_ENTRIES }, (count) =>
    drawLines(firstEntries(report, count), nodeStyle, terminal),
  );
  return `${lines.join("\n")}\n`;
}

/** Returns the report with only its first nodes, and a header to match. */
function firstEntries(report: TreeReport, count: number): TreeReport {
  if (count === report.entries.length) return report;
  const entries = report.entries.slice(0, count);
  const shownTotal = sum(entries.map(({ flat }) => flat));
  return { ...report, entries, shown: count, shownTotal };
}

function drawLines(
  report: TreeReport,
  { formatTime, compact, granularity }: NodeStyle,
  { width, moreRowsHint: rest, env }: Terminal,
): string[] {
  const style = terminalStyle(env);
  const legend = drawLegend(report, formatTime, compact, style, width);
  if (report.entries.length === 0) return legend;

  const hasBars = width >= MIN_WIDTH_FOR_BARS;
  const groups = report.entries.map((entry) => [
    ...entry.callers.map((call, i) => callRow(report, entry, call, i === 0 ? "╭─ " : "├─ ")),
    entryRow(report, entry),
    ...entry.callees.map((call, i) =>
      callRow(report, entry, call, i === entry.callees.length - 1 ? "╰─ " : "├─ "),
    ),
  ]);
  const cells = groups.flat().map((row) => row.cells);
  const { shown, nameWidth } = layOut(HEAD, cells, {
    hasBar: hasBars,
    optional: OPTIONAL_COLUMNS,
    width,
  });
  const columns: Column[] = [
    ...shown.map((column) => ({ title: HEAD[column], align: "right" as const })),
    ...(hasBars ? [{ title: "", align: "left" as const }] : []),
    { title: cut("   name, between callers and callees", nameWidth), align: "left" },
  ];
  const blank = columns.map(() => "");
  const drawn = groups.flatMap((group, i) => [
    ...(i > 0 ? [blank] : []),
    ...group.map((row) => drawRow(row, { style, hasBars, shown, nameWidth })),
  ]);
  const left = report.candidates - report.shown;
  const notes = [
    ...(rest !== undefined && left > 0 ? [restLine(left, granularity, rest)] : []),
    ...nameNotes(groups.flat().map(({ name }) => name)),
  ].flatMap((line) => foldLine(line, width));
  return [
    ...legend,
    "",
    ...drawTable(columns, drawn, style).split("\n"),
    ...(notes.length > 0 ? ["", ...notes.map((line) => style.dim(line))] : []),
  ];
}

interface Row {
  /** In the order of {@link HEAD}. */
  readonly cells: readonly string[];
  /** The shares for the bar and the colour: of the total, or for a call of the node's cum. */
  readonly flatShare: number;
  readonly cumShare: number;
  readonly branch: string;
  readonly name: string;
  readonly label: string;
  readonly isEntry: boolean;
}

function entryRow({ format, total }: TreeReport, { name, flat, cum }: TreeEntry): Row {
  return {
    cells: [
      formatValue(format, flat),
      percentage(flat, total).trim(),
      formatValue(format, cum),
      percentage(cum, total).trim(),
    ],
    flatShare: share(flat, total),
    cumShare: share(cum, total),
    branch: "●  ",
    name: oneLine(name),
    label: "",
    isEntry: true,
  };
}

function callRow(
  { format }: TreeReport,
  { cum }: TreeEntry,
  { name, weight, isInline }: TreeCall,
  branch: string,
): Row {
  const part = share(weight, cum);
  return {
    cells: ["", "", formatValue(format, weight), percentage(weight, cum).trim()],
    flatShare: part,
    cumShare: part,
    branch,
    name: oneLine(name),
    label: isInline ? INLINED : "",
    isEntry: false,
  };
}

function drawRow(
  { cells, flatShare, cumShare, branch, name, label, isEntry }: Row,
  {
    style,
    hasBars,
    shown,
    nameWidth,
  }: Layout & { readonly style: ChalkInstance; readonly hasBars: boolean },
): string[] {
  const hot = heat(style, flatShare);
  // Calls are dimmed, so that the nodes stand out.
  const warm = isEntry ? heat(style, cumShare) : style.dim;
  const colours = [hot, hot, warm, warm];
  const room = Math.max(1, nameWidth - BRANCH_WIDTH);
  const shownLabel = widthOf(label) <= room / 2 ? label : "";
  const shownName = shortenName(name, room - widthOf(shownLabel));
  const colour = isEntry ? heat(style, Math.max(flatShare, cumShare)).bold : style;
  return [
    ...shown.map((column) => (cells[column] === "" ? "" : colours[column](cells[column]))),
    ...(hasBars ? [warm(bar(flatShare, cumShare, BAR_WIDTH))] : []),
    `${style.dim(branch)}${colour(shownName)}${style.dim(shownLabel)}`,
  ];
}
