import type { ViewExport } from "../contract.js";
import { asMarkdown, asTsv } from "./top-rows.js";

/** Rows of texts; the first one has the titles of the columns. */
export type TextTable = readonly (readonly string[])[];

/** Returns the forms of a table; `numbers` is the count of its first columns that are numbers. */
export function tableExports(table: () => TextTable, numbers: number): readonly ViewExport[] {
  return [
    { label: "Markdown", ending: "md", make: () => asMarkdown(table(), numbers) },
    { label: "TSV", ending: "tsv", make: () => asTsv(table()) },
  ];
}
