import stringWidth from "string-width";

export interface ScreenSize {
  readonly rows: number;
  readonly columns: number;
}

/** The distance between tab stops, in columns. */
const TAB_WIDTH = 8;

/** Lines with more UTF-16 units per column are too long. Real ones have fewer, even in colour. */
const MAX_UNITS_PER_COLUMN = 50;

/** Whether coloured text leaves a row free for a prompt. Lines wider than the screen wrap. */
export function fitsScreen(text: string, { rows, columns }: ScreenSize): boolean {
  let used = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const left = rows - 1 - used;
    if (end - start > left * columns * MAX_UNITS_PER_COLUMN) return false;
    used += Math.max(1, Math.ceil(widthOf(text.slice(start, end)) / columns));
    if (used >= rows) return false;
    start = end + 1;
  }
  return true;
}

function widthOf(line: string): number {
  const parts = line.split("\t");
  const last = parts.pop() ?? "";
  const stops = parts.reduce(
    (stop, part) => stop + Math.floor(stringWidth(part) / TAB_WIDTH) + 1,
    0,
  );
  return stops * TAB_WIDTH + stringWidth(last);
}
