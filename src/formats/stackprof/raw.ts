import type { WarnReader } from "../format.js";
import type { JsonInput, JsonObject } from "../json.js";
import type { ScriptFrame, ScriptFrames } from "../script-frames.js";
import { NO_STACK, type StackSums } from "../stack-sums.js";
import { MAX_MICROS } from "../v8/cpu-samples.js";
import { type LineDealer, lineDealer, onlyLine, type StackprofFrame, valuesOf } from "./frames.js";

/** The values of a sample besides its count. */
interface RawValue {
  /** The value of a sample; undefined if there is only the count. */
  readonly perSample: number | undefined;
  /** Whether the value is wall time, which samples with timestamps measure. */
  readonly isWall: boolean;
}

/** The memory of a frame, in bytes. */
const FRAME_BYTES = 100;

/** A frame with the function that it becomes. */
interface RawFrame extends StackprofFrame {
  readonly script: ScriptFrame;
  readonly dealLines: LineDealer;
}

/**
 * Adds the stacks of `raw`: the number of frames, their ids, root first, and the number of samples,
 * for each change of the stack. The parallel list `raw_lines` of new versions has lines instead of
 * ids. The wall time of a sample is the measured time since the previous one, because stackprof
 * cannot take samples while Ruby is blocked. Returns the duration in nanoseconds, 0 if unknown.
 */
export function addRaw(
  json: JsonInput,
  file: JsonObject,
  known: ReadonlyMap<string, StackprofFrame>,
  scripts: ScriptFrames,
  sums: StackSums,
  { perSample, isWall }: RawValue,
  warn: WarnReader,
): number {
  const raw = json.list(file.raw, "raw");
  const rawLines = json.list(file.raw_lines, "raw_lines", true);
  const hasLines = rawLines.length === raw.length;
  const frames = new Map<string, RawFrame>();
  const frameOf = (id: unknown): RawFrame => {
    const key = String(typeof id === "number" || typeof id === "string" ? id : "");
    let frame = frames.get(key);
    if (!frame) {
      const found = known.get(key);
      if (!found) throw json.malformed("raw refers to a frame that does not exist");
      json.budget.charge(FRAME_BYTES);
      const { name, file: path, startLine } = found;
      const script = scripts.frame({ name, file: path, startLine, startColumn: 0 });
      frame = { ...found, script, dealLines: lineDealer(found) };
      frames.set(key, frame);
    }
    return frame;
  };
  const times = new SampleTimes(json, file);
  for (let at = 0; at < raw.length; ) {
    const depth = json.whole(raw[at], "a number of frames in raw");
    const end = at + 1 + depth;
    if (depth < 0 || end >= raw.length) throw json.malformed("raw ends inside a stack");
    const samples = json.whole(raw[end], "a number of samples in raw");
    if (samples < 0) throw json.malformed("a number of samples in raw is negative");
    let caller = NO_STACK;
    for (let i = at + 1; i < end - 1; i++) {
      const frame = frameOf(raw[i]);
      const line = hasLines ? lineAt(rawLines[i]) : onlyLine(frame);
      caller = sums.child(caller, scripts.location(frame.script, line || undefined));
    }
    const leaf = depth > 0 ? frameOf(raw[end - 1]) : undefined;
    const lines =
      leaf && !hasLines
        ? leaf.dealLines(samples)
        : [{ line: lineAt(rawLines[end - 1]), own: samples }];
    const hasTimes = times.has(samples);
    for (const { line, own } of lines) {
      const stack = leaf
        ? sums.child(caller, scripts.location(leaf.script, line || undefined))
        : caller;
      if (!hasTimes) {
        sums.add(stack, valuesOf(own, perSample));
        continue;
      }
      for (let i = 0; i < own; i++) {
        const { time, delta } = times.next();
        sums.observe(time, stack, isWall ? [1, delta] : valuesOf(1, perSample));
      }
    }
    at = end + 1;
  }
  if (!times.isComplete()) {
    warn("the numbers of samples and of timestamps differ, so that times are incomplete");
  }
  return times.duration;
}

function lineAt(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) ? Math.max(0, value) : 0;
}

const NANOS_PER_MICRO = 1000;

/** The times of samples, which a profile has as lists of microseconds. */
class SampleTimes {
  readonly #json: JsonInput;
  readonly #deltas: readonly unknown[];
  /** Times of a clock without a known beginning; empty in old versions, which have only deltas. */
  readonly #stamps: readonly unknown[];
  #next = 0;
  #lacksTimes = false;
  /** The first timestamp, and the last time since the recording began. */
  #first = 0;
  #micros = 0;

  constructor(json: JsonInput, file: JsonObject) {
    this.#json = json;
    this.#deltas = json.list(file.raw_timestamp_deltas, "raw_timestamp_deltas", true);
    const stamps = json.list(file.raw_sample_timestamps, "raw_sample_timestamps", true);
    this.#stamps = stamps.length === this.#deltas.length ? stamps : [];
  }

  /** The time of the latest sample in nanoseconds. */
  get duration(): number {
    return Math.round(this.#micros * NANOS_PER_MICRO);
  }

  /** Tests whether the next `samples` samples have times. */
  has(samples: number): boolean {
    const isTimed = this.#deltas.length > 0 && this.#next + samples <= this.#deltas.length;
    if (!isTimed) this.#lacksTimes = true;
    return isTimed;
  }

  /** Returns nanoseconds: the time of the next sample, and the time since the previous one. */
  next(): { time: number; delta: number } {
    const json = this.#json;
    const i = this.#next++;
    // A clock that was set back counts as one that stood still.
    const delta = Math.max(0, json.number(this.#deltas[i], "an entry of raw_timestamp_deltas"));
    let micros = this.#micros + delta;
    if (this.#stamps.length > 0) {
      const stamp = json.number(this.#stamps[i], "an entry of raw_sample_timestamps");
      if (i === 0) this.#first = stamp - delta;
      micros = Math.max(0, stamp - this.#first);
    }
    if (Math.max(micros, delta) > MAX_MICROS) {
      throw json.malformed("the time of a sample is out of range");
    }
    this.#micros = Math.max(micros, this.#micros);
    const time = Math.round(micros * NANOS_PER_MICRO);
    return { time, delta: Math.round(delta * NANOS_PER_MICRO) };
  }

  /** Tests whether there were as many times as samples, or none. */
  isComplete(): boolean {
    if (this.#deltas.length === 0) return true;
    return !this.#lacksTimes && this.#next === this.#deltas.length;
  }
}
