import { type Budget, MAP_ENTRY_BYTES } from "../../profile/budget.js";
import { ProfileBuilder } from "../../profile/profile-builder.js";
import { anonymousName, scriptFile } from "../../profile/script-names.js";
import type { Format } from "../format.js";
import { JsonInput, type JsonObject, outermostFields, outermostKeys } from "../json.js";
import { ScriptFrames } from "../script-frames.js";
import { NO_STACK, StackSums } from "../stack-sums.js";
import { V8_CPU_TYPES, v8Header } from "../v8/cpu.js";
import { MAX_MICROS, noTotals, reportMissing } from "../v8/cpu-samples.js";
import { ThreadNames, threadKey, traceId } from "./threads.js";

/** Hermes writes little before the samples: the names of the process and its threads. */
const MAX_BYTES_BEFORE_SAMPLES = 1 << 16;

/** The memory of a sample, of a thread, and of a resolved stack frame, in bytes. */
const SAMPLE_BYTES = 48;
const THREAD_BYTES = 100;
const STACK_BYTES = MAP_ENTRY_BYTES + 40;

/** The category of the frame at the root, which is no function. */
const ROOT = "root";

/**
 * Profiles of Hermes, React Native's JavaScript engine: a trace with `samples`, which refer to
 * `stackFrames`, which refer to their callers. As in V8's profiles, the value of a sample is the
 * time until the next one. The labels `thread`, `tid` and `pid` identify the sampled threads.
 */
export const hermes: Format = {
  name: "Hermes profile",

  detect(bytes) {
    const beginning = bytes.subarray(0, MAX_BYTES_BEFORE_SAMPLES);
    for (const { key, valueAt } of outermostFields(beginning)) {
      if (key === "samples") return refersToStackFrame(bytes.subarray(valueAt));
      if (key !== "traceEvents" && key !== "stackFrames") return false;
    }
    return false;
  },

  read(bytes, budget, warn) {
    const json = new JsonInput(this.name, budget);
    const file = json.object(json.parse(bytes), "the profile");
    const names = new ThreadNames();
    for (const event of json.list(file.traceEvents, "traceEvents", true)) {
      names.add(json, json.object(event, "an event"));
    }
    const threads = samplesByThread(json, json.list(file.samples, "samples"));
    const builder = new ProfileBuilder(V8_CPU_TYPES, budget);
    const sums = new StackSums(builder, V8_CPU_TYPES.length, budget);
    const stacks = new Stacks(json, file.stackFrames, new ScriptFrames(builder, budget), sums);
    const totals = noTotals();
    let origin = Number.POSITIVE_INFINITY;
    for (const [{ micros }] of threads.values()) origin = Math.min(origin, micros);
    let duration = 0;
    // The time of a thread's last sample is unknown, and counts as 0.
    for (const samples of threads.values()) {
      const [{ pid, tid }] = samples;
      const labels = sums.labels(names.labels(traceId(pid), traceId(tid)));
      const end = samples[samples.length - 1].micros;
      if (end - origin > MAX_MICROS) throw json.malformed("the ts of a sample is out of range");
      duration = Math.max(duration, end - origin);
      for (let i = 0; i < samples.length; i++) {
        const stack = stacks.get(samples[i].frame);
        if (!stack) {
          totals.skipped++;
          continue;
        }
        const micros = (samples[i + 1]?.micros ?? end) - samples[i].micros;
        const time = (samples[i].micros - origin) * 1000;
        sums.observe(time, stack.id, [1, Math.round(micros * 1000)], labels);
        totals.count++;
        totals.micros += micros;
        if (stack.isIncomplete) totals.incomplete++;
      }
    }
    reportMissing(json, totals, warn);
    sums.finish();
    const nanos = Math.round(duration * 1000);
    return builder.finish({
      ...v8Header(threads.size === 1 ? nanos : 0, totals),
      durationNanos: nanos,
    });
  },
};

/** Tests whether the first sample of a list refers to a stack frame. */
function refersToStackFrame(samples: Uint8Array): boolean {
  for (const key of outermostKeys(samples)) if (key === "sf") return true;
  return false;
}

interface Sample {
  readonly pid: unknown;
  readonly tid: unknown;
  readonly micros: number;
  /** The id of the innermost stack frame. */
  readonly frame: unknown;
}

/** Returns the samples of each thread, sorted by time. */
function samplesByThread(json: JsonInput, list: readonly unknown[]): Map<string, Sample[]> {
  json.budget.charge(list.length * SAMPLE_BYTES);
  const threads = new Map<string, Sample[]>();
  for (const entry of list) {
    const { pid, tid, ts, sf } = json.object(entry, "a sample");
    const sample = { pid, tid, micros: numberOf(json, ts, "the ts of a sample"), frame: sf };
    const key = threadKey({ pid, tid });
    const samples = threads.get(key);
    if (samples) {
      samples.push(sample);
    } else {
      json.budget.chargeText(key);
      json.budget.charge(THREAD_BYTES);
      threads.set(key, [sample]);
    }
  }
  for (const samples of threads.values()) samples.sort((a, b) => a.micros - b.micros);
  return threads;
}

interface Stack {
  /** The number of the stack in the sums. */
  readonly id: number;
  /** Whether callers are missing. */
  readonly isIncomplete: boolean;
}

/** The stacks of stack frames by id, which are built when a sample refers to them. */
class Stacks {
  readonly #json: JsonInput;
  readonly #budget: Budget;
  readonly #frames: JsonObject;
  readonly #functions: ScriptFrames;
  readonly #sums: StackSums;
  readonly #stacks = new Map<string, Stack>();

  constructor(json: JsonInput, stackFrames: unknown, functions: ScriptFrames, sums: StackSums) {
    this.#json = json;
    this.#budget = json.budget;
    this.#frames = json.object(stackFrames, "stackFrames");
    this.#functions = functions;
    this.#sums = sums;
  }

  /** Returns the stack of a frame; undefined if there is no frame with this id. */
  get(frame: unknown): Stack | undefined {
    let stack = this.#stacks.get(String(traceId(frame)));
    if (stack) return stack;
    const open: { id: string; frame: JsonObject }[] = [];
    const isOpen = new Set<string>();
    for (let at = frame; !stack; ) {
      const id = String(traceId(at));
      stack = this.#stacks.get(id);
      if (stack) break;
      if (isOpen.has(id)) throw this.#json.malformed("the stack frames form a cycle");
      if (!Object.hasOwn(this.#frames, id)) {
        if (open.length === 0) return undefined;
        stack = { id: NO_STACK, isIncomplete: true };
        break;
      }
      this.#budget.charge(STACK_BYTES);
      const found = this.#json.object(this.#frames[id], "a stack frame");
      open.push({ id, frame: found });
      isOpen.add(id);
      at = found.parent;
      if (at === undefined || at === null) stack = { id: NO_STACK, isIncomplete: false };
    }
    for (let next = open.pop(); next && stack; next = open.pop()) {
      stack = this.#called(next.frame, stack);
      this.#stacks.set(next.id, stack);
    }
    return stack;
  }

  #called(frame: JsonObject, caller: Stack): Stack {
    if (frame.category === ROOT) return caller;
    return { ...caller, id: this.#sums.child(caller.id, this.#location(frame)) };
  }

  /** Returns the location of a frame. All positions count from 1, and 0 if they are unknown. */
  #location({ name: given, line, funcLine, funcColumn }: JsonObject) {
    const [name, file] = splitName(this.#json.text(given, "the name of a stack frame"));
    const startLine = positionOf(this.#json, funcLine, "a funcLine");
    const startColumn = positionOf(this.#json, funcColumn, "a funcColumn");
    const fn = this.#functions.frame({
      name: name || anonymousName(file, startLine, startColumn),
      file,
      startLine,
      startColumn,
    });
    return this.#functions.location(fn, positionOf(this.#json, line, "a line"));
  }
}

/** Splits `function(file:line:column)`, as Hermes names frames of scripts. Other names have no file. */
function splitName(name: string): [name: string, file: string] {
  const position = /:\d+:\d+\)$/.exec(name);
  // A file may be in a folder with parentheses, but the name of a function does not contain them.
  const open = name.indexOf("(");
  if (!position || open < 0) return [name, ""];
  return [name.slice(0, open), scriptFile(name.slice(open + 1, position.index))];
}

function positionOf(json: JsonInput, value: unknown, what: string): number {
  return Math.max(0, json.whole(numberOf(json, value ?? 0, what), what));
}

/** Returns a number that Hermes writes as text. */
function numberOf(json: JsonInput, value: unknown, what: string): number {
  return json.number(typeof value === "string" && value !== "" ? Number(value) : value, what);
}
