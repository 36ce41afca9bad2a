import { setTimeout } from "node:timers/promises";
import type { Profile } from "../../profile/profile.js";
import { addComment } from "../../transforms/add-comment.js";
import { compareProfiles } from "../../transforms/compare.js";
import { BusyError } from "../busy.js";
import { startCpuProfile } from "../cpu.js";
import { allocs, heapProfile, heapSampling } from "../heap.js";
import { MAX_BYTES } from "../limits.js";
import { Refused } from "./answer.js";
import type { Parameters } from "./parameters.js";

/** How profiles are taken. */
export interface CollectOptions {
  /** Microseconds between two samples of CPU profiles: 1000 where it is left out. */
  readonly intervalMicros?: number;
  /** Whether places are those in the sources, where scripts have source maps; true where it is left out. */
  readonly sourceMaps?: boolean;
}

/** What is going to be taken. */
export interface Plan {
  /** The name to save it under. */
  readonly name: string;
  /** How long it takes; 0 where it is there at once. */
  readonly seconds: number;
  /** Rejects where it cannot be taken, and with the reason of the signal. */
  take(signal: AbortSignal): Promise<Profile>;
}

/** As long as Go samples where it is not told. */
const CPU_SECONDS = 30;

/** Clients wait a minute for what they do not know to take long. */
const HEAP_SECONDS = 10;

const NOT_SAMPLED = "the program does not sample its heap all the time (startHeapSampling)";

/** When what was asked for and runs will have ended, in milliseconds since 1970. */
const ends: { cpu?: number; heap?: number } = {};

/** A CPU profile of this thread. */
export function planCpu(
  { seconds = CPU_SECONDS }: Parameters,
  { intervalMicros, sourceMaps = true }: CollectOptions,
): Plan {
  const interval = intervalMicros === undefined ? {} : { intervalMicros };
  return {
    name: "profile",
    seconds,
    take: (signal) =>
      unlessBusy("cpu", "Could not enable CPU profiling", async () => {
        const profiling = await startCpuProfile({ ...interval, sourceMaps });
        try {
          ends.cpu = Date.now() + seconds * 1000;
          await wait(seconds, signal);
          return await profiling.stop();
        } finally {
          delete ends.cpu;
          // The one who asked may have gone away.
          await profiling.cancel();
        }
      }),
  };
}

/**
 * What is in use of the heap (`heap`), or all that was allocated (`allocs`): since heap
 * sampling began where that runs, or what `seconds` change of it; otherwise what is sampled in
 * this time alone. Throws where heap sampling runs for the other of the two.
 */
export function planHeap(
  kind: "heap" | "allocs",
  { seconds, gc }: Parameters,
  { sourceMaps = true }: CollectOptions,
): Plan {
  const take = kind === "heap" ? heapProfile : allocs;
  const options = { sourceMaps, collectsGarbage: gc };
  const running = heapSampling();
  const failure = `Could not take the profile ${kind}`;
  if (!running) {
    const duration = seconds ?? HEAP_SECONDS;
    return {
      name: kind,
      seconds: duration,
      take: (signal) =>
        unlessBusy("heap", failure, async () => {
          const durationMillis = duration * 1000;
          const end = Date.now() + durationMillis;
          // What another waits for, if it is busy, stays.
          ends.heap ??= end;
          try {
            const profile = await take({ ...options, durationMillis, signal, ref: false });
            return addComment(profile, `of ${duration} s only: ${NOT_SAMPLED}`);
          } finally {
            if (ends.heap === end) delete ends.heap;
          }
        }),
    };
  }
  if (running.keepsFreed !== (kind === "allocs")) throw new Refused(409, OTHER[kind]);
  if (seconds === undefined) {
    return { name: kind, seconds: 0, take: () => unlessBusy("heap", failure, () => take(options)) };
  }
  return {
    name: `${kind}-delta`,
    seconds,
    take: (signal) =>
      unlessBusy("heap", failure, async () => {
        const timeNanos = BigInt(Date.now()) * 1_000_000n;
        const started = performance.now();
        const before = await take(options);
        await wait(seconds, signal);
        const after = await take(options);
        const durationNanos = Math.round((performance.now() - started) * 1e6);
        const how = { marksBase: false, normalizes: false };
        return { ...compareProfiles(after, before, how, MAX_BYTES), timeNanos, durationNanos };
      }),
  };
}

const OTHER = {
  heap: "this program samples its heap with keepsFreed, which cannot tell what is still in use: ask for allocs",
  allocs:
    "this program samples its heap without keepsFreed, and knows only what is still in use: ask for heap",
};

/** The process may end meanwhile, if nothing but this keeps it going. */
async function wait(seconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(seconds * 1000, undefined, { signal, ref: false });
}

/** Where the profiler is in use, says so and for how long that will be. */
async function unlessBusy(
  profiler: "cpu" | "heap",
  failure: string,
  take: () => Promise<Profile>,
): Promise<Profile> {
  try {
    return await take();
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    const left = Math.ceil(((ends[profiler] ?? 0) - Date.now()) / 1000);
    // It may be the program itself that profiles, for nobody knows how long.
    throw new Refused(503, `${failure}: ${error.message}`, {
      "Retry-After": String(left > 0 ? left : 1),
    });
  }
}
