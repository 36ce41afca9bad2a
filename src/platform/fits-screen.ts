import stringWidth from "string-width";

/** Of a terminal, in letters. */
export interface ScreenSize {
  readonly rows: number;
  readonly columns: number;
}

/** Terminals jump to the next multiple of this many columns at a tab. */
const TAB = 8;

/** A line has rarely more letters per column on the screen, colours and accents included. */
const LETTERS_PER_COLUMN = 50;

/**
 * Whether a text with colours leaves at least one row of a screen free, for a prompt.
 * Lines that are wider than the screen go on in the next row. What is far too long is not
 * looked at to its end.
 */
export function fitsScreen(text: string, { rows, columns }: ScreenSize): boolean {
  let used = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const left = rows - 1 - used;
    if (end - start > left * columns * LETTERS_PER_COLUMN) return false;
    used += Math.max(1, Math.ceil(widthOf(text.slice(start, end)) / columns));
    if (used >= rows) return false;
    start = end + 1;
  }
  return true;
}

function widthOf(line: string): number {
  const parts = line.split("\t");
  const last = parts.pop() ?? "";
  const stops = parts.reduce((stop, part) => stop + Math.floor(stringWidth(part) / TAB) + 1, 0);
  return stops * TAB + stringWidth(last);
}
