import type { ChalkInstance } from "chalk";
import { type FormatTime, profileLines } from "../render/legend.js";
import { joinIntoPieces } from "../render/pieces.js";
import type { Trace, TraceFrame, TraceLabel, TracesReport } from "../report/traces.js";
import { formatValue } from "../report/value-format.js";
import { MIN_NAME, oneLine, shorten, shortenName, widthOf } from "./fit.js";
import { heat, share, terminalStyle } from "./style.js";
import type { Terminal } from "./terminal.js";

/** The width of values, in columns. Longer ones move the first frame to the right. */
const VALUE_WIDTH = 10;
const GAP = 2;

/** The longest line between traces. */
const MAX_RULE_WIDTH = 72;

const INLINED = " (inline)";

/** Draws the traces in pieces: values beside their stacks, and everything else dimmed. */
export function drawTraces(
  report: TracesReport,
  formatTime: FormatTime,
  { width, env }: Terminal,
): Iterable<string> {
  return joinIntoPieces(new TraceDrawer(report, terminalStyle(env), width).lines(formatTime));
}

class TraceDrawer {
  readonly #report: TracesReport;
  readonly #style: ChalkInstance;
  readonly #width: number;
  /** The drawn frames, as most frames occur in many traces. */
  readonly #frames = new Map<TraceFrame, string>();

  constructor(report: TracesReport, style: ChalkInstance, width: number) {
    this.#report = report;
    this.#style = style;
    this.#width = width;
  }

  *lines(formatTime: FormatTime): Generator<string> {
    const { legend, format, total } = this.#report;
    for (const line of profileLines(legend, formatTime, formatValue(format, total))) {
      yield this.#style.dim(shorten(oneLine(line.trimEnd()), this.#width));
    }
    const rule = this.#style.dim("─".repeat(Math.min(this.#width, MAX_RULE_WIDTH)));
    let count = 0;
    for (const trace of this.#report.traces()) {
      yield rule;
      yield* this.#labels(trace.texts);
      yield* this.#labels(trace.numbers);
      yield* this.#stack(trace);
      count++;
    }
    yield count === 0 ? this.#style.dim("None of the samples has a stack.") : rule;
  }

  #labels(labels: readonly TraceLabel[]): string[] {
    const texts = labels.map(({ key, values }) => oneLine(`${key}: ${values.join(" ")}`));
    return texts.sort().map((text) => {
      return " ".repeat(VALUE_WIDTH + GAP) + this.#style.dim(shorten(text, this.#nameWidth()));
    });
  }

  *#stack({ value, frames }: Trace): Generator<string> {
    const { format, total } = this.#report;
    const text = formatValue(format, value);
    const blank = " ".repeat(Math.max(0, VALUE_WIDTH - widthOf(text)));
    let start = blank + heat(this.#style, share(value, total))(text);
    for (const frame of frames) {
      yield start + " ".repeat(GAP) + this.#frame(frame);
      start = " ".repeat(VALUE_WIDTH);
    }
  }

  #frame(frame: TraceFrame): string {
    let text = this.#frames.get(frame);
    if (text === undefined) {
      const label = frame.inlined ? INLINED : "";
      const name = shortenName(oneLine(frame.name), this.#nameWidth() - label.length);
      text = label === "" ? name : name + this.#style.dim(label);
      this.#frames.set(frame, text);
    }
    return text;
  }

  #nameWidth(): number {
    return Math.max(MIN_NAME, this.#width - VALUE_WIDTH - GAP);
  }
}
