import { type NewLabel, ProfileBuilder } from "../profile/profile-builder.js";
import type { Format } from "./format.js";
import { JsonInput, type JsonObject, jsonStart, outermostKeys } from "./json.js";
import { ScriptFrames } from "./script-frames.js";
import { StackSums } from "./stack-sums.js";
import { V8_CPU_TYPES, v8Header } from "./v8-cpu.js";
import { addV8Samples } from "./v8-cpu-samples.js";

const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;

/**
 * What Chrome's tracing and its Performance panel write, where there are samples of V8 in
 * it: a list of events, or an object with one. Each thread that was sampled is told by the
 * labels `thread`, `tid` and `pid`; events other than samples have no place here.
 */
export const chromeTrace: Format = {
  name: "Chrome trace",

  detect(bytes) {
    const isList = bytes[jsonStart(bytes)] === OPEN_LIST;
    for (const key of outermostKeys(bytes)) {
      if (key === (isList ? "ph" : "traceEvents")) return true;
    }
    return false;
  },

  read(bytes, budget) {
    const json = new JsonInput(this.name, budget);
    const { input, ending } = ended(bytes);
    const whole = json.parse(input, ending);
    const events = Array.isArray(whole)
      ? whole
      : json.list(json.object(whole, "the trace").traceEvents, "traceEvents");
    const builder = new ProfileBuilder(V8_CPU_TYPES, budget);
    const frames = new ScriptFrames(builder, budget);
    const sums = new StackSums(builder, V8_CPU_TYPES.length, budget);
    const { threads, names } = readEvents(json, events);
    if (threads.size === 0) {
      throw json.malformed("it has no CPU samples, which are events Profile and ProfileChunk");
    }
    let duration = 0;
    let samples = 0;
    for (const thread of threads.values()) {
      const endTime = thread.endTime;
      addV8Samples(json, thread, frames, sums, budget, sums.labels(labelsOf(thread, names)));
      samples += thread.samples.length;
      duration = Math.max(duration, (endTime ?? thread.startTime) - thread.startTime);
    }
    sums.finish();
    const nanos = Math.round(duration * 1000);
    const isKnown = Number.isSafeInteger(nanos) && threads.size === 1;
    return builder.finish({
      ...v8Header(isKnown ? nanos : 0, samples),
      durationNanos: Number.isSafeInteger(nanos) ? nanos : 0,
    });
  },
};

/** Traces that were broken off lack the end of their list: the format allows that. */
function ended(bytes: Uint8Array): { input: Uint8Array; ending: string } {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] <= 0x20) end--;
  if (bytes[jsonStart(bytes)] !== OPEN_LIST || bytes[end - 1] === CLOSE_LIST) {
    return { input: bytes, ending: "" };
  }
  if (bytes[end - 1] === COMMA) end--;
  return { input: bytes.subarray(0, end), ending: "]" };
}

/** What a thread, and an entry of its lists, takes in memory, in bytes. */
const THREAD_BYTES = 400;
const ENTRY_BYTES = 12;

/** The samples of one thread, put together from the chunks they come in. */
interface Thread {
  readonly pid: string | number | undefined;
  tid: string | number | undefined;
  readonly nodes: unknown[];
  readonly samples: unknown[];
  readonly timeDeltas: unknown[];
  lines: unknown[] | undefined;
  startTime: number;
  endTime: number | undefined;
}

/** The threads that were sampled, and what threads are called. */
function readEvents(
  json: JsonInput,
  events: readonly unknown[],
): { threads: Map<string, Thread>; names: Map<string, string> } {
  const threads = new Map<string, Thread>();
  const names = new Map<string, string>();
  const threadOf = (event: JsonObject): Thread => {
    const pid = plain(event.pid);
    const tid = plain(event.tid);
    const key = JSON.stringify([pid, plain(event.id) ?? tid, plain(event.scope)]);
    let thread = threads.get(key);
    if (!thread) {
      json.budget.chargeText(key);
      json.budget.charge(THREAD_BYTES);
      thread = {
        pid,
        tid,
        nodes: [],
        samples: [],
        timeDeltas: [],
        lines: undefined,
        startTime: 0,
        endTime: undefined,
      };
      threads.set(key, thread);
    }
    return thread;
  };
  for (const entry of events) {
    const event = json.object(entry, "an event");
    const { name } = event;
    if (name === "thread_name") {
      const { name: text } = json.object(event.args, "the args of thread_name");
      names.set(threadKey(event), json.text(text, "the name of a thread"));
    }
    if (name !== "Profile" && name !== "ProfileChunk" && name !== "CpuProfile") continue;
    const data = (event.args as JsonObject | undefined | null)?.data;
    // Programs may have events of their own of that name.
    if (typeof data !== "object" || data === null) continue;
    const thread = threadOf(event);
    if (name === "Profile") {
      // Chunks come from a thread of the profiler; this is the one that was sampled.
      thread.tid = plain(event.tid);
      thread.startTime = json.number((data as JsonObject).startTime, "startTime", 0);
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
  // V8 leaves the lines of a chunk out where none of them is known.
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

/** Gives samples whose lines are not known the line 0, so that there are lines for `count` samples. */
function padLines(lines: unknown[], count: number): void {
  while (lines.length < count) lines.push(0);
}

function threadKey({ pid, tid }: JsonObject): string {
  return JSON.stringify([plain(pid), plain(tid)]);
}

/** `value` where it is one that an id has; lists and objects are none. */
function plain(value: unknown): string | number | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

function labelsOf(thread: Thread, names: ReadonlyMap<string, string>): NewLabel[] {
  const { pid, tid } = thread;
  const name = names.get(threadKey({ pid, tid })) || `thread ${tid}`;
  const numbers: NewLabel[] = [];
  for (const [key, value] of Object.entries({ tid, pid })) {
    const number = Number(value);
    if (Number.isSafeInteger(number)) numbers.push({ key, number, unit: "id" });
  }
  return [{ key: "thread", text: name }, ...numbers];
}
