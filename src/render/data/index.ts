import { renderCsv, renderTsv } from "./delimited.js";
import { renderJson } from "./json.js";
import { renderMarkdown } from "./markdown.js";
import type { DataReport } from "./model.js";

export type DataFormat = "json" | "csv" | "tsv" | "markdown";

const RENDERERS: Record<
  DataFormat,
  (report: DataReport, isExact: boolean) => Iterable<string | Uint8Array>
> = {
  json: renderJson,
  csv: ({ table }, isExact) => renderCsv(table, isExact),
  tsv: ({ table }, isExact) => renderTsv(table, isExact),
  markdown: renderMarkdown,
};

/** With `isExact`, text in csv and tsv is not made safe for spreadsheets and terminals. */
export function renderData(
  format: DataFormat,
  report: DataReport,
  isExact = false,
): Iterable<string | Uint8Array> {
  return RENDERERS[format](report, isExact);
}
