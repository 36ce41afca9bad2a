import type { Format } from "../format.js";
import { JsonInput, type JsonObject } from "../json.js";
import { detectFirefox } from "./detect.js";
import { FirefoxLibraries } from "./libraries.js";
import { type FirefoxRecording, profileOf } from "./profile.js";
import {
  type FirefoxAllocations,
  type FirefoxSamples,
  type FirefoxThread,
  identityOf,
  indicesOf,
  numbersOf,
} from "./recording.js";
import { FirefoxTables } from "./tables.js";

/**
 * Processed profiles, as profiler.firefox.com and samply save them. The sample types are the number
 * of samples, the wall time until the thread's next sample, and the CPU time if it was recorded,
 * which is the default because sleeping threads have none. The labels `thread`, `process`, `tid` and
 * `pid` identify threads; `category` is Firefox's, such as `Idle`. Markers and counters are ignored.
 */
export const firefox: Format = {
  name: "Firefox profile",

  detect(bytes) {
    return detectFirefox(bytes) === "processed";
  },

  read(bytes, budget, warn) {
    const json = new JsonInput(this.name, budget);
    return profileOf(json, recordingOf(json, json.object(json.parse(bytes), "the profile")), warn);
  },
};

function recordingOf(json: JsonInput, file: JsonObject): FirefoxRecording {
  const meta = json.object(file.meta, "meta");
  const version = json.number(meta.preprocessedProfileVersion, "preprocessedProfileVersion");
  const libraries = new FirefoxLibraries(json, meta.symbolicated === true);
  const libs = librariesOf(json, file.libs, libraries);
  const shared = json.object(file.shared ?? {}, "shared");
  const { stringArray, sources, sourceLocationTable } = shared;
  let sharedTables: FirefoxTables | undefined;
  const threads = json.list(file.threads, "threads").map((entry) => {
    const thread = json.object(entry, "a thread");
    if (thread.stackTable === undefined) {
      sharedTables ??= new FirefoxTables(json, shared, version, libs);
      return threadOf(json, thread, sharedTables);
    }
    // The tables before version 60 belong to threads, and so do the libraries before version 41.
    const tables = { stringArray, sources, sourceLocationTable, ...thread };
    const own = thread.libs === undefined ? libs : librariesOf(json, thread.libs, libraries);
    return threadOf(json, thread, new FirefoxTables(json, tables, version, own));
  });
  return { meta, threads, libraries };
}

/** Returns the indices of a list of libraries. */
function librariesOf(json: JsonInput, libs: unknown, libraries: FirefoxLibraries): number[] {
  const list = json.list(libs, "libs", true);
  json.budget.charge(list.length * 8);
  return list.map((lib) => libraries.add(lib));
}

function threadOf(json: JsonInput, thread: JsonObject, stacks: FirefoxTables): FirefoxThread {
  const { jsAllocations, nativeAllocations } = thread;
  const samples = samplesOf(json, json.object(thread.samples, "samples"), stacks.stackCount);
  const allocations: FirefoxAllocations[] = [];
  if (jsAllocations) allocations.push(allocationsOf(json, jsAllocations, true, stacks.stackCount));
  if (nativeAllocations) {
    allocations.push(allocationsOf(json, nativeAllocations, false, stacks.stackCount));
  }
  return {
    ...identityOf(json, thread),
    stacks,
    samples,
    allocations,
  };
}

function samplesOf(json: JsonInput, table: JsonObject, stackCount: number): FirefoxSamples {
  const stacks = indicesOf(json, json.list(table.stack, "samples.stack"), stackCount, "a stack");
  const column = (value: unknown, what: string) => {
    if (value === null || value === undefined) return undefined;
    const numbers = numbersOf(json, json.list(value, `samples.${what}`));
    if (numbers.length === stacks.length) return numbers;
    throw json.malformed(`samples.${what} and samples.stack have different lengths`);
  };
  const { weightType } = table;
  return {
    stacks,
    millis: column(table.time, "time") ?? runningSums(json, column(table.timeDeltas, "timeDeltas")),
    // Before version 29, `duration` had the weights.
    weights: column(table.weight ?? table.duration, "weight"),
    weightType: weightType === "tracing-ms" || weightType === "bytes" ? weightType : "samples",
    cpu: column(table.threadCPUDelta, "threadCPUDelta"),
  };
}

/** Returns the times of time deltas. */
function runningSums(json: JsonInput, deltas: Float64Array | undefined): Float64Array | undefined {
  json.budget.charge(deltas?.byteLength ?? 0);
  let time = 0;
  return deltas?.map((delta) => {
    time += delta;
    return time;
  });
}

function allocationsOf(
  json: JsonInput,
  value: unknown,
  isJs: boolean,
  stackCount: number,
): FirefoxAllocations {
  const what = isJs ? "jsAllocations" : "nativeAllocations";
  const { stack, weight, duration, time, memoryAddress } = json.object(value, what);
  const stacks = indicesOf(json, json.list(stack, `${what}.stack`), stackCount, "a stack");
  return {
    isJs,
    stacks,
    millis: time === undefined ? undefined : numbersOf(json, json.list(time, `${what}.time`)),
    bytes: numbersOf(json, json.list(weight ?? duration, `${what}.weight`)),
    addresses: memoryAddress === undefined ? undefined : json.list(memoryAddress, "memoryAddress"),
  };
}
