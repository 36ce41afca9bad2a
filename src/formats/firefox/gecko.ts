import type { Format } from "../format.js";
import { JsonInput, type JsonObject } from "../json.js";
import { detectFirefox } from "./detect.js";
import { GeckoFrames, type GeckoProcess, GeckoTable, mappedLibraries } from "./gecko-frames.js";
import { FirefoxLibraries } from "./libraries.js";
import { type FirefoxRecording, profileOf } from "./profile.js";
import {
  type FirefoxAllocations,
  type FirefoxSamples,
  type FirefoxThread,
  identityOf,
  indexOf,
  indicesOf,
  numbersOf,
} from "./recording.js";

/** The maximum depth of processes within processes. Firefox has one level. */
const MAX_DEPTH = 8;

/**
 * Firefox's own raw profiles ("Gecko profiles"), as `MOZ_PROFILER_SHUTDOWN` and automation write
 * them: tables of rows with a schema, for the threads of the main process and of other processes.
 * Sample types and labels are the same as in processed profiles.
 */
export const gecko: Format = {
  name: "Firefox profile (raw)",

  detect(bytes) {
    return detectFirefox(bytes) === "raw";
  },

  read(bytes, budget, warn) {
    const json = new JsonInput(this.name, budget);
    return profileOf(json, recordingOf(json, json.object(json.parse(bytes), "the profile")), warn);
  },
};

function recordingOf(json: JsonInput, file: JsonObject): FirefoxRecording {
  const meta = json.object(file.meta, "meta");
  const libraries = new FirefoxLibraries(json, meta.presymbolicated === true);
  const startTime = json.number(meta.startTime, "meta.startTime", 0);
  const threads: FirefoxThread[] = [];
  let level: readonly unknown[] = [file];
  for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth++) {
    const next: unknown[] = [];
    for (const entry of level) {
      const process = json.object(entry, "a process");
      const ownMeta = json.object(process.meta ?? {}, "meta");
      // Times in each process count from the start of the process.
      const delay = json.number(ownMeta.startTime, "meta.startTime", startTime) - startTime;
      const shared: GeckoProcess = {
        mapped: mappedLibraries(json, json.list(process.libs, "libs", true), libraries),
        sources: process.sources === undefined ? undefined : new GeckoTable(json, process.sources),
      };
      for (const thread of json.list(process.threads, "threads", true)) {
        threads.push(threadOf(json, json.object(thread, "a thread"), shared, delay));
      }
      for (const child of json.list(process.processes, "processes", true)) next.push(child);
    }
    level = next;
  }
  return { meta, threads, libraries };
}

function threadOf(
  json: JsonInput,
  thread: JsonObject,
  shared: GeckoProcess,
  delay: number,
): FirefoxThread {
  const stacks = new GeckoFrames(json, thread, shared);
  return {
    ...identityOf(json, thread),
    stacks,
    samples: samplesOf(json, new GeckoTable(json, thread.samples), stacks.stackCount, delay),
    allocations: allocationsOf(json, thread.markers, stacks.stackCount, delay),
  };
}

function samplesOf(
  json: JsonInput,
  table: GeckoTable,
  stackCount: number,
  delay: number,
): FirefoxSamples {
  return {
    stacks: indicesOf(json, table.column("stack"), stackCount, "a stack"),
    millis: numbersOf(json, table.column("time")).map((time) => time + delay),
    weights: undefined,
    weightType: "samples",
    cpu: table.has("threadCPUDelta") ? numbersOf(json, table.column("threadCPUDelta")) : undefined,
  };
}

/** Returns the allocations that markers of a thread describe. */
function allocationsOf(
  json: JsonInput,
  value: unknown,
  stackCount: number,
  delay: number,
): FirefoxAllocations[] {
  if (value === undefined || value === null) return [];
  const markers = new GeckoTable(json, value);
  if (!markers.has("data")) return [];
  const kinds = ["JS allocation", "Native allocation"].map((type) => ({
    type,
    stacks: [] as number[],
    millis: [] as number[],
    bytes: [] as number[],
    addresses: [] as unknown[],
  }));
  for (let row = 0; row < markers.length; row++) {
    const data = markers.at(row, "data") as JsonObject | null | undefined;
    const kind = kinds.find(({ type }) => data?.type === type);
    if (!data || !kind) continue;
    json.budget.charge(32);
    kind.stacks.push(stackOf(json, data.stack, stackCount));
    kind.millis.push(json.number(markers.at(row, "startTime"), "a startTime", 0) + delay);
    kind.bytes.push(json.number(data.size, "the size of an allocation"));
    if (data.memoryAddress !== undefined) kind.addresses.push(data.memoryAddress);
  }
  return kinds
    .filter(({ stacks }) => stacks.length > 0)
    .map(({ type, stacks, millis, bytes, addresses }) => ({
      isJs: type === kinds[0].type,
      stacks: Int32Array.from(stacks),
      millis: Float64Array.from(millis),
      bytes: Float64Array.from(bytes),
      addresses: addresses.length === stacks.length ? addresses : undefined,
    }));
}

/** Returns the stack of a marker, which is a thread with one sample. */
function stackOf(json: JsonInput, value: unknown, stackCount: number): number {
  const { samples } = json.object(value ?? {}, "the stack of a marker");
  if (!samples) return indexOf(json, undefined, stackCount, "");
  const table = new GeckoTable(json, samples);
  const stack = table.length > 0 ? table.at(0, "stack") : undefined;
  return indexOf(json, stack, stackCount, "the stack of a marker");
}
