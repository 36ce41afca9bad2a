import { formatValue, type ValueFormat } from "../../report/value-format.js";
import { percentage } from "../../units/percentage.js";
import { escapeLine, escapeLogLine } from "../controls.js";
import { joinIntoPieces } from "../pieces.js";
import { plainUnit } from "../plain-unit.js";
import type { Cell, Column, DataReport, Table } from "./model.js";

/** Writes a report as GitHub Flavored Markdown. Names cannot become markup, mentions or links. */
export function renderMarkdown({ legend, table }: DataReport): Generator<string> {
  return joinIntoPieces(markdownLines(legend, table));
}

function* markdownLines(legend: readonly string[], table: Table): Generator<string> {
  if (legend.length > 0) {
    yield* fenced(legend);
    yield "";
  }
  yield* markdownTable(table);
}

/** Writes lines as a code block. No line can end the block or be a CI command. */
export function* fenced(lines: readonly string[]): Generator<string> {
  const text = lines
    .flatMap((line) => line.split("\n"))
    .map(escapeLogLine)
    .join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  yield `${fence}text`;
  yield text;
  yield fence;
}

/** Writes the lines of a table. Leaves out columns without a title. */
export function* markdownTable(table: Table): Generator<string> {
  const { columns, rows } = table;
  const shown = columns.flatMap((column, i) => (column.title === undefined ? [] : [i]));
  const { from, to } = table.format;
  const format = { ...table.format, from: plainUnit(from), to: plainUnit(to) };
  yield* tableLines(
    shown.map((i) => ({ title: columns[i].title ?? "", isText: isText(columns[i]) })),
    mapped(rows(), (row) => shown.map((i) => cellText(format, row[i], columns[i]))),
  );
}

/** A column of a Markdown table. Columns other than text are aligned to the right. */
export interface TableColumn {
  readonly title: string;
  readonly isText: boolean;
}

/** Writes the lines of a table. The cells are Markdown already and contain no unescaped `|`. */
export function* tableLines(
  columns: readonly TableColumn[],
  rows: Iterable<readonly string[]>,
): Generator<string> {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  yield line(columns.map(({ title }) => title));
  yield line(columns.map((column) => (column.isText ? "---" : "---:")));
  for (const cells of rows) yield line(cells);
}

function* mapped<A, B>(items: Iterable<A>, change: (item: A) => B): Generator<B> {
  for (const item of items) yield change(item);
}

function isText({ kind }: Column): boolean {
  return kind === "text" || kind === "word";
}

function cellText(format: ValueFormat, cell: Cell, { kind }: Column): string {
  // Leave cells empty that would say "none" or "no".
  if (cell === undefined || cell === "" || (kind === "word" && cell === "none")) return "";
  if (typeof cell === "object") return percentage(cell.part, cell.whole).trim();
  if (typeof cell === "string") return kind === "text" ? code(cell) : cell;
  if (typeof cell === "boolean") return cell ? "yes" : "";
  return kind === "value" ? formatValue(format, cell) : String(cell);
}

/**
 * Writes text as code, so that it cannot become a mention or a link. Pipes would end a table cell
 * even in code, so text with a pipe becomes an HTML element with character references.
 */
export function code(text: string): string {
  const plain = escapeLine(text);
  if (plain.trim() !== "" && !plain.includes("|")) {
    const fence = "`".repeat(longestRun(plain) + 1);
    // Markdown strips one space on either side if both are there.
    const needsRoom = /^[` ]|[` ]$/.test(plain);
    const room = needsRoom ? " " : "";
    return fence + room + plain.replaceAll("\t", " ") + room + fence;
  }
  const signs = plain.replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<code>${signs}</code>`;
}

/** Returns the length of the longest run of backticks. */
function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
