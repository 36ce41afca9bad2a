import { setTimeout } from "node:timers/promises";
import type { Profile } from "../../profile/profile.js";
import { addComment } from "../../transforms/add-comment.js";
import { ProfileMerger } from "../../transforms/merge/merger.js";
import { BusyError } from "../busy.js";
import { checkIntervalMicros } from "../cpu.js";
import { type CpuPeriod, CpuRotation } from "../cpu-rotation.js";
import { MAX_BYTES } from "../limits.js";
import { type Block, blockSamples, noBlocks } from "./blocks.js";

/** Options of {@link startBlockProfile}. */
export interface BlockProfileOptions {
  /** The shortest block that counts, in milliseconds; 50 by default. */
  readonly thresholdMillis?: number;
  /** The time between two samples of the stack, in microseconds; by default a fifth of the threshold, at most 10,000. */
  readonly intervalMicros?: number;
  /** Whether to apply the source maps of scripts; true by default. */
  readonly sourceMaps?: boolean;
}

/** Options of {@link blockProfile}. */
export interface BlockSnapshotOptions extends BlockProfileOptions {
  /** The duration of the profile, in milliseconds. Needed unless {@link startBlockProfile} was called. */
  readonly durationMillis?: number;
  /** Aborts the profiling of `durationMillis`. The promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Whether the process stays alive for `durationMillis`, as for timers; true by default. */
  readonly ref?: boolean;
}

const DEFAULT_THRESHOLD_MS = 50;
const MIN_THRESHOLD_MS = 10;

/** The longest delay of Node's timers. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The number of beats, and of samples, within the threshold. */
const BEATS = 4;
const SAMPLES = 5;
const MAX_INTERVAL_MICROS = 10_000;
const MAX_BEAT_MS = 50;

/** The time after which samples outside of blocks are dropped, in milliseconds. */
const PERIOD_MS = 30_000;

let collector: BlockCollector | undefined;

/**
 * Starts to profile the blocks of this thread's event loop. Rejects with a BusyError if they are being
 * profiled, and with a RangeError if an option is invalid. Does not keep the process alive.
 */
export async function startBlockProfile(options: BlockProfileOptions = {}): Promise<void> {
  start(options, false);
}

/** Stops {@link startBlockProfile} and discards its profile. Does nothing if it does not run. */
export async function stopBlockProfile(): Promise<void> {
  if (collector && !collector.isBrief) stop(collector);
}

/** Returns whether {@link startBlockProfile} runs. */
export function profilesBlocks(): boolean {
  return collector !== undefined && !collector.isBrief;
}

/**
 * Returns the stacks that blocked the event loop since {@link startBlockProfile}, or during
 * `durationMillis`. The sample types are those of Go: `contentions`, the number of blocks, and
 * `delay`, their time.
 */
export async function blockProfile(options: BlockSnapshotOptions = {}): Promise<Profile> {
  const { durationMillis, signal, ref = true } = options;
  signal?.throwIfAborted();
  if (collector?.isBrief) {
    throw new BusyError("what blocks the event loop is being profiled already");
  }
  if (collector) return collector.snapshot();
  if (durationMillis === undefined) {
    throw new Error("startBlockProfile was not called: call it first, or set durationMillis");
  }
  if (!(durationMillis >= 0 && durationMillis <= MAX_TIMER_MS)) {
    throw new RangeError(`durationMillis must be from 0 to ${MAX_TIMER_MS}, not ${durationMillis}`);
  }
  const own = start(options, true);
  try {
    await setTimeout(durationMillis, undefined, { ref, ...(signal && { signal }) });
    return await own.snapshot();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    stop(own);
  }
}

function start(options: BlockProfileOptions, isBrief: boolean): BlockCollector {
  const { thresholdMillis = DEFAULT_THRESHOLD_MS, sourceMaps = true } = options;
  if (!(thresholdMillis >= MIN_THRESHOLD_MS && thresholdMillis <= MAX_TIMER_MS)) {
    throw new RangeError(
      `thresholdMillis must be from ${MIN_THRESHOLD_MS} to ${MAX_TIMER_MS}, not ${thresholdMillis}`,
    );
  }
  const fine = Math.min(MAX_INTERVAL_MICROS, (thresholdMillis * 1000) / SAMPLES);
  const { intervalMicros = fine } = options;
  checkIntervalMicros(intervalMicros);
  if (collector) throw new BusyError("what blocks the event loop is being profiled already");
  const interval = Math.round(intervalMicros);
  collector = new BlockCollector(thresholdMillis, interval, sourceMaps, isBrief);
  return collector;
}

function stop(own: BlockCollector): void {
  if (collector === own) collector = undefined;
  own.stop();
}

/**
 * Samples the CPU all the time, and keeps only the samples of blocks. A timer beats often; the event
 * loop was blocked if a beat is late.
 */
class BlockCollector {
  /** Whether it runs for one profile only. */
  readonly isBrief: boolean;
  readonly #thresholdMillis: number;
  readonly #beatMillis: number;
  readonly #rotation: CpuRotation;
  readonly #beats: NodeJS.Timeout;
  readonly #periods: NodeJS.Timeout;
  readonly #timeNanos = BigInt(Date.now()) * 1_000_000n;
  readonly #started = performance.now();
  #lastBeat: number;
  #blocks: Block[] = [];
  #sum = noBlocks();
  /** The last condensation. They follow each other. */
  #condensing: Promise<void> = Promise.resolve();

  constructor(
    thresholdMillis: number,
    intervalMicros: number,
    sourceMaps: boolean,
    isBrief: boolean,
  ) {
    this.isBrief = isBrief;
    this.#thresholdMillis = thresholdMillis;
    this.#beatMillis = Math.min(MAX_BEAT_MS, thresholdMillis / BEATS);
    this.#rotation = new CpuRotation({ intervalMicros, sourceMaps });
    // To start V8's profiler blocks, too.
    this.#lastBeat = performance.now();
    this.#beats = setInterval(() => this.#beat(), this.#beatMillis).unref();
    this.#periods = setInterval(() => {
      // An error affects only these samples.
      this.#condense().catch(() => {});
    }, PERIOD_MS).unref();
  }

  async snapshot(): Promise<Profile> {
    await this.#condense();
    const durationNanos = Math.round((performance.now() - this.#started) * 1e6);
    const profile = { ...this.#sum, timeNanos: this.#timeNanos, durationNanos };
    return addComment(
      profile,
      `what blocked the event loop for more than ${this.#thresholdMillis} ms`,
    );
  }

  stop(): void {
    clearInterval(this.#beats);
    clearInterval(this.#periods);
    this.#rotation.close();
  }

  #beat(): void {
    const now = performance.now();
    const due = this.#lastBeat + this.#beatMillis;
    if (now - due > this.#thresholdMillis) this.#blocks.push({ start: due, end: now });
    this.#lastBeat = now;
  }

  /** Adds the blocks of the current period to the sum. Without blocks, nothing is converted. */
  #condense(): Promise<void> {
    this.#beat();
    const blocks = this.#blocks;
    this.#blocks = [];
    const period = this.#rotation.next();
    if (blocks.length > 0) {
      const added = this.#condensing.catch(() => {}).then(() => this.#add(period, blocks));
      this.#condensing = added;
    }
    return this.#condensing;
  }

  async #add({ parts }: CpuPeriod, blocks: readonly Block[]): Promise<void> {
    const merger = new ProfileMerger(MAX_BYTES);
    merger.add(this.#sum);
    for (const part of parts) {
      merger.add(blockSamples(await part.read(), part.startMillis, blocks));
    }
    this.#sum = merger.finish();
  }
}
