import type { Profile } from "../../profile/profile.js";
import { compareProfiles } from "../../transforms/compare.js";
import { BusyError } from "../busy.js";
import { checkIntervalMicros } from "../cpu.js";
import { type CpuPeriod, CpuRotation } from "../cpu-rotation.js";
import { allocs, heapProfile, heapSampling, startHeapSampling, stopHeapSampling } from "../heap.js";
import { withoutIdle } from "../idle.js";
import { MAX_BYTES } from "../limits.js";
import { Delivery, type DeliveryOptions } from "./delivery.js";

/** Options of {@link startContinuous}. */
export interface ContinuousOptions extends DeliveryOptions {
  /** The duration of each profile, in milliseconds; 60,000 by default. */
  readonly every?: number;
  /** Whether to profile the CPU, or how; true by default. */
  readonly cpu?: boolean | ContinuousCpuOptions;
  /** Whether to profile the heap, or how; false by default. */
  readonly heap?: boolean | ContinuousHeapOptions;
  /** Whether to apply the source maps of scripts; true by default. */
  readonly sourceMaps?: boolean;
}

export interface ContinuousCpuOptions {
  /** The time between two samples, in microseconds: at least 100, and 10,000 by default. */
  readonly intervalMicros?: number;
  /** Whether to keep the samples that wait for events, `(idle)`; true by default. */
  readonly keepsIdle?: boolean;
}

export interface ContinuousHeapOptions {
  /** The average number of bytes allocated between two samples; about 512 KiB by default. */
  readonly intervalBytes?: number;
}

/** Continuous profiling that runs. */
export interface Continuous {
  /**
   * Stops. Gives the last profiles to the targets and waits until they have kept everything, by
   * default at most 5 s. Never rejects. Does nothing if it was stopped before.
   */
  stop(options?: { readonly timeoutMillis?: number }): Promise<void>;
}

const DEFAULT_EVERY_MS = 60_000;
const MIN_EVERY_MS = 1000;

/** The longest delay of Node's timers. */
const MAX_EVERY_MS = 2 ** 31 - 1;

const DEFAULT_INTERVAL_MICROS = 10_000;
const DEFAULT_STOP_MS = 5000;

let isRunning = false;

/**
 * Collects profiles of this thread all the time, one after the other without pauses, and gives them
 * to a target. Rejects with a BusyError if continuous profiling runs, and with a TypeError or
 * RangeError if an option is invalid. Later errors go to `onError`, and do not affect the program.
 * Does not keep the process alive.
 */
export async function startContinuous(options: ContinuousOptions): Promise<Continuous> {
  const { every = DEFAULT_EVERY_MS, cpu = true, heap = false, sourceMaps = true } = options;
  if (!(every >= MIN_EVERY_MS && every <= MAX_EVERY_MS)) {
    throw new RangeError(`every must be from ${MIN_EVERY_MS} to ${MAX_EVERY_MS} ms, not ${every}`);
  }
  if (!cpu && !heap) throw new TypeError("cpu and heap must not both be false");
  const { intervalMicros = DEFAULT_INTERVAL_MICROS, keepsIdle = true } =
    typeof cpu === "object" ? cpu : {};
  checkIntervalMicros(intervalMicros);
  const delivery = new Delivery(options, "tsprof/profiler");
  if (isRunning) throw new BusyError("continuous profiling of this thread runs already");
  isRunning = true;
  try {
    const heaps = heap
      ? await HeapSeries.start(typeof heap === "object" ? heap : {}, sourceMaps)
      : undefined;
    const interval = Math.round(intervalMicros);
    const rotation = cpu ? new CpuRotation({ intervalMicros: interval, sourceMaps }) : undefined;
    return new RunningContinuous(delivery, every, keepsIdle, rotation, heaps);
  } catch (error) {
    isRunning = false;
    throw error;
  }
}

class RunningContinuous implements Continuous {
  readonly #delivery: Delivery;
  readonly #keepsIdle: boolean;
  readonly #rotation: CpuRotation | undefined;
  readonly #heaps: HeapSeries | undefined;
  readonly #timer: NodeJS.Timeout;
  #start = new Date();
  #stopped: Promise<void> | undefined;
  /** The collection that is in progress. */
  #collecting: Promise<unknown> = Promise.resolve();

  constructor(
    delivery: Delivery,
    every: number,
    keepsIdle: boolean,
    rotation: CpuRotation | undefined,
    heaps: HeapSeries | undefined,
  ) {
    this.#delivery = delivery;
    this.#keepsIdle = keepsIdle;
    this.#rotation = rotation;
    this.#heaps = heaps;
    this.#timer = setInterval(() => this.#collect(), every).unref();
  }

  stop({ timeoutMillis = DEFAULT_STOP_MS } = {}): Promise<void> {
    this.#stopped ??= this.#stop(timeoutMillis);
    return this.#stopped;
  }

  async #stop(timeoutMillis: number): Promise<void> {
    clearInterval(this.#timer);
    this.#collect(true);
    await this.#collecting;
    this.#rotation?.close();
    await this.#heaps?.stop().catch(this.#delivery.report);
    isRunning = false;
    await this.#delivery.finish(timeoutMillis);
  }

  /** Ends the current profiles and gives them to the targets. */
  #collect(isLast = false): void {
    const { report } = this.#delivery;
    const start = this.#start;
    const end = new Date();
    this.#start = end;
    try {
      const period = isLast ? this.#rotation?.end() : this.#rotation?.next();
      this.#collecting = this.#collecting
        .then(() => period && this.#sendCpu(period, start, end))
        .catch(report)
        .then(() => this.#sendHeap(start, end))
        .catch(report);
    } catch (error) {
      report(error);
    }
  }

  async #sendCpu(period: CpuPeriod, start: Date, end: Date): Promise<void> {
    const whole = await this.#rotation?.read(period);
    if (!whole) return;
    const profile = this.#keepsIdle ? whole : withoutIdle(whole);
    this.#delivery.send(profile, { type: "cpu", reason: "continuous", start, end });
  }

  async #sendHeap(start: Date, end: Date): Promise<void> {
    const found = await this.#heaps?.next();
    if (!found) return;
    this.#delivery.send(found.profile, { type: found.type, reason: "continuous", start, end });
  }
}

/** The profiles of the heap, one per period. */
class HeapSeries {
  readonly #startedSampling: boolean;
  readonly #sourceMaps: boolean;
  /** All allocations until the last period. */
  #before: Profile | undefined;

  private constructor(startedSampling: boolean, sourceMaps: boolean) {
    this.#startedSampling = startedSampling;
    this.#sourceMaps = sourceMaps;
  }

  /** Starts to sample the heap, unless the program does so already. */
  static async start(options: ContinuousHeapOptions, sourceMaps: boolean): Promise<HeapSeries> {
    const running = heapSampling();
    if (!running) await startHeapSampling(options);
    const series = new HeapSeries(!running, sourceMaps);
    if (running?.keepsFreed) series.#before = await allocs({ sourceMaps });
    return series;
  }

  /** Returns the memory in use or, if the program samples with keepsFreed, the new allocations. */
  async next(): Promise<{ type: "heap" | "allocs"; profile: Profile }> {
    const sourceMaps = this.#sourceMaps;
    const before = this.#before;
    if (!before) return { type: "heap", profile: await heapProfile({ sourceMaps }) };
    const profile = await allocs({ sourceMaps });
    this.#before = profile;
    const how = { marksBase: false, normalizes: false };
    const timeNanos = BigInt(before.timeNanos) + BigInt(before.durationNanos);
    const durationNanos = BigInt(profile.durationNanos) - BigInt(before.durationNanos);
    const change = compareProfiles(profile, before, how, MAX_BYTES);
    return { type: "allocs", profile: { ...change, timeNanos, durationNanos } };
  }

  async stop(): Promise<void> {
    if (this.#startedSampling) await stopHeapSampling();
  }
}
