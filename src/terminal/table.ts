import type { ChalkInstance } from "chalk";
import Table from "cli-table3";
import { escapeControls } from "../render/controls.js";
import { type FormatTime, legendLines } from "../render/legend.js";
import type { ReportHeader } from "../report/header.js";
import { foldLine, MIN_NAME, widthOf } from "./fit.js";

/** The minimum terminal width for bars. All widths are in columns. */
export const MIN_WIDTH_FOR_BARS = 100;
export const BAR_WIDTH = 12;

const GAP = 2;

/** The minimum width of names; columns are dropped if names need the room. */
export const MIN_NAME_BESIDE_COLUMNS = 16;

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** Returns the dimmed lines before the rows of a report, wrapped to the width. */
export function drawLegend(
  header: ReportHeader,
  formatTime: FormatTime,
  compact: boolean,
  style: ChalkInstance,
  width: number,
): string[] {
  return legendLines(header, formatTime, compact)
    .flatMap((line) => escapeControls(line).split("\n"))
    .flatMap((line) => foldLine(line.trimEnd(), width))
    .map((line) => style.dim(line));
}

/** The columns of a table that fit, and the width left for names. */
export interface Layout {
  /** The indices of the columns to show, in order. */
  readonly shown: readonly number[];
  readonly nameWidth: number;
}

/** Lays out columns of numbers, then names. If names get too little, drops `optional` in order. */
export function layOut(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  {
    hasBar = false,
    optional,
    width,
    leastName = MIN_NAME_BESIDE_COLUMNS,
  }: {
    readonly hasBar?: boolean;
    readonly optional: readonly number[];
    readonly width: number;
    readonly leastName?: number;
  },
): Layout {
  // There may be too many rows for the arguments of Math.max.
  const widths = titles.map((title, column) =>
    rows.reduce((most, cells) => Math.max(most, widthOf(cells[column])), widthOf(title)),
  );
  const shown = new Set(titles.keys());
  const room = () =>
    [...shown].reduce(
      (left, column) => left - widths[column] - GAP,
      width - (hasBar ? BAR_WIDTH + GAP : 0),
    );
  for (const column of optional) {
    if (room() >= leastName) break;
    shown.delete(column);
  }
  return { shown: [...shown], nameWidth: Math.max(MIN_NAME, room()) };
}

/** Draws a table without borders. Its lines have no spaces at their ends. */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: ChalkInstance,
): string {
  const table = new Table({
    head: columns.map(({ title }) => style.dim(title)),
    colAligns: columns.map(({ align }) => align),
    chars: NO_BORDERS,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) table.push([...row]);
  const lines = table.toString().split("\n");
  return lines.map((line) => line.trimEnd()).join("\n");
}

const NO_BORDERS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ".repeat(GAP),
};
