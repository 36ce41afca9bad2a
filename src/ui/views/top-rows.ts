import { INLINING_LABEL } from "../../render/top.js";
import type { TopReport } from "../../report/top.js";
import { add, compare, type Int64 } from "../../units/int64.js";
import { textMatcher } from "../search/name-search.js";
import { type Figures, shareText, valueText } from "./figures.js";

export const COLUMNS = ["flat", "flatShare", "sum", "cum", "cumShare", "name", "inlining"] as const;
export type ColumnName = (typeof COLUMNS)[number];

/** A row of the table. `sum` adds up the flat values of this row and those above it. */
export interface Row {
  readonly name: string;
  /** As in reports; see NodeRef. */
  readonly filterName?: string;
  readonly file?: string;
  /** `(inline)`, `(partial-inline)`, or empty. */
  readonly inlining: string;
  readonly isInlined: boolean;
  readonly flat: Int64;
  readonly cum: Int64;
  readonly sum: Int64;
}

export function rowsOf({ rows }: TopReport): Row[] {
  let sum: Int64 = 0;
  return rows.map(({ name, filterName, file, inlining, flat, cum }) => {
    sum = add(sum, flat);
    return {
      name,
      ...(filterName !== undefined && { filterName }),
      ...(file !== undefined && { file }),
      inlining: INLINING_LABEL[inlining].trim(),
      isInlined: inlining === "all",
      flat,
      cum,
      sum,
    };
  });
}

export interface Order {
  readonly column: ColumnName;
  /** `size` sorts by absolute value, largest first, as reports do. */
  readonly direction: "size" | "ascending" | "descending";
}

/** The marks before a column's name in the address. */
const DIRECTION_MARKS = { ascending: "", descending: "-", size: "~" } as const;

/** Writes an order for the address; the report's own order is empty. */
export function orderText(order: Order | undefined): string {
  return order ? DIRECTION_MARKS[order.direction] + order.column : "";
}

/** Reads an order from the address. Returns undefined for the report's own, and for unknown ones. */
export function orderOf(text: string): Order | undefined {
  const [, mark, name] = /^([-~]?)(.*)$/s.exec(text) ?? [];
  const column = COLUMNS.find((known) => known === name);
  const direction = mark === "-" ? "descending" : mark === "~" ? "size" : "ascending";
  return column && { column, direction };
}

/** Sorts rows; equal ones keep their order. */
export function ordered(rows: readonly Row[], { column, direction }: Order): Row[] {
  const factor = direction === "ascending" ? 1 : -1;
  const key = keyOf(column);
  if (typeof key === "string") {
    return rows.toSorted((a, b) => factor * (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0));
  }
  if (direction !== "size") return rows.toSorted((a, b) => factor * compare(key(a), key(b)));
  const size = (row: Row) => Math.abs(Number(key(row)));
  return rows.toSorted((a, b) => size(b) - size(a));
}

function keyOf(column: ColumnName): "name" | "inlining" | ((row: Row) => Int64) {
  if (column === "name" || column === "inlining") return column;
  if (column === "sum") return (row) => row.sum;
  return column.startsWith("flat") ? (row) => row.flat : (row) => row.cum;
}

/** Returns the orders that clicks on a column's title go through. */
export function directionsOf(column: ColumnName, hasSigns: boolean): Order["direction"][] {
  if (column === "name" || column === "sum") return ["ascending", "descending"];
  if (column === "inlining") return ["descending", "ascending"];
  return hasSigns ? ["size", "descending", "ascending"] : ["descending", "ascending"];
}

/** Returns a test for rows whose name or inlining matches a search text. */
export function rowFilter(text: string): (row: Row) => boolean {
  if (text === "") return () => true;
  const matches = textMatcher(text);
  return ({ name, inlining }) => matches(name) || (inlining !== "" && matches(inlining));
}

/** Returns the cells of a row as text, in the order of the columns. */
export function cellTexts(figures: Figures, { flat, cum, sum, name, inlining }: Row): string[] {
  const { total } = figures;
  return [
    valueText(figures, flat),
    shareText(flat, total),
    shareText(sum, total),
    valueText(figures, cum),
    shareText(cum, total),
    name,
    inlining,
  ];
}

export const TITLES: Record<ColumnName, string> = {
  flat: "Flat",
  flatShare: "Flat%",
  sum: "Sum%",
  cum: "Cum",
  cumShare: "Cum%",
  name: "Name",
  inlining: "Inlined?",
};

/** Formats a table as tab-separated values, for spreadsheets. */
export function asTsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => {
    const plain = text.replace(/[\t\r\n]/g, " ");
    // Keep spreadsheets from reading a name as a formula; differences stay numbers.
    return /^[=@]|^[+-](?![\d.])/.test(plain) ? `'${plain}` : plain;
  };
  return `${rows.map((row) => row.map(cell).join("\t")).join("\n")}\n`;
}

/** Formats a table as Markdown, with the first five columns aligned right and names escaped. */
export function asMarkdown([head, ...rows]: readonly (readonly string[])[], numbers = 5): string {
  const cell = (text: string) =>
    text.replace(/[\r\n]/g, " ").replace(/[\\`*_{}[\]<>|#!~&$@]/g, "\\$&");
  const line = (row: readonly string[]) => `| ${row.map(cell).join(" | ")} |`;
  const rule = `|${head.map((_, i) => (i < numbers ? "---:|" : "---|")).join("")}`;
  return `${[line(head), rule, ...rows.map(line)].join("\n")}\n`;
}
