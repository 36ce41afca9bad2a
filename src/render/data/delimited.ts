import { encodeUtf8 } from "../../profile/utf8.js";
import { escapeControls } from "../controls.js";
import { type Cell, type ColumnKind, fraction, type Table } from "./model.js";

/**
 * Writes a table as CSV (RFC 4180) with a header. Unless `isExact`, marks text that spreadsheets
 * evaluate, and escapes hidden characters. The pieces are bytes, because lines end with CR and LF.
 */
export function renderCsv(table: Table, isExact: boolean): Generator<Uint8Array> {
  const text = isExact
    ? quoteField
    : (text: string) => quoteField(escapeControls(markFormula(text)));
  return lines(table, { separator: ",", end: "\r\n", text });
}

/** Like {@link renderCsv}, with tabs. Tabs, line breaks and backslashes become `\t`, `\n`, `\\`. */
export function renderTsv(table: Table, isExact: boolean): Generator<Uint8Array> {
  const text = isExact
    ? escapeField
    : (text: string) => escapeControls(escapeField(markFormula(text)));
  return lines(table, { separator: "\t", end: "\n", text });
}

interface Style {
  readonly separator: string;
  readonly end: string;
  text(text: string): string;
}

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
 * Text that spreadsheets evaluate as a formula, also the full-width signs that Excel accepts.
 * Includes the mark itself, so that removing one leading `'` always restores the text.
 */
const FORMULA = /^(?:['\t\r\n]|\s*[=+\-@＝＋－＠])/;

/** Puts a `'` in front of text that a spreadsheet would evaluate. */
function markFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Some spreadsheets split cells at semicolons and tabs, depending on the locale. */
const NEEDS_QUOTES = /[",;\t\n\r]|^\s|\s$/;

function quoteField(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

function escapeField(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (letter) => ESCAPES[letter]);
}
