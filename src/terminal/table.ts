import type { ChalkInstance } from "chalk";
import Table from "cli-table3";
import { withoutControls } from "../render/controls.js";
import { type FormatTime, legendLines } from "../render/legend.js";
import type { ReportHeader } from "../report/header.js";
import { shorten, widthOf } from "./fit.js";

/** From this width on there is room for bars. */
export const ROOMY = 100;
export const BAR_WIDTH = 12;

/** Between two columns. */
export const GAP = 2;

/** Names get at least so much, even where lines must wrap. */
const MIN_NAME = 16;

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** What a report says before its rows, within the width and in the background. */
export function drawLegend(
  header: ReportHeader,
  formatTime: FormatTime,
  compact: boolean,
  style: ChalkInstance,
  width: number,
): string {
  const lines = legendLines(header, formatTime, compact)
    .flatMap((line) => withoutControls(line).split("\n"))
    .map((line) => shorten(line.trimEnd(), width));
  return style.dim(lines.join("\n"));
}

/** How wide the last column may be beside columns with these titles and cells. */
export function widthForName(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  hasBar: boolean,
  width: number,
): number {
  // Not Math.max(...rows): there may be more rows than a call takes arguments.
  const taken = titles.map((title, column) =>
    rows.reduce((most, cells) => Math.max(most, widthOf(cells[column])), widthOf(title)),
  );
  const bars = hasBar ? BAR_WIDTH + GAP : 0;
  return Math.max(MIN_NAME, width - taken.reduce((sum, column) => sum + column + GAP, bars));
}

/** A table without borders, as lines without blanks at their ends. */
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
