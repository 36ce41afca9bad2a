import { setTimeout } from "node:timers/promises";
import type { Profile } from "../../profile/profile.js";
import { addComment } from "../../transforms/add-comment.js";
import { compareProfiles } from "../../transforms/compare.js";
import { BusyError } from "../busy.js";
import { startThreads } from "../cpu.js";
import { allocs, heapGrowthDuring, heapProfile, heapSampling } from "../heap.js";
import { MAX_BYTES } from "../limits.js";
import { ThreadError } from "../threads-cpu.js";
import { Refused } from "./answer.js";
import type { Parameters } from "./parameters.js";

/** How to collect profiles. */
export interface CollectOptions {
  /** The time between two CPU samples, in microseconds; 1000 by default. */
  readonly intervalMicros?: number;
  /** Whether to apply the source maps of scripts; true by default. */
  readonly sourceMaps?: boolean;
}

/** A profile to collect. */
export interface Plan {
  /** The suggested file name. */
  readonly name: string;
  /** How long the collection lasts. */
  readonly seconds: number;
  /** The media type, if it is not a profile in pprof's format. */
  readonly type?: string;
  /**
   * Returns a profile, or a file of the media type. Rejects if the profile cannot be collected, and
   * with the signal's reason if that is aborted.
   */
  collect(signal: AbortSignal): Promise<Profile | Uint8Array>;
}

/** The default of Go's servers. */
const DEFAULT_CPU_SECONDS = 30;

/** Shorter, as clients wait only a minute for heap profiles. */
const DEFAULT_HEAP_SECONDS = 10;

const NOT_SAMPLED = "the program does not sample its heap all the time (startHeapSampling)";

/** When the running collections will end, in milliseconds since 1970. */
export const ends: { cpu?: number; heap?: number; block?: number; trace?: number } = {};

/** Plans a CPU profile of all threads, or of one. */
export function planCpu(
  { seconds = DEFAULT_CPU_SECONDS, thread }: Parameters,
  { intervalMicros, sourceMaps = true }: CollectOptions,
): Plan {
  const interval = intervalMicros === undefined ? {} : { intervalMicros };
  return {
    name: "profile",
    seconds,
    collect: (signal) =>
      unlessBusy("cpu", "Could not enable CPU profiling", async () => {
        const profiling = await startThreads(
          { ...interval, sourceMaps },
          (name) => thread === undefined || name === thread,
        );
        try {
          ends.cpu = Date.now() + seconds * 1000;
          await wait(seconds, signal);
          return await profiling.stop();
        } finally {
          delete ends.cpu;
          // The client may have closed the connection.
          await profiling.cancel();
        }
      }),
  };
}

/**
 * Plans a profile of the memory in use (`heap`) or of all allocations (`allocs`): of the running
 * heap sampling, or else of `seconds`. Throws if heap sampling runs for the other kind.
 */
export function planHeap(
  kind: "heap" | "allocs",
  { seconds, gc }: Parameters,
  { sourceMaps = true }: CollectOptions,
): Plan {
  const collect = kind === "heap" ? heapProfile : allocs;
  const options = { sourceMaps, collectsGarbage: gc };
  const running = heapSampling();
  const failure = `Could not collect the profile ${kind}`;
  if (!running) {
    const duration = seconds ?? DEFAULT_HEAP_SECONDS;
    return {
      name: kind,
      seconds: duration,
      collect: (signal) =>
        unlessBusy("heap", failure, async () => {
          const durationMillis = duration * 1000;
          const end = Date.now() + durationMillis;
          // If a collection runs already, keep its end.
          ends.heap ??= end;
          try {
            const profile = await collect({ ...options, durationMillis, signal, ref: false });
            return addComment(profile, `covers only ${duration} s: ${NOT_SAMPLED}`);
          } finally {
            if (ends.heap === end) delete ends.heap;
          }
        }),
    };
  }
  if (running.keepsFreed !== (kind === "allocs")) throw new Refused(409, OTHER[kind]);
  if (seconds === undefined) {
    return {
      name: kind,
      seconds: 0,
      collect: () => unlessBusy("heap", failure, () => collect(options)),
    };
  }
  return {
    name: `${kind}-delta`,
    seconds,
    collect: (signal) =>
      unlessBusy("heap", failure, async () => {
        if (gc && kind === "heap")
          return heapGrowthDuring(() => wait(seconds, signal), { sourceMaps });
        const timeNanos = BigInt(Date.now()) * 1_000_000n;
        const started = performance.now();
        const before = await collect(options);
        await wait(seconds, signal);
        const after = await collect(options);
        const durationNanos = Math.round((performance.now() - started) * 1e6);
        const how = { marksBase: false, normalizes: false };
        return { ...compareProfiles(after, before, how, MAX_BYTES), timeNanos, durationNanos };
      }),
  };
}

const OTHER = {
  heap: "this program samples its heap with keepsFreed, so it does not know which memory is in use; request allocs",
  allocs:
    "this program samples its heap without keepsFreed, so it knows only the memory in use; request heap",
};

/** Waits without keeping the process alive. */
export async function wait(seconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(seconds * 1000, undefined, { signal, ref: false });
}

/** Turns a {@link BusyError} into a refusal that says when to try again. */
export async function unlessBusy<Collected>(
  profiler: keyof typeof ends,
  failure: string,
  collect: () => Promise<Collected>,
): Promise<Collected> {
  try {
    return await collect();
  } catch (error) {
    if (error instanceof ThreadError) throw new Refused(404, error.message);
    if (!(error instanceof BusyError)) throw error;
    const left = Math.ceil(((ends[profiler] ?? 0) - Date.now()) / 1000);
    // The end is unknown if the program itself started the profiler.
    throw new Refused(503, `${failure}: ${error.message}`, {
      "Retry-After": String(left > 0 ? left : 1),
    });
  }
}
