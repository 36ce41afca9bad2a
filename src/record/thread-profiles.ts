import { JsonInput } from "../formats/json.js";
import { cpuProfileOf } from "../formats/v8/cpu.js";
import type { SampleSpans } from "../formats/v8/cpu-samples.js";
import { V8_IDLE } from "../formats/v8/frames.js";
import { heapProfileOf, type OutsideMemory } from "../formats/v8/heap.js";
import { type HeapState, heapChangeOf } from "../formats/v8/heap-growth.js";
import { gzip } from "../platform/files/gzip.js";
import { Budget } from "../profile/budget.js";
import { tooLarge } from "../profile/errors.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";
import { type SourceMapMode, SourceMapUse } from "../source-code/source-map-use.js";
import { addComment } from "../transforms/add-comment.js";
import { joinGrowth } from "../transforms/heap-growth.js";
import { labelSamples } from "../transforms/label-samples.js";
import { mergeAll } from "../transforms/merge/merge-all.js";
import type { LoadedScript } from "../v8/loaded-scripts.js";
import type { Sampling } from "../v8/protocol.js";
import { type CpuReading, cpuTimes } from "./cpu-times.js";
import { withoutOwnSamples } from "./own-frames.js";

/** A profile of a thread, in V8's format. A thread may have several, one after the other. */
export interface ThreadProfile {
  readonly kind: Sampling["kind"];
  readonly pid: number;
  /** The name of the script; may be empty. */
  readonly program: string;
  /** `main`, or the name of a worker. */
  readonly thread: string;
  /** The wall-clock time of its start in nanoseconds. */
  readonly timeNanos: bigint;
  /** Its duration in nanoseconds, which V8's heap profiles lack; 0 if unknown. */
  readonly durationNanos: number;
  /** Reads V8's JSON. That of heaps may have {@link OutsideMemory} as `outside`. */
  json(): Uint8Array;
  /** Returns the scripts that the thread had loaded, at least those in the profile. */
  scripts(): readonly LoadedScript[];
  /** Returns readings of the thread's CPU time; at least two, or none. */
  cpuReadings(): readonly CpuReading[];
}

/** Two heap profiles of a thread. The first one is missing if the thread did not exist. */
export interface HeapPair {
  readonly before?: HeapState | undefined;
  readonly after: HeapState;
}

export interface MergeSettings {
  readonly limit: number;
  readonly sourceMaps: SourceMapMode;
  /** Selects the profiles to merge. */
  readonly sampling: Sampling;
  /** Whether the profiles are pairs of heap profiles, of which the growth is asked. */
  readonly areHeapPairs?: boolean;
}

/**
 * Merges profiles of one kind of threads, with the labels `pid`, `process` and `thread`, and applies source
 * maps. The duration is the time from the first start to the last end. Returns undefined if there
 * are no profiles. Throws a ProfileError if more than `limit` bytes are needed.
 */
export async function mergeThreads(
  recorded: readonly ThreadProfile[],
  settings: MergeSettings,
  warn: (line: string) => void,
): Promise<Profile | undefined> {
  const { kind } = settings.sampling;
  const threads = recorded.filter((thread) => thread.kind === kind);
  const maps = new SourceMapUse(settings.sourceMaps);
  const hasCpuTimes = threads.every((thread) => thread.cpuReadings().length > 1);
  let end = 0n;
  const merged = await mergeAll(
    threads.map((source) => ({
      name: `the profile of process ${source.pid}`,
      async read() {
        const { pid, program, thread } = source;
        const whole = withoutOwnSamples(read(source, settings, hasCpuTimes), settings.limit);
        const profile = await maps.apply(whole, source.scripts());
        const ownEnd = source.timeNanos + BigInt(profile.durationNanos);
        if (ownEnd > end) end = ownEnd;
        const withPid = labelSamples(profile, "pid", String(pid));
        const labelled = labelSamples(withPid, "thread", thread);
        return program === "" ? labelled : labelSamples(labelled, "process", program);
      },
    })),
    settings.limit,
  );
  maps.report(warn);
  if (!merged) return undefined;
  const profile = { ...merged, durationNanos: Number(end - BigInt(merged.timeNanos)) };
  return kind === "cpu" && !hasCpuTimes ? addComment(profile, NO_CPU_TIMES) : profile;
}

const NO_CPU_TIMES =
  "values are wall time: CPU time is known only on Linux, and if tsprof sees the same processes";

/** Converts the profile of a thread. It has the same types and period as those of the profiler. */
function read(
  { json, timeNanos, durationNanos, cpuReadings }: ThreadProfile,
  { limit, sampling, areHeapPairs = false }: MergeSettings,
  hasCpuTimes: boolean,
): Profile {
  const bytes = json();
  if (bytes.length > limit) throw tooLarge(limit);
  const budget = new Budget(limit);
  const value = new JsonInput("V8 profile", budget).parse(bytes);
  const { kind, interval, keepsFreed = false } = sampling;
  if (kind === "cpu") {
    const times = (spans: SampleSpans) => cpuTimes(cpuReadings(), spans);
    const hints = { timeNanos, intervalMicros: interval, ...(hasCpuTimes && { cpuTimes: times }) };
    return cpuProfileOf(value, budget, hints);
  }
  const prefix = keepsFreed ? "alloc_" : "inuse_";
  const hints = { prefix, intervalBytes: interval, timeNanos, durationNanos };
  if (areHeapPairs) {
    const { before, after } = value as HeapPair;
    const { allocated, freed } = heapChangeOf(before, after, budget, hints);
    return joinGrowth(allocated, freed, limit);
  }
  const { outside } = value as { outside?: OutsideMemory };
  return heapProfileOf(value, budget, { ...hints, outside: keepsFreed ? undefined : outside });
}

/** A pattern for the frame of threads that wait for events. */
export const WAITS = "^\\(idle\\)$";

/** Returns whether some thread has waited, so that {@link WAITS} matches. */
export function hasWaits({ functions, strings }: Profile): boolean {
  for (let fn = 0; fn < functions.length; fn++) {
    if (strings.get(functions.name[fn]) === V8_IDLE) return true;
  }
  return false;
}

/** Encodes a profile as gzipped profile.proto, with the times of samples. */
export function profileBytes(profile: Profile): AsyncIterable<Uint8Array> {
  return gzip(encodePieces(profile, true));
}
