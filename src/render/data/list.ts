import type { ListedFile, ListReport } from "../../report/list.js";
import { formatValue } from "../../report/value-format.js";
import { rawValue, valueFields } from "./head.js";
import { type Cell, type Column, type DataReport, fraction, type JsonValue } from "./model.js";

const COLUMNS: readonly Column[] = [
  { name: "function", title: "function", kind: "text" },
  { name: "file", title: undefined, kind: "text" },
  { name: "line", title: "line", kind: "number" },
  { name: "flat", title: "flat", kind: "value" },
  { name: "cum", title: "cum", kind: "value" },
  { name: "unit", title: undefined, kind: "text" },
  { name: "source", title: "source", kind: "text" },
];

export function listData(report: ListReport, sampleType: string): DataReport {
  const { format, total: whole, functions } = report;
  const raw = rawValue(format);
  const oneFile = ({ file, foundAt, flat, cum, problem, lines }: ListedFile) => ({
    file,
    found_at: foundAt,
    flat: raw(flat),
    cum: raw(cum),
    cum_share: fraction({ part: cum, whole }),
    problem,
    lines: lines.map((line) => ({
      line: line.number,
      flat: raw(line.flat),
      cum: raw(line.cum),
      source: line.text,
    })),
  });
  return {
    schema: "tsprof/list/1",
    head: { ...valueFields(sampleType, format, whole), filters: report.activeFilters },
    itemsField: "functions",
    *items(): Generator<JsonValue> {
      for (const { name, files } of functions) yield { name, files: files.map(oneFile) };
    },
    table: {
      columns: COLUMNS,
      format,
      *rows(): Generator<Cell[]> {
        for (const { name, files } of functions) {
          if (files.length === 0) yield [name];
          for (const { file, flat, cum, lines } of files) {
            // Without source lines, write the sums of the file.
            if (lines.length === 0) yield [name, file, undefined, flat, cum, format.from];
            for (const { number, flat, cum, text } of lines) {
              yield [name, file, number, flat, cum, format.from, text];
            }
          }
        }
      },
    },
    legend: [`Total: ${formatValue(format, whole)}`],
  };
}
