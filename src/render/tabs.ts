import { runeCount } from "./pad.js";

/** A cell that ended with a tab, and the column of cells it is in. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly column: Column;
}

/** Cells right above one another, without a line between them that has no such cell. */
interface Column {
  width: number;
}

interface Line {
  readonly cells: readonly Cell[];
  /** What stands behind the last tab, and is in no column. */
  readonly rest: string;
}

/** Between a cell and the one before it. */
const CELL_PADDING = 1;

/** What ends a cell or a line, and the byte 0xff, which quotes. */
const CONTROL_CHARACTERS = /[\t\v\n\f\udcff]/g;

/**
 * Aligns cells that end with tabs to the right, as Go's text/tabwriter does with a
 * padding of one blank. Names may hold what it takes for marks: a vertical tab is a tab,
 * a form feed ends a line and all columns, and nothing is a mark between two bytes 0xff.
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
      // Both count as nothing, once they are two.
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
