import { type Growth, LEAK_ALPHA, type LeakReport, type LeakRow } from "../../report/leak.js";
import type { Cell, Column, DataReport, JsonObject, JsonValue } from "../data/model.js";
import { NODE_COLUMNS, nodeCells, nodeFields } from "../data/node-ref.js";

const COLUMNS: readonly Column[] = [
  { name: "name", title: "function", kind: "text" },
  { name: "growth", title: "growth", kind: "value" },
  { name: "noise", title: "noise", kind: "value" },
  { name: "objects", title: "objects", kind: "number" },
  { name: "allocated", title: "allocated", kind: "value" },
  { name: "freed", title: "freed", kind: "value" },
  { name: "p", title: undefined, kind: "number" },
  { name: "real", title: "real", kind: "word" },
  { name: "unit", title: undefined, kind: "text" },
  ...NODE_COLUMNS,
];

/** Converts the growth to data. In the table, the first row is the total. */
export function leakData(report: LeakReport, legend: readonly string[]): DataReport {
  return {
    schema: "tsprof/leak/1",
    head: {
      unit: "bytes",
      seconds: report.seconds,
      interval: report.intervalBytes,
      alpha: LEAK_ALPHA,
      knows_turnover: report.knowsTurnover,
      total: growthFields(report.total),
    },
    itemsField: "rows",
    items: () => report.rows.map(rowFields),
    table: {
      columns: COLUMNS,
      format: { from: "bytes", to: "auto", ratio: 1 },
      *rows(): Generator<Cell[]> {
        // The row of the total has an empty name, which no function has.
        yield ["", ...cellsOf(report.total)];
        for (const row of report.rows) yield [row.name, ...cellsOf(row), ...nodeCells(row)];
      },
    },
    legend,
  };
}

function rowFields(row: LeakRow): JsonValue {
  return { ...nodeFields(row), ...growthFields(row), callers: row.callers.map(nodeFields) };
}

function growthFields({ growth, objects, allocated, freed, noise, p, isReal }: Growth): JsonObject {
  return {
    growth,
    objects,
    allocated,
    freed,
    noise: Math.round(noise),
    p: p ?? null,
    real: isReal,
  };
}

function cellsOf({ growth, objects, allocated, freed, noise, p, isReal }: Growth): Cell[] {
  return [growth, Math.round(noise), objects, allocated, freed, p, isReal, "bytes"];
}
