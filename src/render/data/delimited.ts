import { encodeUtf8 } from "../../profile/utf8.js";
import { withoutControls } from "../controls.js";
import { type Cell, type ColumnKind, fraction, type Table } from "./model.js";

/**
 * A table as comma-separated values (RFC 4180), with a row of names first; in pieces, as bytes,
 * since its lines end with CR and LF.
 */
export function renderCsv(table: Table): Generator<Uint8Array> {
  return lines(table, { separator: ",", end: "\r\n", text: quoted });
}

/** A table with tabs between cells; tabs, line breaks and backslashes within are `\t`, `\n`, `\\`. */
export function renderTsv(table: Table): Generator<Uint8Array> {
  return lines(table, { separator: "\t", end: "\n", text: escaped });
}

interface Style {
  readonly separator: string;
  readonly end: string;
  /** Text as it goes between separators. */
  text(text: string): string;
}

/** About how many letters a piece has. */
const PIECE = 1 << 16;

function* lines({ columns, rows }: Table, style: Style): Generator<Uint8Array> {
  let piece = columns.map(({ name }) => name).join(style.separator) + style.end;
  for (const row of rows()) {
    const cells = columns.map(({ kind }, i) => cellText(row[i], kind, style));
    piece += cells.join(style.separator) + style.end;
    if (piece.length < PIECE) continue;
    yield encodeUtf8(piece);
    piece = "";
  }
  yield encodeUtf8(piece);
}

function cellText(cell: Cell, kind: ColumnKind, { text }: Style): string {
  if (cell === undefined) return "";
  if (typeof cell === "object") return String(fraction(cell) + 0);
  return typeof cell === "string" && kind === "text" ? text(marked(cell)) : String(cell);
}

/**
 * What spreadsheets take for a formula, also where Excel reads full-width letters; and the
 * mark itself, so that taking one `'` off the beginning always gives the text back.
 */
const FORMULA = /^['=+\-@\t\r\n＝＋－＠]/;

/** Text with a `'` in front where a spreadsheet would compute it. */
function marked(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Semicolons and tabs part cells in the spreadsheets of some countries. */
const NEEDS_QUOTES = /[",;\t\n]|^\s|\s$/;

function quoted(text: string): string {
  const plain = withoutControls(text);
  return NEEDS_QUOTES.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n" };

function escaped(text: string): string {
  return withoutControls(text.replace(/[\\\t\n]/g, (letter) => ESCAPES[letter]));
}
