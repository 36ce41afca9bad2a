import { setTimeout } from "node:timers/promises";
import { heapProfileOf } from "../formats/v8-heap.js";
import { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";
import { applySourceMaps } from "../source-code/source-maps.js";
import { LocalSession } from "../v8/local-session.js";
import {
  prepareSampling,
  startSampling,
  stopSampling,
  type Sampling as V8Sampling,
} from "../v8/protocol.js";
import { BusyError } from "./busy.js";
import { MAX_BYTES } from "./limits.js";

/** How {@link startHeapSampling} samples. */
export interface HeapSamplingOptions {
  /** About how many bytes are allocated between two samples: 512 KiB where it is left out. */
  readonly intervalBytes?: number;
  /** Whether objects stay in the profile that were freed: then {@link allocs} can be asked. */
  readonly keepsFreed?: boolean;
}

/** What {@link heapProfile} and {@link allocs} are asked with. */
export interface HeapProfileOptions {
  /**
   * Where sampling does not run: for how long it is to, in milliseconds, for this profile
   * alone. Where it runs, what it has is given at once.
   */
  readonly durationMillis?: number;
  /** As for {@link startHeapSampling}, where sampling does not run. */
  readonly intervalBytes?: number;
  /** Ends the wait of `durationMillis`, and rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Whether the wait of `durationMillis` keeps the process going, as for timers; true where it is left out. */
  readonly ref?: boolean;
  /** Whether what nothing holds any more is freed first, which stops the thread for a while. */
  readonly collectsGarbage?: boolean;
  /** Whether places are those in the sources, where scripts have source maps; true where it is left out. */
  readonly sourceMaps?: boolean;
}

const DEFAULT_INTERVAL = 512 * 1024;

interface Sampling {
  readonly session: LocalSession;
  readonly intervalBytes: number;
  readonly keepsFreed: boolean;
  readonly timeNanos: bigint;
  readonly started: number;
  /** Whether it runs for one profile alone. */
  readonly isBrief: boolean;
}

let sampling: Sampling | undefined;

/**
 * Begins to sample what this thread allocates, at random. Rejects where it runs already, and
 * with a RangeError where the interval makes no sense.
 */
export function startHeapSampling(options: HeapSamplingOptions = {}): Promise<void> {
  return start(options, false);
}

/** Ends sampling, and forgets what was sampled; does nothing where it does not run. */
export async function stopHeapSampling(): Promise<void> {
  if (sampling && !sampling.isBrief) await stop(sampling);
}

/** How sampling runs that {@link startHeapSampling} began; undefined where it does not run. */
export function heapSampling(): Pick<HeapSamplingOptions, "keepsFreed"> | undefined {
  return sampling && !sampling.isBrief ? { keepsFreed: sampling.keepsFreed } : undefined;
}

/**
 * What was allocated since sampling began, and is still in use: `inuse_objects`, which are
 * those that were sampled, and `inuse_space`, which stands for all.
 */
export function heapProfile(options: HeapProfileOptions = {}): Promise<Profile> {
  return take(options, false);
}

/**
 * What was allocated since sampling began, freed or not: `alloc_objects`, which are those
 * that were sampled, and `alloc_space`, which stands for all.
 */
export function allocs(options: HeapProfileOptions = {}): Promise<Profile> {
  return take(options, true);
}

async function start(options: HeapSamplingOptions, isBrief: boolean): Promise<void> {
  const { intervalBytes = DEFAULT_INTERVAL, keepsFreed = false } = options;
  if (!(Number.isSafeInteger(intervalBytes) && intervalBytes > 0)) {
    throw new RangeError(`intervalBytes is to be a whole number above 0, not ${intervalBytes}`);
  }
  if (sampling) throw new BusyError("the heap of this process is being sampled already");
  const session = new LocalSession();
  const timeNanos = BigInt(Date.now()) * 1_000_000n;
  const started = performance.now();
  const requested: V8Sampling = { kind: "heap", interval: intervalBytes, keepsFreed };
  sampling = { session, intervalBytes, keepsFreed, timeNanos, started, isBrief };
  try {
    // V8 does what it is asked at once: what the caller does before it awaits is sampled, too.
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

async function take(options: HeapProfileOptions, keepsFreed: boolean): Promise<Profile> {
  const { durationMillis, intervalBytes = DEFAULT_INTERVAL, signal, ref = true } = options;
  signal?.throwIfAborted();
  if (sampling) {
    if (sampling.isBrief)
      throw new BusyError("a heap profile of this process is being taken already");
    if (sampling.keepsFreed !== keepsFreed) {
      throw new Error(
        keepsFreed
          ? "heap sampling runs without keepsFreed: it has only what is in use"
          : "heap sampling runs with keepsFreed: it cannot tell what is still in use",
      );
    }
    return snapshot(sampling, options);
  }
  if (durationMillis === undefined) {
    throw new Error("heap sampling does not run: start it before, or give durationMillis");
  }
  if (!(durationMillis >= 0 && durationMillis <= MAX_DURATION)) {
    throw new RangeError(`durationMillis is to be from 0 to ${MAX_DURATION}`);
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

/** The longest that timers of Node wait. */
const MAX_DURATION = 2 ** 31 - 1;

async function snapshot(
  from: Sampling,
  { sourceMaps = true, collectsGarbage = false }: HeapProfileOptions,
): Promise<Profile> {
  const { session, intervalBytes, keepsFreed, timeNanos, started } = from;
  if (collectsGarbage) await session.send("HeapProfiler.collectGarbage");
  const { profile: v8Profile } = await session.send("HeapProfiler.getSamplingProfile");
  const profile = heapProfileOf(v8Profile, new Budget(MAX_BYTES), {
    prefix: keepsFreed ? "alloc_" : "inuse_",
    intervalBytes,
    timeNanos,
    durationNanos: Math.round((performance.now() - started) * 1e6),
  });
  return sourceMaps ? applySourceMaps(profile) : profile;
}
