import type { Trace, TraceLabel, TracesReport } from "../../report/traces.js";
import { profileFields, rawValue, valueFields } from "./head.js";
import type { Cell, Column, DataReport, JsonValue } from "./model.js";
import { nodeFields } from "./node-ref.js";

const COLUMNS: readonly Column[] = [
  { name: "value", title: "value", kind: "value" },
  { name: "unit", title: undefined, kind: "text" },
  { name: "labels", title: "labels", kind: "text" },
  { name: "stack", title: "stack", kind: "text" },
];

/** Converts the traces to data. In tables, a stack is one cell, root first, as in folded stacks. */
export function tracesData(report: TracesReport, legend: readonly string[]): DataReport {
  const { format, total } = report;
  const raw = rawValue(format);
  return {
    schema: "tsprof/traces/1",
    head: {
      profile: profileFields(report.legend),
      ...valueFields(report.legend.sampleType, format, total),
      filters: report.activeFilters,
    },
    itemsField: "samples",
    *items(): Generator<JsonValue> {
      for (const trace of report.traces()) {
        yield {
          value: raw(trace.value),
          labels: trace.texts.map(({ key, values }) => ({ key, values })),
          numbers: trace.numbers.map(({ key, numbers = [], unit = "" }) => ({
            key,
            values: numbers,
            unit,
          })),
          frames: trace.frames.map((frame) => ({ ...nodeFields(frame), inline: frame.inlined })),
        };
      }
    },
    table: {
      columns: COLUMNS,
      format,
      *rows(): Generator<Cell[]> {
        for (const trace of report.traces()) {
          yield [trace.value, format.from, labelsText(trace), stackText(trace)];
        }
      },
    },
    legend,
  };
}

function labelsText({ texts, numbers }: Trace): string {
  const pairs = ({ key, values }: TraceLabel) => values.map((value) => `${key}=${value}`);
  return [...texts, ...numbers].flatMap(pairs).join(";");
}

function stackText({ frames }: Trace): string {
  return frames
    .map(({ name }) => name)
    .reverse()
    .join(";");
}
