import { runeCount } from "./pad.js";

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly column: Column;
}

/** Cells directly above each other. A line without such a cell ends the column. */
interface Column {
  width: number;
}

interface Line {
  readonly cells: readonly Cell[];
  /** The text after the last tab, which belongs to no column. */
  readonly rest: string;
}

const CELL_PADDING = 1;

/** Characters that end a cell or a line, and the byte 0xff, which quotes them. */
const CONTROL_CHARACTERS = /[\t\v\n\f\udcff]/g;

/**
 * Right-aligns cells that end with tabs, as Go's text/tabwriter with a padding of one space does.
 * Like tabwriter, it gives characters in names a meaning: a vertical tab is a tab, a form feed ends
 * the line and all columns, and text between two bytes 0xff is taken literally.
 */
export function alignRight(text: string): string {
  const lines = readLines(text);
  return lines
    .map(({ cells, rest }) => {
      const padded = cells.map((cell) => " ".repeat(cell.column.width - cell.width) + cell.text);
      return padded.join("") + rest;
    })
    .join("\n");
}

function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let columns: Column[] = [];
  let cells: Cell[] = [];
  let start = 0;
  let quotes = 0;
  let quoted = false;
  for (const { 0: mark, index } of text.matchAll(CONTROL_CHARACTERS)) {
    if (mark === QUOTE) {
      quoted = !quoted;
      // A pair of quotes has no width.
      if (!quoted) quotes += 2;
      continue;
    }
    if (quoted) continue;
    const cell = text.slice(start, index);
    if (mark === "\t" || mark === "\v") {
      const column = columns[cells.length] ?? { width: 0 };
      columns[cells.length] = column;
      const width = runeCount(cell) - quotes;
      column.width = Math.max(column.width, width + CELL_PADDING);
      cells.push({ text: cell, width, column });
    } else {
      lines.push({ cells, rest: cell });
      columns = mark === "\f" ? [] : columns.slice(0, cells.length);
      cells = [];
    }
    start = index + 1;
    quotes = 0;
  }
  lines.push({ cells, rest: text.slice(start) });
  return lines;
}

const QUOTE = "\udcff";
