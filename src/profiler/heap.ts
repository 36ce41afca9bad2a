import { setTimeout } from "node:timers/promises";
import { heapProfileOf } from "../formats/v8/heap.js";
import { type HeapState, heapChangeOf } from "../formats/v8/heap-growth.js";
import { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";
import { joinGrowth } from "../transforms/heap-growth.js";
import { LocalSession } from "../v8/local-session.js";
import {
  DEFAULT_HEAP_INTERVAL_BYTES,
  prepareSampling,
  startSampling,
  stopSampling,
  type Sampling as V8Sampling,
} from "../v8/protocol.js";
import { BusyError } from "./busy.js";
import { MAX_BYTES } from "./limits.js";
import { withSourceMaps } from "./mapped.js";

/** Options of {@link startHeapSampling}. */
export interface HeapSamplingOptions {
  /** The average number of bytes allocated between two samples; about 512 KiB by default. */
  readonly intervalBytes?: number;
  /** Whether to keep freed objects, which {@link allocs} needs; false by default. */
  readonly keepsFreed?: boolean;
}

/** Options of {@link heapProfile} and {@link allocs}. */
export interface HeapProfileOptions {
  /** How long to sample for this profile, in milliseconds. Needed unless heap sampling runs. */
  readonly durationMillis?: number;
  /** As for {@link startHeapSampling}; ignored if heap sampling runs. */
  readonly intervalBytes?: number;
  /** Aborts the sampling of `durationMillis`. The promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Whether the process stays alive for `durationMillis`, as for timers; true by default. */
  readonly ref?: boolean;
  /** Whether to collect garbage first, which pauses the thread; false by default. */
  readonly collectsGarbage?: boolean;
  /** Whether to apply the source maps of scripts; true by default. */
  readonly sourceMaps?: boolean;
}

interface Sampling {
  readonly session: LocalSession;
  readonly intervalBytes: number;
  readonly keepsFreed: boolean;
  readonly timeNanos: bigint;
  readonly started: number;
  /** Whether it runs for one profile only. */
  readonly isBrief: boolean;
}

let sampling: Sampling | undefined;

/**
 * Starts to sample the allocations of this thread at random. Rejects with a BusyError if the heap
 * is being sampled already, and with a RangeError if the interval is invalid.
 */
export function startHeapSampling(options: HeapSamplingOptions = {}): Promise<void> {
  return start(options, false);
}

/** Stops heap sampling and discards the samples. Does nothing if it does not run. */
export async function stopHeapSampling(): Promise<void> {
  if (sampling && !sampling.isBrief) await stop(sampling);
}

/** Returns the options of {@link startHeapSampling}, or undefined if heap sampling does not run. */
export function heapSampling(): Pick<HeapSamplingOptions, "keepsFreed"> | undefined {
  return sampling && !sampling.isBrief ? { keepsFreed: sampling.keepsFreed } : undefined;
}

/**
 * Estimates the memory that was allocated since sampling began and is still in use. All memory in
 * use outside of V8's heap is included, as `(array buffers)` and `(external memory)`.
 */
export function heapProfile(options: HeapProfileOptions = {}): Promise<Profile> {
  return collect(options, false);
}

/** Estimates all memory that was allocated since sampling began, even if it was freed. */
export function allocs(options: HeapProfileOptions = {}): Promise<Profile> {
  return collect(options, true);
}

/**
 * Returns what was allocated while `wait` runs and is still in use, and what was freed, after a
 * garbage collection before and afterwards: see profile/change-label.ts. Rejects if the heap is not
 * being sampled, or with `keepsFreed`.
 */
export async function heapGrowthDuring(
  wait: () => Promise<void>,
  { sourceMaps = true }: Pick<HeapProfileOptions, "sourceMaps"> = {},
): Promise<Profile> {
  const own = sampling;
  if (!own || own.isBrief || own.keepsFreed) {
    throw new Error("the growth of the heap needs heap sampling without keepsFreed");
  }
  const timeNanos = BigInt(Date.now()) * 1_000_000n;
  const started = performance.now();
  const before = await state(own, true);
  await wait();
  if (sampling !== own) throw new Error("heap sampling was stopped meanwhile");
  const after = await state(own, true);
  const { allocated, freed } = heapChangeOf(before, after, new Budget(MAX_BYTES), {
    prefix: "inuse_",
    intervalBytes: own.intervalBytes,
    timeNanos,
    durationNanos: Math.round((performance.now() - started) * 1e6),
  });
  const growth = joinGrowth(allocated, freed, MAX_BYTES);
  return sourceMaps
    ? withSourceMaps(growth, await own.session.compiledScripts(after.profile))
    : growth;
}

async function start(options: HeapSamplingOptions, isBrief: boolean): Promise<void> {
  const { intervalBytes = DEFAULT_HEAP_INTERVAL_BYTES, keepsFreed = false } = options;
  if (!(Number.isSafeInteger(intervalBytes) && intervalBytes > 0)) {
    throw new RangeError(`intervalBytes must be an integer above 0, not ${intervalBytes}`);
  }
  if (sampling) throw new BusyError("the heap of this process is being sampled already");
  const session = new LocalSession();
  const timeNanos = BigInt(Date.now()) * 1_000_000n;
  const started = performance.now();
  const requested: V8Sampling = { kind: "heap", interval: intervalBytes, keepsFreed };
  sampling = { session, intervalBytes, keepsFreed, timeNanos, started, isBrief };
  try {
    // V8 executes these commands now, so the caller's next allocations are sampled even before it
    // awaits this function.
    await Promise.all([
      ...prepareSampling(session.send, requested),
      startSampling(session.send, requested),
    ]);
  } catch (error) {
    session.close();
    sampling = undefined;
    throw error;
  }
}

async function stop({ session }: Sampling): Promise<void> {
  sampling = undefined;
  try {
    await stopSampling(session.send, "heap");
  } finally {
    session.close();
  }
}

async function collect(options: HeapProfileOptions, keepsFreed: boolean): Promise<Profile> {
  const {
    durationMillis,
    intervalBytes = DEFAULT_HEAP_INTERVAL_BYTES,
    signal,
    ref = true,
  } = options;
  signal?.throwIfAborted();
  if (sampling) {
    if (sampling.isBrief)
      throw new BusyError("a heap profile of this process is being collected already");
    if (sampling.keepsFreed !== keepsFreed) {
      throw new Error(
        keepsFreed
          ? "heap sampling runs without keepsFreed, so it knows only the memory in use"
          : "heap sampling runs with keepsFreed, so it does not know which memory is in use",
      );
    }
    return snapshot(sampling, options);
  }
  if (durationMillis === undefined) {
    throw new Error("heap sampling does not run: start it first, or set durationMillis");
  }
  if (!(durationMillis >= 0 && durationMillis <= MAX_DURATION_MILLIS)) {
    throw new RangeError(
      `durationMillis must be from 0 to ${MAX_DURATION_MILLIS}, not ${durationMillis}`,
    );
  }
  await start({ intervalBytes, keepsFreed }, true);
  const own = sampling as unknown as Sampling;
  try {
    await setTimeout(durationMillis, undefined, { ref, ...(signal && { signal }) });
    return await snapshot(own, options);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await stop(own);
  }
}

/** The longest delay of Node's timers. */
const MAX_DURATION_MILLIS = 2 ** 31 - 1;

async function snapshot(
  from: Sampling,
  { sourceMaps = true, collectsGarbage = false }: HeapProfileOptions,
): Promise<Profile> {
  const { session, intervalBytes, keepsFreed, timeNanos, started } = from;
  const { profile: v8Profile, outside } = await state(from, collectsGarbage);
  const profile = heapProfileOf(v8Profile, new Budget(MAX_BYTES), {
    prefix: keepsFreed ? "alloc_" : "inuse_",
    intervalBytes,
    timeNanos,
    durationNanos: Math.round((performance.now() - started) * 1e6),
    outside: keepsFreed ? undefined : outside,
  });
  if (!sourceMaps) return profile;
  return withSourceMaps(profile, await session.compiledScripts(v8Profile));
}

/** Returns V8's heap profile since the start of the sampling. */
async function state({ session }: Sampling, collectsGarbage: boolean): Promise<HeapState> {
  if (collectsGarbage) await session.send("HeapProfiler.collectGarbage");
  const outside = process.memoryUsage();
  const { profile } = await session.send("HeapProfiler.getSamplingProfile");
  return { profile, outside };
}
