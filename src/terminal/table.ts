import type { ChalkInstance } from "chalk";
import Table from "cli-table3";
import { withoutControls } from "../render/controls.js";
import { type FormatTime, legendLines } from "../render/legend.js";
import type { ReportHeader } from "../report/header.js";
import { foldLine, widthOf } from "./fit.js";

/** From this width on there is room for bars. */
export const ROOMY = 100;
export const BAR_WIDTH = 12;

/** Between two columns. */
export const GAP = 2;

/** Names get at least so much where columns can be left out for it. */
const MIN_NAME = 16;

/** Names get at least so much on the narrowest terminals, even where lines wrap. */
const LEAST_NAME = 4;

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** What a report says before its rows, within the width and in the background, as lines. */
export function drawLegend(
  header: ReportHeader,
  formatTime: FormatTime,
  compact: boolean,
  style: ChalkInstance,
  width: number,
): string[] {
  return legendLines(header, formatTime, compact)
    .flatMap((line) => withoutControls(line).split("\n"))
    .flatMap((line) => foldLine(line.trimEnd(), width))
    .map((line) => style.dim(line));
}

/** The columns of numbers that there is room for, and how wide the names beside them may be. */
export interface Layout {
  /** Indices of the columns that are shown, in their order. */
  readonly shown: readonly number[];
  readonly nameWidth: number;
}

/**
 * Lays out columns with these titles and cells beside names, within the width. Where names would
 * have little room, columns are left out in the order of `optional`.
 */
export function layOut(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  {
    hasBar = false,
    optional,
    width,
  }: { readonly hasBar?: boolean; readonly optional: readonly number[]; readonly width: number },
): Layout {
  // Not Math.max(...rows): there may be more rows than a call takes arguments.
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
    if (room() >= MIN_NAME) break;
    shown.delete(column);
  }
  return { shown: [...shown], nameWidth: Math.max(LEAST_NAME, room()) };
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
