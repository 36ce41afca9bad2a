import { METRICS } from "../../report/diff/sides.js";
import type { Breach, Change, DiffReport, DiffRow } from "../../report/diff.js";
import type { Cell, Column, DataReport, JsonObject, JsonValue, Table } from "../data/model.js";
import { NODE_COLUMNS, nodeCells, nodeFields } from "../data/node-ref.js";

/** Converts the comparison to data. In the table, the first row is the total. */
export function diffData(report: DiffReport): DataReport {
  return {
    schema: "tsprof/diff/1",
    head: {
      sample_type: report.type,
      unit: report.unit,
      filters: report.activeFilters,
      normalized: report.isNormalized,
      base: { profiles: report.baseProfiles, samples: report.baseSamples },
      new: { profiles: report.nextProfiles, samples: report.nextSamples },
      samples_are: report.countsSamples ? "samples" : "records",
      alpha: report.alpha,
      min_samples: report.minSamples,
      method: methodFields(report.method),
      tested: report.tested,
      total: changeFields(report.total),
      rules: report.rules,
      broken: report.breaches.map(breachFields),
      missing: report.missing,
      warnings: report.warnings,
    },
    itemsField: "rows",
    items: () => report.rows.map(rowFields),
    table: tableOf(report),
    legend: [],
  };
}

function methodFields(method: DiffReport["method"]): JsonObject {
  switch (method.name) {
    case "permutation":
      return { name: method.name, arrangements: method.arrangements, complete: method.isComplete };
    case "counts":
      return { name: method.name, overdispersion: method.overdispersion, from: method.from };
    case "none":
      return { name: method.name };
  }
}

/** Unknown values are null, such as an unlimited noise. */
function changeFields({ judgement, ...change }: Change): JsonObject {
  return {
    base: change.base,
    new: change.next,
    change: change.change,
    base_share: change.baseShare,
    new_share: change.nextShare,
    p: judgement.p ?? null,
    noise: judgement.noise ?? null,
    real: judgement.isReal,
    base_runs: change.baseRuns,
    new_runs: change.nextRuns,
  };
}

function rowFields(row: DiffRow): JsonValue {
  return {
    ...nodeFields(row),
    presence: row.presence,
    base_samples: row.baseSamples,
    new_samples: row.nextSamples,
    judged: row.isJudged,
    flat: changeFields(row.flat),
    cum: changeFields(row.cum),
  };
}

function breachFields({ rule, metric, name, change }: Breach): JsonObject {
  return { rule, metric, name: name ?? null, change: changeFields(change) };
}

/** The columns of each metric, whose name precedes theirs: `flat_base`, `flat_new` and so on. */
const METRIC_COLUMNS = [
  { name: "base", kind: "value" },
  { name: "new", kind: "value" },
  { name: "change", kind: "value" },
  { name: "base_share", kind: "number" },
  { name: "new_share", kind: "number" },
  { name: "p", kind: "number" },
  { name: "real", kind: "word" },
] as const;

const COLUMNS: readonly Column[] = [
  { name: "name", title: "name", kind: "text" },
  { name: "presence", title: "presence", kind: "word" },
  ...METRICS.flatMap((metric) =>
    METRIC_COLUMNS.map(({ name, kind }) => ({ name: `${metric}_${name}`, title: name, kind })),
  ),
  { name: "unit", title: "unit", kind: "text" },
  { name: "base_samples", title: "base samples", kind: "number" },
  { name: "new_samples", title: "new samples", kind: "number" },
  ...NODE_COLUMNS,
];

function tableOf(report: DiffReport): Table {
  const { total, rows, unit, baseSamples, nextSamples } = report;
  return {
    columns: COLUMNS,
    format: { from: unit, to: "auto", ratio: 1 },
    *rows(): Generator<Cell[]> {
      // The row of the total has an empty name, which no function has.
      const whole = METRICS.flatMap(() => cellsOf(total));
      yield ["", "total", ...whole, unit, baseSamples, nextSamples];
      for (const row of rows) {
        const cells = METRICS.flatMap((metric) => cellsOf(row[metric]));
        const counts = [row.baseSamples, row.nextSamples];
        yield [row.name, row.presence, ...cells, unit, ...counts, ...nodeCells(row)];
      }
    },
  };
}

function cellsOf({ base, next, change, baseShare, nextShare, judgement }: Change): Cell[] {
  return [base, next, change, baseShare, nextShare, judgement.p, judgement.isReal];
}
