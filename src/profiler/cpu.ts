import type { Profile } from "../profile/profile.js";
import type { LoadedScript } from "../v8/loaded-scripts.js";
import { LocalSession } from "../v8/local-session.js";
import { prepareSampling, type Sampling, startSampling, stopSampling } from "../v8/protocol.js";
import { BusyError } from "./busy.js";
import type { LabelTimeline } from "./label-timeline.js";
import { unwatchLabels, watchLabels } from "./labels.js";
import { withSourceMaps } from "./mapped.js";
import { readOwnCpu } from "./own-cpu.js";

/** Options of {@link startCpuProfile}. */
export interface CpuProfileOptions {
  /** The time between two samples, in microseconds: at least 100, and 1000 by default. */
  readonly intervalMicros?: number;
  /** Whether to apply the source maps of scripts; true by default. */
  readonly sourceMaps?: boolean;
}

/** A CPU profile that is being collected. */
export interface CpuProfiling {
  /** Stops sampling and returns the profile. Rejects if sampling was stopped before. */
  stop(): Promise<Profile>;
  /** Stops sampling and discards the samples. Does nothing if sampling was stopped before. */
  cancel(): Promise<void>;
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
 * Starts to sample this thread's stack. Samples show `(idle)` while it waits. Rejects with a
 * BusyError if a CPU profile is being collected, and with a RangeError for a wrong interval.
 */
export async function startCpuProfile(options: CpuProfileOptions = {}): Promise<CpuProfiling> {
  const { intervalMicros = DEFAULT_INTERVAL_MICROS, sourceMaps = true } = options;
  checkIntervalMicros(intervalMicros);
  if (isRunning) throw new BusyError("a CPU profile of this process is being collected already");
  isRunning = true;
  try {
    return await RunningCpuProfile.start(Math.round(intervalMicros), sourceMaps);
  } catch (error) {
    isRunning = false;
    throw error;
  }
}

class RunningCpuProfile implements CpuProfiling {
  readonly #session = new LocalSession();
  readonly #timeline: LabelTimeline;
  readonly #sampling: Sampling;
  readonly #sourceMaps: boolean;
  #timeNanos = 0n;
  /** `performance.now()` before and after the start. */
  #before = 0;
  #after = 0;
  #hasEnded = false;

  private constructor(interval: number, sourceMaps: boolean) {
    this.#sampling = { kind: "cpu", interval };
    this.#sourceMaps = sourceMaps;
    this.#timeline = watchLabels();
  }

  static async start(interval: number, sourceMaps: boolean): Promise<RunningCpuProfile> {
    const profile = new RunningCpuProfile(interval, sourceMaps);
    try {
      await profile.#start();
    } catch (error) {
      profile.#end();
      throw error;
    }
    return profile;
  }

  async #start(): Promise<void> {
    const { send } = this.#session;
    const prepared = prepareSampling(send, this.#sampling);
    this.#timeNanos = BigInt(Date.now()) * 1_000_000n;
    this.#before = performance.now();
    const started = startSampling(send, this.#sampling);
    // V8 has started by now, however much later its answer comes.
    this.#after = performance.now();
    await Promise.all([...prepared, started]);
  }

  async stop(): Promise<Profile> {
    if (this.#hasEnded) throw new Error("this CPU profile was stopped before");
    this.#hasEnded = true;
    let profile: unknown;
    let scripts: readonly LoadedScript[] = [];
    try {
      const stopped = stopSampling(this.#session.send, "cpu");
      unwatchLabels(this.#timeline);
      ({ profile } = await stopped);
      if (this.#sourceMaps) scripts = await this.#session.compiledScripts(profile);
    } finally {
      this.#end();
    }
    const read = readOwnCpu({
      v8Profile: profile,
      timeline: this.#timeline,
      timeNanos: this.#timeNanos,
      intervalMicros: this.#sampling.interval,
      startedAfter: this.#before,
      startedBefore: this.#after,
    });
    return this.#sourceMaps ? withSourceMaps(read, scripts) : read;
  }

  async cancel(): Promise<void> {
    if (this.#hasEnded) return;
    this.#end();
  }

  #end(): void {
    this.#hasEnded = true;
    unwatchLabels(this.#timeline);
    this.#session.close();
    isRunning = false;
  }
}
