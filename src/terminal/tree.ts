import type { ChalkInstance } from "chalk";
import type { FormatTime } from "../render/legend.js";
import type { TreeCall, TreeEntry, TreeReport } from "../report/tree.js";
import { formatValue } from "../report/value-format.js";
import { percentage } from "../units/percentage.js";
import { oneLine, shorten, widthOf } from "./fit.js";
import { bar, heat, share, terminalStyle } from "./style.js";
import { BAR_WIDTH, type Column, drawLegend, drawTable, ROOMY, widthForName } from "./table.js";
import type { Terminal } from "./terminal.js";

const HEAD = ["flat", "flat%", "cum", "cum%"];

const INLINED = " (inline)";

/** How many columns the lines between a place and its calls take. */
const BRANCH_WIDTH = 3;

/**
 * Draws the tree and peek reports for a person: each place between its callers above
 * and its callees below. What a call takes stands under cum, with its share of the cum
 * of the place.
 */
export function drawTree(
  report: TreeReport,
  formatTime: FormatTime,
  compact: boolean,
  { width, env }: Terminal,
): string {
  const style = terminalStyle(env);
  const legend = drawLegend(report, formatTime, compact, style, width);
  if (report.entries.length === 0) return `${legend}\n`;

  const hasBars = width >= ROOMY;
  const groups = report.entries.map((entry) => [
    ...entry.callers.map((call, i) => callRow(report, entry, call, i === 0 ? "╭─ " : "├─ ")),
    entryRow(report, entry),
    ...entry.callees.map((call, i) =>
      callRow(report, entry, call, i === entry.callees.length - 1 ? "╰─ " : "├─ "),
    ),
  ]);
  const cells = groups.flat().map((row) => row.cells);
  const nameWidth = widthForName(HEAD, cells, hasBars, width);
  const columns: Column[] = [
    ...HEAD.map((title) => ({ title, align: "right" as const })),
    ...(hasBars ? [{ title: "", align: "left" as const }] : []),
    { title: "   name, between callers and callees", align: "left" },
  ];
  const blank = columns.map(() => "");
  const drawn = groups.flatMap((group, i) => [
    ...(i > 0 ? [blank] : []),
    ...group.map((row) => drawRow(row, style, hasBars, nameWidth)),
  ]);
  return `${legend}\n\n${drawTable(columns, drawn, style)}\n`;
}

interface Row {
  /** Flat, flat%, cum, cum%. */
  readonly cells: readonly string[];
  /** What the bar shows, and the colour: shares of the total, or of the cum of the place. */
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

function drawRow(row: Row, style: ChalkInstance, hasBars: boolean, nameWidth: number): string[] {
  const { cells, flatShare, cumShare, branch, name, label, isEntry } = row;
  const [flat, flatPercent, cum, cumPercent] = cells;
  const hot = heat(style, flatShare);
  // Calls stand back behind the places, whose heat is of the whole.
  const warm = isEntry ? heat(style, cumShare) : style.dim;
  const shown = shorten(name, nameWidth - BRANCH_WIDTH - widthOf(label));
  const colour = isEntry ? heat(style, Math.max(flatShare, cumShare)).bold : style;
  return [
    isEntry ? hot(flat) : "",
    isEntry ? hot(flatPercent) : "",
    warm(cum),
    warm(cumPercent),
    ...(hasBars ? [warm(bar(flatShare, cumShare, BAR_WIDTH))] : []),
    `${style.dim(branch)}${colour(shown)}${style.dim(label)}`,
  ];
}
