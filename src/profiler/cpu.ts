import { BusyError } from "./busy.js";
import type { CpuProfiling } from "./cpu-profiling.js";
import { offerLabels } from "./offered-labels.js";
import { RunningCpuProfile } from "./running-cpu.js";
import { ThreadsCpuProfile } from "./threads-cpu.js";

/** Options of {@link startCpuProfile}. */
export interface CpuProfileOptions {
  /** The time between two samples, in microseconds: at least 100, and 1000 by default. */
  readonly intervalMicros?: number;
  /** Whether to apply the source maps of scripts; true by default. */
  readonly sourceMaps?: boolean;
  /**
   * Which threads to sample: the calling thread (`"current"`, the default), or all threads of the
   * process (`"all"`). Samples of all threads have the label `thread`.
   */
  readonly threads?: "current" | "all";
}

const DEFAULT_INTERVAL_MICROS = 1000;
const MIN_INTERVAL_MICROS = 100;
const MAX_INTERVAL_MICROS = 10_000_000;

let isRunning = false;

/** Throws a RangeError if a sampling interval is out of range. */
export function checkIntervalMicros(intervalMicros: number): void {
  if (!(intervalMicros >= MIN_INTERVAL_MICROS && intervalMicros <= MAX_INTERVAL_MICROS)) {
    throw new RangeError(
      `intervalMicros must be from ${MIN_INTERVAL_MICROS} to ${MAX_INTERVAL_MICROS}, not ${intervalMicros}`,
    );
  }
}

/**
 * Starts to sample stacks. Samples show `(idle)` while a thread waits. Rejects with a BusyError if
 * this thread is collecting a CPU profile already, and with a RangeError for a wrong interval.
 */
export async function startCpuProfile(options: CpuProfileOptions = {}): Promise<CpuProfiling> {
  const { threads = "current", ...others } = options;
  if (threads !== "current" && threads !== "all") {
    throw new RangeError(`threads must be "current" or "all", not ${JSON.stringify(threads)}`);
  }
  return start(others, threads === "all" ? () => true : undefined);
}

/**
 * Starts to sample the threads for whose label `thread` a function returns true, as
 * {@link startCpuProfile}. Rejects with a ThreadError if there are none.
 */
export function startThreads(
  options: CpuProfileOptions,
  selects: (thread: string) => boolean,
): Promise<CpuProfiling> {
  return start(options, selects);
}

async function start(
  { intervalMicros = DEFAULT_INTERVAL_MICROS, sourceMaps = true }: CpuProfileOptions,
  selects: ((thread: string) => boolean) | undefined,
): Promise<CpuProfiling> {
  checkIntervalMicros(intervalMicros);
  if (isRunning) throw new BusyError("a CPU profile of this process is being collected already");
  isRunning = true;
  const onEnd = () => {
    isRunning = false;
  };
  const interval = Math.round(intervalMicros);
  return selects
    ? ThreadsCpuProfile.start(interval, sourceMaps, selects, onEnd)
    : RunningCpuProfile.start(interval, sourceMaps, onEnd);
}

// Other threads of the process may want the labels of this thread.
offerLabels();
