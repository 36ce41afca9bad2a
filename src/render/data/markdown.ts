import { formatValue, type ValueFormat } from "../../report/value-format.js";
import { percentage } from "../../units/percentage.js";
import { asLogLine, inOneLine } from "../controls.js";
import { inPieces } from "../pieces.js";
import { plainUnit } from "../plain-unit.js";
import type { Cell, Column, DataReport, Table } from "./model.js";

/**
 * A report as Markdown of GitHub's kind: its legend, and a table with numbers as people read
 * them, aligned to the right. Nothing in a name is taken for markup, a mention or a link.
 */
export function renderMarkdown({ legend, table }: DataReport): Generator<string> {
  return inPieces(markdownLines(legend, table));
}

function* markdownLines(legend: readonly string[], table: Table): Generator<string> {
  if (legend.length > 0) {
    yield* fenced(legend);
    yield "";
  }
  yield* markdownTable(table);
}

/** Lines as they are, in a block that none of them can end; none is a command where builds run. */
export function* fenced(lines: readonly string[]): Generator<string> {
  const text = lines
    .flatMap((line) => line.split("\n"))
    .map(asLogLine)
    .join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  yield `${fence}text`;
  yield text;
  yield fence;
}

/** The lines of a table; columns without a title are left out. */
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

/** A column of a table in Markdown; what is no text is aligned to the right. */
export interface TableColumn {
  readonly title: string;
  readonly isText: boolean;
}

/** The lines of a table whose cells are Markdown already, without a `|` that is not meant. */
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
  // People need not read in every row that there is nothing to say.
  if (cell === undefined || cell === "" || (kind === "word" && cell === "none")) return "";
  if (typeof cell === "object") return percentage(cell.part, cell.whole).trim();
  if (typeof cell === "string") return kind === "text" ? code(cell) : cell;
  if (typeof cell === "boolean") return cell ? "yes" : "";
  return kind === "value" ? formatValue(format, cell) : String(cell);
}

/**
 * Text as code, in which nothing is a mention or a link. A table is taken apart at its pipes
 * before anything else, so that text with one goes between tags, every sign in it as a number.
 */
export function code(text: string): string {
  const plain = inOneLine(text);
  if (plain.trim() !== "" && !plain.includes("|")) {
    const fence = "`".repeat(longestRun(plain) + 1);
    // One space on either side is taken off again where both are there.
    const needsRoom = /^[` ]|[` ]$/.test(plain);
    const room = needsRoom ? " " : "";
    return fence + room + plain.replaceAll("\t", " ") + room + fence;
  }
  const signs = plain.replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<code>${signs}</code>`;
}

/** How many backticks follow each other at most. */
function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
