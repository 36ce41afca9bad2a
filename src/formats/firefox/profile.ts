import type { Profile } from "../../profile/profile.js";
import { type NewLabel, type NewValueType, ProfileBuilder } from "../../profile/profile-builder.js";
import { multiply } from "../../units/int64.js";
import type { WarnReader } from "../format.js";
import type { JsonInput, JsonObject } from "../json.js";
import { StackSums } from "../stack-sums.js";
import { idLabels } from "../trace/threads.js";
import { FirefoxFrames } from "./frames.js";
import type { FirefoxLibraries } from "./libraries.js";
import {
  type FirefoxAllocations,
  type FirefoxStacks,
  type FirefoxThread,
  NONE,
} from "./recording.js";
import { type ResolvedStack, StackResolver } from "./stacks.js";

/** A recording of Firefox or samply, in any version of its formats. */
export interface FirefoxRecording {
  readonly meta: JsonObject;
  readonly threads: readonly FirefoxThread[];
  readonly libraries: FirefoxLibraries;
}

const NANOS_PER_MILLI = 1e6;

/** A hundred days; in nanoseconds still a safe integer. */
const MAX_MILLIS = 2 ** 33;

/** Nanoseconds per unit of CPU time. Other units are cycles, which have no fixed length. */
const CPU_UNITS: ReadonlyMap<unknown, number> = new Map([
  ["ns", 1],
  ["\u00b5s", 1000],
  ["\u03bcs", 1000],
  ["us", 1000],
]);

/** The sample types that recordings can have, in the order of the profile. */
const TYPES = {
  samples: { type: "samples", unit: "count" },
  wall: { type: "wall", unit: "nanoseconds" },
  cpu: { type: "cpu", unit: "nanoseconds" },
  cycles: { type: "cpu", unit: "cycles" },
  space: { type: "space", unit: "bytes" },
  jsAllocated: { type: "js_alloc_space", unit: "bytes" },
  allocated: { type: "alloc_space", unit: "bytes" },
  inUse: { type: "inuse_space", unit: "bytes" },
} satisfies Record<string, NewValueType>;

type TypeName = keyof typeof TYPES;

/** Returns the profile of a recording. Throws a ProfileError if it has no samples. */
export function profileOf(json: JsonInput, recording: FirefoxRecording, warn: WarnReader): Profile {
  return new RecordingSums(json, recording).finish(warn);
}

class RecordingSums {
  readonly #json: JsonInput;
  readonly #meta: JsonObject;
  readonly #threads: readonly FirefoxThread[];
  /** The time between samples, in milliseconds. */
  readonly #interval: number;
  /** The beginning of the recording, in milliseconds since the start of the main process. */
  readonly #start: number;
  /** Nanoseconds per unit of CPU time; undefined for cycles. */
  readonly #cpuUnit: number | undefined;
  readonly #types: readonly TypeName[];
  readonly #builder: ProfileBuilder;
  readonly #sums: StackSums;
  readonly #frames: FirefoxFrames;
  readonly #resolvers = new Map<FirefoxStacks, StackResolver>();
  /** The label sets of the current thread, by category. */
  #labels = new Map<number, number>();
  /** The time of the last sample, in milliseconds. */
  #end: number;

  constructor(json: JsonInput, { meta, threads, libraries }: FirefoxRecording) {
    this.#json = json;
    this.#meta = meta;
    this.#threads = threads;
    this.#interval = Math.min(MAX_MILLIS, Math.max(0, json.number(meta.interval, "interval", 1)));
    this.#start = startOf(meta, threads);
    this.#end = this.#start;
    const units = json.object(meta.sampleUnits ?? {}, "sampleUnits");
    this.#cpuUnit = CPU_UNITS.get(units.threadCPUDelta);
    this.#types = this.#findTypes(units);
    if (this.#types.length === 0) throw json.malformed("no thread has samples");
    const types = this.#types.map((name) => TYPES[name]);
    this.#builder = new ProfileBuilder(types, json.budget);
    this.#sums = new StackSums(this.#builder, types.length, json.budget);
    const product = json.text(meta.product, "product");
    libraries.addMain([threads[0].process, product, "firefox"], this.#builder);
    this.#frames = new FirefoxFrames(json, this.#builder, libraries);
  }

  finish(warn: WarnReader): Profile {
    const cpuType = this.#types.find((name) => name === "cpu" || name === "cycles");
    let threadsWithoutCpu = 0;
    for (const thread of this.#threads) {
      this.#labels = new Map();
      if (thread.samples.weightType === "bytes") this.#addSizes(thread);
      else this.#addSamples(thread, cpuType);
      for (const allocations of thread.allocations) this.#addAllocations(thread, allocations);
      if (cpuType && !thread.samples.cpu && hasStacks(thread)) threadsWithoutCpu++;
    }
    if (threadsWithoutCpu > 0) {
      const threads =
        threadsWithoutCpu === 1 ? "1 thread has" : `${threadsWithoutCpu} threads have`;
      warn(`${threads} no CPU times; -sample_index=wall includes such threads`);
    }
    this.#sums.finish();
    const [first] = this.#types;
    const main = cpuType ?? (this.#types.includes("wall") ? "wall" : first);
    const { startTime } = this.#meta;
    const began = typeof startTime === "number" ? startTime + this.#start : Number.NaN;
    return this.#builder.finish({
      defaultSampleType: TYPES[main].type,
      periodType: TYPES.wall,
      period: toNanos(this.#interval),
      durationNanos: toNanos(this.#end - this.#start),
      timeNanos: Math.abs(began) <= MAX_DATE ? multiply(Math.round(began * 1000), 1000) : 0,
    });
  }

  /** Returns the sample types of the recording. */
  #findTypes(units: JsonObject): TypeName[] {
    const found = new Set<TypeName>();
    for (const thread of this.#threads) {
      const { samples, allocations } = thread;
      if (hasStacks(thread)) {
        if (samples.weightType === "bytes") {
          found.add("space");
        } else {
          found.add("samples");
          if (samples.weightType === "tracing-ms" || samples.millis) found.add("wall");
          const hasCpu = samples.cpu?.some((delta) => delta > 0);
          if (hasCpu && this.#cpuUnit !== undefined) found.add("cpu");
          else if (hasCpu && units.threadCPUDelta !== undefined) found.add("cycles");
        }
      }
      for (const { isJs, addresses, stacks } of allocations) {
        if (stacks.length === 0) continue;
        found.add(isJs ? "jsAllocated" : "allocated");
        if (addresses) found.add("inUse");
      }
    }
    return (Object.keys(TYPES) as TypeName[]).filter((name) => found.has(name));
  }

  /** Adds a thread's samples with their wall times and CPU times. */
  #addSamples(thread: FirefoxThread, cpuType: TypeName | undefined): void {
    const { stacks, millis, weights, weightType, cpu } = thread.samples;
    const isTracing = weightType === "tracing-ms";
    const cpuUnit = this.#cpuUnit ?? 1;
    const [samplesAt, wallAt] = [this.#types.indexOf("samples"), this.#types.indexOf("wall")];
    const cpuAt = cpuType && cpu ? this.#types.indexOf(cpuType) : NONE;
    for (let row = 0; row < stacks.length; row++) {
      // The thread had not begun or was not sampled.
      if (stacks[row] === NONE) continue;
      const weight = weights ? this.#weight(weights[row], isTracing ? MAX_MILLIS : undefined) : 1;
      const values = this.#types.map(() => 0);
      values[samplesAt] = isTracing ? 1 : Math.round(weight);
      if (isTracing) values[wallAt] = toNanos(weight);
      else if (millis) values[wallAt] = this.#wallTime(millis, row);
      if (cpuAt !== NONE && cpu && !Number.isNaN(cpu[row])) {
        const used = this.#weight(cpu[row] * cpuUnit);
        // The first value may include time before the recording.
        const limit = cpuType === "cpu" ? toNanos(this.#interval) : 0;
        values[cpuAt] = Math.round(row === 0 ? Math.min(used, limit) : used);
      }
      this.#add(thread, stacks[row], values, millis?.[row], isTracing ? values[wallAt] : 0);
    }
  }

  /** Adds values of a stack, observed at a time if it is known. */
  #add(
    thread: FirefoxThread,
    stackIndex: number,
    values: readonly number[],
    millis: number | undefined,
    duration = 0,
  ): void {
    if (stackIndex === NONE) return;
    const stack = this.#resolve(thread, stackIndex);
    const labels = this.#labelsOf(thread, stack);
    if (millis === undefined) this.#sums.add(stack.node, values, labels);
    else this.#sums.observe(this.#nanosAt(millis), stack.node, values, labels, duration);
  }

  /** Returns the nanoseconds until the thread's next sample. */
  #wallTime(millis: Float64Array, row: number): number {
    const now = this.#nanosAt(millis[row]);
    const end = row + 1 < millis.length ? millis[row + 1] : millis[row] + this.#interval;
    this.#end = Math.max(this.#end, end);
    return Math.max(0, this.#nanosAt(end) - now);
  }

  /** Returns a time as nanoseconds since the beginning of the recording. */
  #nanosAt(millis: number): number {
    const since = millis - this.#start;
    if (!(Math.abs(since) <= MAX_MILLIS)) {
      throw this.#json.malformed("the time of a sample is out of range");
    }
    return toNanos(since);
  }

  /** Adds the sizes of a size profile, or another tool's allocations. */
  #addSizes(thread: FirefoxThread): void {
    const { stacks, weights } = thread.samples;
    for (let row = 0; row < stacks.length; row++) {
      if (stacks[row] === NONE) continue;
      const bytes = weights ? this.#weight(weights[row]) : 1;
      // The times are positions in the file.
      this.#addBytes("space", thread, stacks[row], bytes, undefined);
    }
  }

  #addAllocations(thread: FirefoxThread, allocations: FirefoxAllocations): void {
    const { isJs, stacks, millis, bytes, addresses } = allocations;
    const rows = Math.min(stacks.length, bytes.length);
    for (let row = 0; row < rows; row++) {
      const size = this.#weight(bytes[row]);
      if (size <= 0) continue;
      const type = isJs ? "jsAllocated" : "allocated";
      this.#addBytes(type, thread, stacks[row], size, millis?.[row]);
    }
    if (!addresses) return;
    this.#json.budget.charge(rows * 80);
    const inUse = new Map<unknown, number>();
    for (let row = 0; row < rows; row++) {
      if (bytes[row] > 0) inUse.set(addresses[row], row);
      else inUse.delete(addresses[row]);
    }
    for (const row of inUse.values()) {
      this.#addBytes("inUse", thread, stacks[row], bytes[row], millis?.[row]);
    }
  }

  #addBytes(
    type: TypeName,
    thread: FirefoxThread,
    stack: number,
    bytes: number,
    millis: number | undefined,
  ): void {
    const values = this.#types.map((name) => (name === type ? Math.round(bytes) : 0));
    this.#add(thread, stack, values, millis);
  }

  #weight(weight: number, max = Number.MAX_SAFE_INTEGER): number {
    if (Math.abs(weight) <= max) return weight;
    throw this.#json.malformed("a value of a sample is not a number, or out of range");
  }

  #resolve({ stacks }: FirefoxThread, stack: number): ResolvedStack {
    let resolver = this.#resolvers.get(stacks);
    if (!resolver) {
      resolver = new StackResolver(this.#json, stacks, this.#frames, this.#sums);
      this.#resolvers.set(stacks, resolver);
    }
    return resolver.get(stack);
  }

  /** Returns the label set of the current thread's samples with a stack. */
  #labelsOf(thread: FirefoxThread, { category }: ResolvedStack): number {
    let set = this.#labels.get(category);
    if (set === undefined) {
      const { name, process, pid, tid } = thread;
      const labels: NewLabel[] = [{ key: "thread", text: name || "?" }];
      if (process !== "") labels.push({ key: "process", text: process });
      labels.push(...idLabels({ tid, pid }));
      const { categories } = this.#meta;
      const named = Array.isArray(categories) ? categories[category]?.name : undefined;
      if (typeof named === "string") labels.push({ key: "category", text: named });
      set = this.#sums.labels(labels);
      this.#labels.set(category, set);
    }
    return set;
  }
}

/** A date in milliseconds that is in range in nanoseconds. */
const MAX_DATE = 9e12;

/** Tests whether a thread has a sample with a stack. */
function hasStacks({ samples }: FirefoxThread): boolean {
  return samples.stacks.some((stack) => stack !== NONE);
}

function toNanos(millis: number): number {
  return Math.round(millis * NANOS_PER_MILLI);
}

/** Returns the time when the recording or its first sample began. */
function startOf(meta: JsonObject, threads: readonly FirefoxThread[]): number {
  const { profilingStartTime } = meta;
  let start =
    typeof profilingStartTime === "number" ? profilingStartTime : Number.POSITIVE_INFINITY;
  for (const { samples } of threads) {
    if (samples.weightType !== "bytes") start = Math.min(start, samples.millis?.[0] ?? start);
  }
  return Number.isFinite(start) ? start : 0;
}
