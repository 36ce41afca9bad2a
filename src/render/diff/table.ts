import { METRICS } from "../../report/diff/sides.js";
import type { Change, DiffReport } from "../../report/diff.js";
import { renderCsv, renderTsv } from "../data/delimited.js";
import type { Cell, Column, Table } from "../data/model.js";

/** The changes as comma-separated values: a row for each function, the total first. */
export const renderDiffCsv = (report: DiffReport) => renderCsv(tableOf(report));

/** The same with tabs. */
export const renderDiffTsv = (report: DiffReport) => renderTsv(tableOf(report));

/** What is told of each metric, after its name: `flat_base`, `flat_new`, and so on. */
const OF_METRIC = [
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
    OF_METRIC.map(({ name, kind }) => ({ name: `${metric}_${name}`, title: name, kind })),
  ),
  { name: "unit", title: "unit", kind: "text" },
  { name: "base_samples", title: "base samples", kind: "number" },
  { name: "new_samples", title: "new samples", kind: "number" },
];

function tableOf(report: DiffReport): Table {
  const { total, rows, unit, baseSamples, nextSamples } = report;
  return {
    columns: COLUMNS,
    format: { from: unit, to: "auto", ratio: 1 },
    *rows(): Generator<Cell[]> {
      // Nothing of the program has an empty name and is the whole.
      const whole = METRICS.flatMap(() => cellsOf(total));
      yield ["", "total", ...whole, unit, baseSamples, nextSamples];
      for (const row of rows) {
        const cells = METRICS.flatMap((metric) => cellsOf(row[metric]));
        yield [row.name, row.presence, ...cells, unit, row.baseSamples, row.nextSamples];
      }
    },
  };
}

function cellsOf({ base, next, change, baseShare, nextShare, judgement }: Change): Cell[] {
  return [base, next, change, baseShare, nextShare, judgement.p, judgement.isReal];
}
