import { ProfileBuilder } from "../../profile/profile-builder.js";
import type { Format } from "../format.js";
import { JsonInput, type JsonObject, jsonStart, outermostKeys } from "../json.js";
import { ScriptFrames } from "../script-frames.js";
import { StackSums } from "../stack-sums.js";
import { V8_CPU_TYPES, v8Header } from "../v8/cpu.js";
import { addV8Samples, noTotals, reportMissing } from "../v8/cpu-samples.js";
import { parseTrace } from "./ending.js";
import { readTraceSlices } from "./events.js";
import { hermes } from "./hermes.js";
import { ThreadNames, type TraceId, traceId } from "./threads.js";

const OPEN_LIST = 0x5b;

/**
 * Traces in the format of Chrome's tracing: a list of events, or an object with such a list. Traces
 * of Chrome's Performance panel contain V8 samples; then other events are ignored. Other tools write
 * slices (see {@link readTraceSlices}). The labels `thread`, `tid` and `pid` identify threads.
 */
export const chromeTrace: Format = {
  name: "Chrome trace",

  detect(bytes) {
    const isList = bytes[jsonStart(bytes)] === OPEN_LIST;
    for (const key of outermostKeys(bytes)) {
      if (key === (isList ? "ph" : "traceEvents")) return !hermes.detect(bytes);
    }
    return false;
  },

  read(bytes, budget, warn) {
    const json = new JsonInput(this.name, budget);
    const whole = parseTrace(json, bytes, warn);
    const events = Array.isArray(whole)
      ? whole
      : json.list(json.object(whole, "the trace").traceEvents, "traceEvents");
    const { threads, names } = readEvents(json, events);
    if (threads.length === 0) return readTraceSlices(json, events, names, warn);
    const builder = new ProfileBuilder(V8_CPU_TYPES, budget);
    const frames = new ScriptFrames(builder, budget);
    const sums = new StackSums(builder, V8_CPU_TYPES.length, budget);
    const starts = threads.flatMap(({ startTime }) => startTime ?? []);
    const origin = starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    let duration = 0;
    const totals = noTotals();
    for (const thread of threads) {
      const { startTime = 0 } = thread;
      const endTime = thread.startTime === undefined ? undefined : thread.endTime;
      const labels = sums.labels(names.labels(thread.pid, thread.tid));
      // Without the beginning of a thread's profile, times of its samples are only relative.
      const isTimed = thread.startTime !== undefined;
      const samples = { ...thread, startTime, endTime, origin: isTimed ? origin : startTime };
      addV8Samples(json, samples, frames, sums, budget, labels, totals);
      duration = Math.max(duration, (endTime ?? startTime) - startTime);
    }
    reportMissing(json, totals, warn);
    sums.finish();
    const nanos = Math.round(duration * 1000);
    const isKnown =
      Number.isSafeInteger(nanos) && threads.filter(({ nodes }) => nodes.length > 0).length === 1;
    return builder.finish({
      ...v8Header(isKnown ? nanos : 0, totals),
      durationNanos: Number.isSafeInteger(nanos) ? nanos : 0,
    });
  },
};

/** The memory of a thread and of an entry of its lists, in bytes. */
const THREAD_BYTES = 400;
const ENTRY_BYTES = 12;

/** The samples of one thread, joined from chunks. */
interface Thread {
  readonly pid: TraceId;
  tid: TraceId;
  readonly nodes: unknown[];
  readonly samples: unknown[];
  readonly timeDeltas: unknown[];
  lines: unknown[] | undefined;
  /** Undefined if the trace lacks the beginning of the profile. */
  startTime: number | undefined;
  endTime: number | undefined;
}

/** Returns the sampled threads, and the names of threads. */
function readEvents(
  json: JsonInput,
  events: readonly unknown[],
): { threads: Thread[]; names: ThreadNames } {
  const threads: Thread[] = [];
  const current = new Map<string, Thread>();
  const names = new ThreadNames();
  const threadOf = (event: JsonObject, isStart: boolean): Thread => {
    const pid = traceId(event.pid);
    const tid = traceId(event.tid);
    const key = JSON.stringify([pid, traceId(event.id) ?? tid, traceId(event.scope)]);
    let thread = current.get(key);
    // Ids are used again: data before a start belongs to an earlier profile.
    if (!thread || isStart) {
      json.budget.chargeText(key);
      json.budget.charge(THREAD_BYTES);
      thread = {
        pid,
        tid,
        nodes: [],
        samples: [],
        timeDeltas: [],
        lines: undefined,
        startTime: undefined,
        endTime: undefined,
      };
      current.set(key, thread);
      threads.push(thread);
    }
    return thread;
  };
  const samples: JsonObject[] = [];
  for (const entry of events) {
    const event = json.object(entry, "an event");
    const { name } = event;
    names.add(json, event);
    if (name !== "Profile" && name !== "ProfileChunk" && name !== "CpuProfile") continue;
    const data = (event.args as JsonObject | undefined | null)?.data;
    // Programs may write other events with the same name.
    if (typeof data !== "object" || data === null) continue;
    json.budget.charge(ENTRY_BYTES);
    samples.push(event);
  }
  // Chrome writes the events of each thread in order, but not those of different threads.
  if (samples.every(({ ts }) => typeof ts === "number")) {
    samples.sort((a, b) => Number(a.ts) - Number(b.ts));
  }
  for (const event of samples) {
    const { name } = event;
    const data = (event.args as JsonObject).data as JsonObject;
    const thread = threadOf(event, name === "Profile");
    if (name === "Profile") {
      // Chunks are written by a profiler thread; this event comes from the sampled thread.
      thread.tid = traceId(event.tid);
      thread.startTime = json.number(data.startTime, "startTime", 0);
    }
    addChunk(json, thread, json.object(data, "args.data"));
  }
  return { threads, names };
}

function addChunk(json: JsonInput, thread: Thread, data: JsonObject): void {
  const profile = json.object(data.cpuProfile ?? {}, "cpuProfile");
  const append = (list: unknown[], value: unknown, what: string) => {
    const added = json.list(value, what, true);
    json.budget.charge(added.length * ENTRY_BYTES);
    for (const entry of added) list.push(entry);
  };
  const before = thread.samples.length;
  append(thread.nodes, profile.nodes, "nodes");
  append(thread.samples, profile.samples, "samples");
  append(thread.timeDeltas, data.timeDeltas ?? profile.timeDeltas, "timeDeltas");
  const lines = data.lines ?? profile.lines;
  // V8 omits the lines of a chunk if none of them is known.
  if (lines !== undefined) {
    thread.lines ??= [];
    padLines(thread.lines, before);
    append(thread.lines, lines, "lines");
  }
  if (thread.lines) padLines(thread.lines, thread.samples.length);
  if (profile.startTime !== undefined) {
    thread.startTime = json.number(profile.startTime, "startTime");
  }
  const endTime = profile.endTime ?? data.endTime;
  if (endTime !== undefined) thread.endTime = json.number(endTime, "endTime");
}

/** Pads `lines` with 0, for unknown lines, up to `count` samples. */
function padLines(lines: unknown[], count: number): void {
  while (lines.length < count) lines.push(0);
}
