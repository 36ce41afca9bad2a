import type { Budget } from "../../profile/budget.js";
import type { Profile } from "../../profile/profile.js";
import { type NewLabel, type NewValueType, ProfileBuilder } from "../../profile/profile-builder.js";
import { counted } from "../counted.js";
import type { WarnReader } from "../format.js";
import type { JsonInput, JsonObject } from "../json.js";
import { ScriptFrames } from "../script-frames.js";
import { NO_STACK, StackSums } from "../stack-sums.js";
import { MAX_MICROS } from "../v8/cpu-samples.js";
import { argumentsOf, TraceFrames } from "./frames.js";
import {
  mergeSlices,
  OpenSlices,
  pairMarks,
  type Slice,
  type SliceMark,
  type SliceSink,
  sortComplete,
} from "./slices.js";
import { type ThreadNames, type TraceId, traceId } from "./threads.js";

/** The number of slices, and the wall time in which a slice is the innermost one of its thread. */
const SLICE_TYPES: readonly NewValueType[] = [
  { type: "calls", unit: "count" },
  { type: "wall", unit: "nanoseconds" },
];

/** The memory of an event, and of a thread, in bytes. */
const EVENT_BYTES = 120;
const THREAD_BYTES = 400;

/** The charge for each stack that is rebuilt without its caller. It bounds the time, too. */
const REBUILT_BYTES = 64;

/** Arguments that become labels. Bazel writes them for actions. */
const LABEL_ARGUMENTS = ["target", "mnemonic"] as const;

interface Thread {
  readonly pid: TraceId;
  readonly tid: TraceId;
  /** Begin and end events, and complete events, with times in microseconds. */
  readonly marks: { micros: number; event: JsonObject }[];
  readonly complete: { micros: number; event: JsonObject }[];
}

/** Numbers of events that are skipped. */
interface Skipped {
  /** Slices and ends without a valid time. */
  untimed: number;
  begins: number;
  ends: number;
}

/**
 * Reads the slices of a trace: spans of time that threads spent in functions or tasks, as viztracer,
 * tsc, clang, nx and Bazel write them. The stack of a slice are the slices of its thread that were
 * open. The label `category` is the slice's, if the trace has several categories. The labels
 * `target` and `mnemonic` also apply to all slices inside the slice that has them.
 */
export function readTraceSlices(
  json: JsonInput,
  events: readonly unknown[],
  names: ThreadNames,
  warn: WarnReader,
): Profile {
  const skipped: Skipped = { untimed: 0, begins: 0, ends: 0 };
  const { threads, first, last, hasCategories } = slicesByThread(json, events, skipped);
  if (threads.length > 0 && last - first > MAX_MICROS)
    throw json.malformed("the ts of an event is out of range");
  const { budget } = json;
  const builder = new ProfileBuilder(SLICE_TYPES, budget);
  const sums = new StackSums(builder, SLICE_TYPES.length, budget);
  const frames = new TraceFrames(new ScriptFrames(builder, budget), budget);
  const traceEnd = nanosBetween(first, last);
  let sliceCount = 0;
  for (const { pid, tid, marks, complete } of threads) {
    const paired = pairMarks(
      marks.map(({ micros, event }): SliceMark => ({ nanos: nanosBetween(first, micros), event })),
      traceEnd,
      skipped,
    );
    const others = complete.map(({ micros, event }): Slice => {
      const start = nanosBetween(first, micros);
      const end = start + nanosBetween(0, Number(event.dur ?? 0));
      return { start, end, event, startOrder: -1, endOrder: -1 };
    });
    sortComplete(others);
    const sink = new StackSink(sums, frames, names.labels(pid, tid), hasCategories, budget);
    const open = new OpenSlices(sink.root, sink);
    sliceCount += paired.length + others.length;
    for (const slice of mergeSlices(paired, others)) open.open(slice);
    open.closeAll();
    sink.flush();
  }
  if (sliceCount === 0) throw noSlices(json, events);
  reportSkipped(skipped, warn);
  sums.finish();
  const [, wall] = SLICE_TYPES;
  return builder.finish({
    defaultSampleType: wall.type,
    periodType: wall,
    durationNanos: traceEnd,
  });
}

function nanosBetween(start: number, end: number): number {
  return Math.round((end - start) * 1000);
}

/** Returns the threads with slices, and the first and the last time of the trace in microseconds. */
function slicesByThread(json: JsonInput, events: readonly unknown[], skipped: Skipped) {
  const threads: Thread[] = [];
  const byProcess = new Map<TraceId, Map<TraceId, Thread>>();
  const categories = new Set<unknown>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const threadOf = (event: JsonObject): Thread => {
    const [pid, tid] = [traceId(event.pid), traceId(event.tid)];
    let process = byProcess.get(pid);
    if (!process) {
      process = new Map();
      byProcess.set(pid, process);
    }
    let thread = process.get(tid);
    if (!thread) {
      json.budget.charge(THREAD_BYTES);
      thread = { pid, tid, marks: [], complete: [] };
      process.set(tid, thread);
      threads.push(thread);
    }
    return thread;
  };
  for (const entry of events) {
    const event = entry as JsonObject;
    const { ph } = event;
    const isComplete = ph === "X";
    if ((!isComplete && ph !== "B" && ph !== "E") || isSummary(event)) continue;
    const micros = timeOf(event.ts);
    const duration = isComplete ? timeOf(event.dur ?? 0) : 0;
    if (micros === undefined || duration === undefined || duration < 0) {
      skipped.untimed++;
      continue;
    }
    json.budget.charge(EVENT_BYTES);
    first = Math.min(first, micros);
    last = Math.max(last, micros + duration);
    if (categories.size < 2 && ph !== "E") categories.add(event.cat);
    const thread = threadOf(event);
    if (isComplete) thread.complete.push({ micros, event });
    else thread.marks.push({ micros, event });
  }
  return { threads, first, last, hasCategories: categories.size > 1 };
}

/** Returns a finite time, which some tools write as text; undefined for other values. */
function timeOf(value: unknown): number | undefined {
  const time = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof time === "number" && Number.isFinite(time) ? time : undefined;
}

/** Tests for clang's sums of all slices of a name, each of which is on a thread of its own. */
function isSummary(event: JsonObject): boolean {
  return (
    typeof event.name === "string" &&
    event.name.startsWith("Total ") &&
    argumentsOf(event)["avg ms"] !== undefined
  );
}

/** Names of phases whose events are not read, for the message that a trace has only those. */
const OTHER_PHASES: readonly (readonly [phases: string, name: string])[] = [
  ["bneSTpF", "async events"],
  ["iI", "instant events"],
  ["C", "counters"],
  ["stf", "flows"],
];

function noSlices(json: JsonInput, events: readonly unknown[]) {
  const phases = new Set(events.map((event) => (event as JsonObject).ph));
  const present = OTHER_PHASES.filter(([of]) => [...of].some((phase) => phases.has(phase)));
  const names = present.map(([, name]) => name);
  const last = names.pop();
  const list = names.length > 0 ? `${names.join(", ")} and ${last}` : last;
  const only = list ? `; it has only ${list}` : "";
  return json.malformed(
    `it has no CPU samples (events named Profile and ProfileChunk) and no slices (B, E, X)${only}`,
  );
}

function reportSkipped({ untimed, begins, ends }: Skipped, warn: WarnReader): void {
  const problems: string[] = [];
  if (untimed > 0) problems.push(`skipped ${counted(untimed, "event")} without a valid time`);
  if (ends > 0) problems.push(`skipped ${counted(ends, "end")} of slices without a beginning`);
  if (begins > 0) {
    problems.push(`${counted(begins, "slice")} without an end last until the caller or trace ends`);
  }
  if (problems.length > 0) warn(problems.join("; "));
}

/** A stack with its labels. */
interface LabelledStack {
  readonly node: number;
  readonly labels: number;
  readonly values: LabelValues;
}

type LabelValues = Readonly<Record<string, string>>;

/** Adds the calls and times of one thread to the sums. */
class StackSink implements SliceSink<LabelledStack> {
  readonly root: LabelledStack;
  readonly #sums: StackSums;
  readonly #frames: TraceFrames;
  readonly #threadLabels: readonly NewLabel[];
  readonly #hasCategories: boolean;
  readonly #budget: Budget;
  /** The slice that opened last, until its call is added to the sums. */
  #called: { readonly stack: LabelledStack; readonly time: number } | undefined;

  constructor(
    sums: StackSums,
    frames: TraceFrames,
    threadLabels: readonly NewLabel[],
    hasCategories: boolean,
    budget: Budget,
  ) {
    this.#sums = sums;
    this.#frames = frames;
    this.#threadLabels = threadLabels;
    this.#hasCategories = hasCategories;
    this.#budget = budget;
    this.root = { node: NO_STACK, labels: sums.labels(threadLabels), values: {} };
  }

  push({ node, labels, values }: LabelledStack, { event }: Slice): LabelledStack {
    const callee = this.#sums.child(node, this.#frames.location(event));
    const own = this.#changedLabels(values, event);
    if (!own) return { node: callee, labels, values };
    const all = { ...values, ...own };
    const added = Object.entries(all).map(([key, text]) => ({ key, text }));
    return {
      node: callee,
      labels: this.#sums.labels([...this.#threadLabels, ...added]),
      values: all,
    };
  }

  call(stack: LabelledStack, time: number): void {
    this.flush();
    this.#called = { stack, time };
  }

  span(stack: LabelledStack, start: number, end: number): void {
    const isCall = this.#called?.stack === stack;
    if (isCall) this.#called = undefined;
    else this.flush();
    const { node, labels } = stack;
    const nanos = end - start;
    this.#sums.observe(start, node, [isCall ? 1 : 0, nanos], labels, nanos);
  }

  /** Adds the call of the last slice, if the slice has not been the innermost one since. */
  flush(): void {
    if (!this.#called) return;
    const { stack, time } = this.#called;
    this.#sums.observe(time, stack.node, [1, 0], stack.labels);
    this.#called = undefined;
  }

  charge(count: number): void {
    this.#budget.charge(count * REBUILT_BYTES);
  }

  /** Returns the labels of a slice that differ from those of its caller; undefined if none does. */
  #changedLabels(inherited: LabelValues, event: JsonObject): LabelValues | undefined {
    let changed: Record<string, string> | undefined;
    const set = (key: string, value: unknown) => {
      if (typeof value !== "string" || value === "" || value === inherited[key]) return;
      changed ??= {};
      changed[key] = value;
    };
    if (this.#hasCategories) set("category", event.cat);
    if (event.args) {
      const args = argumentsOf(event);
      for (const key of LABEL_ARGUMENTS) set(key, args[key]);
    }
    return changed;
  }
}
