/**
 * Starts and stops V8's two sampling profilers. `record` bundles this module into the programs that
 * it records: keep it free of imports and side effects.
 */

/** Sends a command to the inspector of one thread. `Answer` is its result, or a promise of it. */
export type Send<Answer> = (method: string, params?: object) => Answer;

/** What to sample, and how often. */
export interface Sampling {
  readonly kind: "cpu" | "heap";
  /** Microseconds between two samples of the CPU, or bytes allocated between two of the heap. */
  readonly interval: number;
  /** Whether a heap profile keeps objects that were freed since; false by default. */
  readonly keepsFreed?: boolean;
}

/** The profile of a {@link Sampling}, as options, files and URLs name it. */
export type ProfileKind = "cpu" | "heap" | "allocs";

export function profileKind({ kind, keepsFreed }: Sampling): ProfileKind {
  return keepsFreed ? "allocs" : kind;
}

/**
 * The default number of bytes between two heap samples: close to 512 KiB, where samples of objects
 * of more sizes differ than with that interval (formats/v8/heap-objects.ts).
 */
export const DEFAULT_HEAP_INTERVAL_BYTES = 524_160;

/** Enables a profiler without starting it. Returns the answers to the commands, in order. */
export function prepareSampling<Answer>(send: Send<Answer>, sampling: Sampling): Answer[] {
  if (sampling.kind === "heap") return [send("HeapProfiler.enable")];
  return [
    send("Profiler.enable"),
    send("Profiler.setSamplingInterval", { interval: sampling.interval }),
  ];
}

/** Starts a profiler that {@link prepareSampling} has enabled. */
export function startSampling<Answer>(send: Send<Answer>, sampling: Sampling): Answer {
  if (sampling.kind === "cpu") return send("Profiler.start");
  const { interval, keepsFreed = false } = sampling;
  return send("HeapProfiler.startSampling", {
    samplingInterval: interval,
    includeObjectsCollectedByMajorGC: keepsFreed,
    includeObjectsCollectedByMinorGC: keepsFreed,
  });
}

/** Stops a profiler. The result of the command has the property `profile`. */
export function stopSampling<Answer>(send: Send<Answer>, kind: Sampling["kind"]): Answer {
  return send(kind === "cpu" ? "Profiler.stop" : "HeapProfiler.stopSampling");
}

/** Disables a profiler, for connections that others keep open. */
export function disableSampling<Answer>(send: Send<Answer>, kind: Sampling["kind"]): Answer {
  return send(kind === "cpu" ? "Profiler.disable" : "HeapProfiler.disable");
}
