import { cpuProfileOf } from "../formats/v8-cpu.js";
import { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";
import { applySourceMaps } from "../source-code/source-maps.js";
import { LocalSession } from "../v8/local-session.js";
import { prepareSampling, type Sampling, startSampling, stopSampling } from "../v8/protocol.js";
import { BusyError } from "./busy.js";
import { unwatchLabels, watchLabels } from "./labels.js";
import { MAX_BYTES } from "./limits.js";
import { LabelTimeline } from "./timeline.js";

/** How {@link startCpuProfile} samples. */
export interface CpuProfileOptions {
  /** Microseconds from one sample to the next: 1000 where it is left out, 100 at the least. */
  readonly intervalMicros?: number;
  /** Whether places are those in the sources, where scripts have source maps; true where it is left out. */
  readonly sourceMaps?: boolean;
}

/** A CPU profile that is being taken. */
export interface CpuProfiling {
  /** Ends it, and gives what was sampled. Rejects where it was ended before. */
  stop(): Promise<Profile>;
  /** Ends it, and throws away what was sampled; does nothing where it was ended before. */
  cancel(): Promise<void>;
}

const DEFAULT_INTERVAL = 1000;
const MIN_INTERVAL = 100;
const MAX_INTERVAL = 10_000_000;

let isRunning = false;

/**
 * Begins to sample what this thread does, by the clock: `(idle)` where it waits. Rejects where
 * a profile is being taken already, and with a RangeError where the interval makes no sense.
 */
export async function startCpuProfile(options: CpuProfileOptions = {}): Promise<CpuProfiling> {
  const { intervalMicros = DEFAULT_INTERVAL, sourceMaps = true } = options;
  if (!(intervalMicros >= MIN_INTERVAL && intervalMicros <= MAX_INTERVAL)) {
    throw new RangeError(
      `intervalMicros is to be from ${MIN_INTERVAL} to ${MAX_INTERVAL}, not ${intervalMicros}`,
    );
  }
  if (isRunning) throw new BusyError("a CPU profile of this process is being taken already");
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
  readonly #timeline = new LabelTimeline();
  readonly #sampling: Sampling;
  readonly #sourceMaps: boolean;
  #timeNanos = 0n;
  /** Around the beginning, by `performance.now()`. */
  #before = 0;
  #after = 0;
  #hasEnded = false;

  private constructor(interval: number, sourceMaps: boolean) {
    this.#sampling = { kind: "cpu", interval };
    this.#sourceMaps = sourceMaps;
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
    watchLabels(this.#timeline);
    this.#timeNanos = BigInt(Date.now()) * 1_000_000n;
    this.#before = performance.now();
    const started = startSampling(send, this.#sampling);
    // V8 has started by now, however much later its answer comes.
    this.#after = performance.now();
    await Promise.all([...prepared, started]);
  }

  async stop(): Promise<Profile> {
    if (this.#hasEnded) throw new Error("this CPU profile has ended before");
    this.#hasEnded = true;
    let profile: unknown;
    try {
      const stopped = stopSampling(this.#session.send, "cpu");
      unwatchLabels();
      ({ profile } = await stopped);
    } finally {
      this.#end();
    }
    const startTime = Number((profile as { startTime?: unknown }).startTime);
    const toMillis = clockOf(startTime, this.#before, this.#after);
    const read = cpuProfileOf(profile, new Budget(MAX_BYTES), {
      timeNanos: this.#timeNanos,
      intervalMicros: this.#sampling.interval,
      labels: (number) => this.#timeline.reader(number, toMillis),
      comments: this.#timeline.endsEarly
        ? ["there were too many changes of labels, or labels: later samples have none"]
        : [],
    });
    return this.#sourceMaps ? applySourceMaps(read) : read;
  }

  async cancel(): Promise<void> {
    if (this.#hasEnded) return;
    this.#end();
  }

  #end(): void {
    this.#hasEnded = true;
    unwatchLabels();
    this.#session.close();
    isRunning = false;
  }
}

/**
 * Makes `performance.now()` of V8's microseconds. On Linux both count from one beginning;
 * elsewhere V8's start is taken to be in the middle of the time that starting took.
 */
function clockOf(startTime: number, before: number, after: number): (micros: number) => number {
  // Both clocks are read as close together as can be; the least difference is the best.
  let origin = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const now = performance.now();
    origin = Math.min(origin, Number(process.hrtime.bigint()) / 1e6 - now);
  }
  const start = startTime / 1000 - origin;
  const slack = 0.01;
  if (start >= before - slack && start <= after + slack) return (micros) => micros / 1000 - origin;
  const middle = (before + after) / 2;
  return (micros) => middle + (micros - startTime) / 1000;
}
