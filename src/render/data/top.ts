import type { TopReport } from "../../report/top.js";
import { add, type Int64 } from "../../units/int64.js";
import { nodesHead, rawValue } from "./head.js";
import { type Cell, type Column, type DataReport, fraction, type JsonValue } from "./model.js";
import { NODE_COLUMNS, nodeCells, nodeFields } from "./node-ref.js";

const COLUMNS: readonly Column[] = [
  { name: "flat", title: "flat", kind: "value" },
  { name: "flat_share", title: "flat%", kind: "share" },
  { name: "sum_share", title: "sum%", kind: "share" },
  { name: "cum", title: "cum", kind: "value" },
  { name: "cum_share", title: "cum%", kind: "share" },
  { name: "unit", title: undefined, kind: "text" },
  { name: "inline", title: "inline", kind: "word" },
  { name: "name", title: "name", kind: "text" },
  ...NODE_COLUMNS,
];

export function topData(report: TopReport, legend: readonly string[]): DataReport {
  const { format, total: whole } = report;
  return {
    schema: "tsprof/top/1",
    head: nodesHead(report),
    itemsField: "rows",
    *items(): Generator<JsonValue> {
      const raw = rawValue(format);
      for (const { row, sum } of withSums(report)) {
        yield {
          ...nodeFields(row),
          inline: row.inlining,
          flat: raw(row.flat),
          flat_share: fraction({ part: row.flat, whole }),
          sum_share: fraction({ part: sum, whole }),
          cum: raw(row.cum),
          cum_share: fraction({ part: row.cum, whole }),
        };
      }
    },
    table: {
      columns: COLUMNS,
      format,
      *rows(): Generator<Cell[]> {
        for (const { row, sum } of withSums(report)) {
          const { name, inlining, flat, cum } = row;
          yield [
            flat,
            { part: flat, whole },
            { part: sum, whole },
            cum,
            { part: cum, whole },
            format.from,
            inlining,
            name,
            ...nodeCells(row),
          ];
        }
      },
    },
    legend,
  };
}

/** Returns the rows, each with the sum of the flat values up to and including it. */
function* withSums({ rows }: TopReport): Generator<{ row: TopReport["rows"][number]; sum: Int64 }> {
  let sum: Int64 = 0;
  for (const row of rows) {
    sum = add(sum, row.flat);
    yield { row, sum };
  }
}
