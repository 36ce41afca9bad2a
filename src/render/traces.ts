import { compareUtf8 } from "../profile/utf8.js";
import type { Trace, TraceLabel, TracesReport } from "../report/traces.js";
import { formatValue } from "../report/value-format.js";
import { type FormatTime, profileLines } from "./legend.js";
import { padLeft } from "./pad.js";
import { joinIntoPieces } from "./pieces.js";

const SEPARATOR = "-----------+-------------------------------------------------------";

/** The width of values and of label keys. Longer ones shift the rest of the line. */
const COLUMN = 10;

/** Prints the traces in pieces, byte for byte as pprof does. */
export function renderTraces(report: TracesReport, formatTime: FormatTime): Generator<string> {
  return joinIntoPieces(traceLines(report, formatTime));
}

function* traceLines(report: TracesReport, formatTime: FormatTime): Generator<string> {
  const { legend, format, total } = report;
  yield profileLines(legend, formatTime, formatValue(format, total)).join("\n");
  for (const trace of report.traces()) {
    yield SEPARATOR;
    yield* labelLines(trace.texts);
    yield* labelLines(trace.numbers);
    yield* frameLines(trace, formatValue(format, trace.value));
  }
  yield SEPARATOR;
}

function labelLines(labels: readonly TraceLabel[]): string[] {
  return labels
    .map(({ key, values }) => `${padLeft(key, COLUMN)}:  ${values.join(" ")}`)
    .sort(compareUtf8);
}

function* frameLines({ frames }: Trace, value: string): Generator<string> {
  let amount = padLeft(value, COLUMN);
  for (const { name, inlined } of frames) {
    yield `${amount}   ${name}${inlined ? " (inline)" : ""}`;
    amount = " ".repeat(COLUMN);
  }
}
