import type { TagsReport, TagValue } from "../../report/tags.js";
import { formatValue } from "../../report/value-format.js";
import { rawValue, valueFields } from "./head.js";
import { type Cell, type Column, type DataReport, fraction, type JsonValue } from "./model.js";

const COLUMNS: readonly Column[] = [
  { name: "key", title: "tag", kind: "text" },
  { name: "value", title: "value", kind: "value" },
  { name: "share", title: "share", kind: "share" },
  { name: "unit", title: undefined, kind: "text" },
  { name: "least", title: undefined, kind: "number" },
  { name: "greatest", title: undefined, kind: "number" },
  { name: "tag_unit", title: undefined, kind: "text" },
  { name: "name", title: "name", kind: "text" },
];

export function tagsData(report: TagsReport, sampleType: string): DataReport {
  const { format, total: whole, tags } = report;
  const raw = rawValue(format);
  const one = ({ name, value, numbers }: TagValue) => ({
    name,
    value: raw(value),
    share: fraction({ part: value, whole }),
    numbers: numbers && { ...numbers },
  });
  return {
    schema: "tsprof/tags/1",
    head: { ...valueFields(sampleType, format, whole), filters: report.activeFilters },
    itemsField: "tags",
    *items(): Generator<JsonValue> {
      for (const { key, total, values } of tags) {
        yield {
          key,
          total: raw(total),
          share: fraction({ part: total, whole }),
          values: values.map(one),
        };
      }
    },
    table: {
      columns: COLUMNS,
      format,
      *rows(): Generator<Cell[]> {
        for (const { key, values } of tags) {
          for (const { name, value, numbers } of values) {
            yield [
              key,
              value,
              { part: value, whole },
              format.from,
              numbers?.least,
              numbers?.greatest,
              numbers?.unit,
              name,
            ];
          }
        }
      },
    },
    legend: [`Total: ${formatValue(format, whole)}`],
  };
}
