import { encodeUtf8 } from "../../profile/utf8.js";
import { withoutControls } from "../controls.js";
import { type Cell, type ColumnKind, fraction, type Table } from "./model.js";

/**
 * A table as comma-separated values (RFC 4180), with a row of names first; in pieces, as bytes,
 * since its lines end with CR and LF. Text that a spreadsheet would compute gets a mark, and
 * hidden characters are written out, unless `isExact`.
 */
export function renderCsv(table: Table, isExact: boolean): Generator<Uint8Array> {
  const text = isExact ? quoted : (text: string) => quoted(withoutControls(marked(text)));
  return lines(table, { separator: ",", end: "\r\n", text });
}

/**
 * A table with tabs between cells; tabs, line breaks and backslashes within are `\t`, `\n`, `\\`.
 * Text is treated as in {@link renderCsv}.
 */
export function renderTsv(table: Table, isExact: boolean): Generator<Uint8Array> {
  const text = isExact ? escaped : (text: string) => withoutControls(escaped(marked(text)));
  return lines(table, { separator: "\t", end: "\n", text });
}

interface Style {
  readonly separator: string;
  readonly end: string;
  /** Text as it goes between separators. */
  text(text: string): string;
}

/** About how many letters a piece has. */
const PIECE_CHARACTERS = 1 << 16;

function* lines({ columns, rows }: Table, style: Style): Generator<Uint8Array> {
  let piece = columns.map(({ name }) => name).join(style.separator) + style.end;
  for (const row of rows()) {
    const cells = columns.map(({ kind }, i) => cellText(row[i], kind, style));
    piece += cells.join(style.separator) + style.end;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield encodeUtf8(piece);
    piece = "";
  }
  yield encodeUtf8(piece);
}

function cellText(cell: Cell, kind: ColumnKind, { text }: Style): string {
  if (cell === undefined) return "";
  if (typeof cell === "object") return String(fraction(cell) + 0);
  return typeof cell === "string" && kind === "text" ? text(cell) : String(cell);
}

/**
 * What spreadsheets take for a formula, also where Excel reads full-width letters; and the
 * mark itself, so that taking one `'` off the beginning always gives the text back.
 */
const FORMULA = /^(?:['\t\r\n]|\s*[=+\-@＝＋－＠])/;

/** Text with a `'` in front where a spreadsheet would compute it. */
function marked(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Semicolons and tabs part cells in the spreadsheets of some countries. */
const NEEDS_QUOTES = /[",;\t\n\r]|^\s|\s$/;

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

function escaped(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (letter) => ESCAPES[letter]);
}
