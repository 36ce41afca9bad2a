import { isMainThread, Worker } from "node:worker_threads";
import script from "thread:event-loop/watcher";
import { cpuProfileOf } from "../../formats/v8/cpu.js";
import { Budget } from "../../profile/budget.js";
import type { Profile } from "../../profile/profile.js";
import { LocalSession } from "../../v8/local-session.js";
import { BusyError } from "../busy.js";
import { Delivery, type DeliveryOptions } from "../continuous/delivery.js";
import { checkIntervalMicros } from "../cpu.js";
import { MAX_BYTES } from "../limits.js";
import { withSourceMaps } from "../mapped.js";
import { BusyWatch } from "./busy-watch.js";
import {
  CONNECTED,
  clockMillis,
  LEAVE_NOW,
  LEAVE_SOON,
  LEAVING,
  type Watched,
  type WatcherMessage,
} from "./watched.js";

/** Options of {@link watchEventLoop}. */
export interface WatchOptions extends DeliveryOptions {
  /** The age of a block when it begins to be profiled, in milliseconds; 250 by default. */
  readonly thresholdMillis?: number;
  /** The longest duration of a profile of a blocked event loop, in milliseconds; 30,000 by default. */
  readonly maxMillis?: number;
  /** If given, a busy event loop is profiled, too. */
  readonly busy?: BusyOptions;
  /** The time from the end of a profile until the next, in milliseconds; 60,000 by default. */
  readonly cooldownMillis?: number;
  /** The number of profiles in an hour; 20 by default. Busy and blocked times count separately. */
  readonly maxPerHour?: number;
  /** The time between two samples, in microseconds: at least 100, and 1000 by default. */
  readonly intervalMicros?: number;
  /** Whether to apply the source maps of scripts; true by default. */
  readonly sourceMaps?: boolean;
}

/** When to profile a busy event loop. */
export interface BusyOptions {
  /** The share of time in which the event loop works, from 0 to 1; 0.9 by default. */
  readonly utilization?: number;
  /** The time for which the utilization must be reached, in seconds; 10 by default. */
  readonly seconds?: number;
  /** The duration of the profile, in seconds; 10 by default. */
  readonly profileSeconds?: number;
}

/** An event loop that is being watched. */
export interface EventLoopWatch {
  /**
   * Stops watching, and waits until the targets have kept all profiles, by default at most 5 s.
   * Never rejects. Does nothing if it was stopped before.
   */
  stop(options?: { readonly timeoutMillis?: number }): Promise<void>;
}

const DEFAULT_THRESHOLD_MS = 250;
const MIN_THRESHOLD_MS = 20;
const DEFAULT_MAX_MS = 30_000;
const DEFAULT_COOLDOWN_MS = 60_000;
const DEFAULT_MAX_PER_HOUR = 20;
const DEFAULT_INTERVAL_MICROS = 1000;
const DEFAULT_STOP_MS = 5000;

/** The time limit for the watching thread to disconnect, in milliseconds. */
const LEAVE_TIMEOUT_MS = 2000;

/** The number of beats within the threshold, and the longest time between two beats. */
const BEATS = 4;
const MAX_BEAT_MS = 100;

/** The longest delay of Node's timers. */
const MAX_TIMER_MS = 2 ** 31 - 1;

let isWatching = false;

/**
 * Watches the event loop of the main thread, and profiles the CPU while it is blocked: from when it
 * has not turned for some time, until it turns again. The target gets the profiles. Rejects with a
 * BusyError if the event loop is being watched, with an Error outside of the main thread or if Node
 * allows no worker threads, and with a TypeError or RangeError if an option is invalid. Does not keep
 * the process alive.
 */
export async function watchEventLoop(options: WatchOptions): Promise<EventLoopWatch> {
  const settings = settingsOf(options);
  const delivery = new Delivery(options, "tsprof/profiler");
  if (!isMainThread) throw new Error("watchEventLoop works only in the main thread");
  if (isWatching) throw new BusyError("the event loop is being watched already");
  isWatching = true;
  try {
    return new RunningWatch(settings, delivery);
  } catch (error) {
    isWatching = false;
    if ((error as NodeJS.ErrnoException).code !== "ERR_ACCESS_DENIED") throw error;
    throw new Error("watchEventLoop needs a worker thread: start Node with --allow-worker");
  }
}

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(options: WatchOptions) {
  const { thresholdMillis = DEFAULT_THRESHOLD_MS, maxMillis = DEFAULT_MAX_MS } = options;
  const { cooldownMillis = DEFAULT_COOLDOWN_MS, maxPerHour = DEFAULT_MAX_PER_HOUR } = options;
  const { intervalMicros = DEFAULT_INTERVAL_MICROS, sourceMaps = true, busy } = options;
  checkRange("thresholdMillis", thresholdMillis, MIN_THRESHOLD_MS, MAX_TIMER_MS);
  checkRange("maxMillis", maxMillis, 1, MAX_TIMER_MS);
  checkRange("cooldownMillis", cooldownMillis, 0, Number.MAX_VALUE);
  checkRange("maxPerHour", maxPerHour, 1, Number.MAX_VALUE);
  checkIntervalMicros(intervalMicros);
  return {
    ...{ thresholdMillis, maxMillis, cooldownMillis, maxPerHour, sourceMaps },
    intervalMicros: Math.round(intervalMicros),
    busy: busy && busySettingsOf(busy),
  };
}

function busySettingsOf({ utilization = 0.9, seconds = 10, profileSeconds = 10 }: BusyOptions) {
  checkRange("busy.utilization", utilization, 0, 1);
  checkRange("busy.seconds", seconds, 1, MAX_TIMER_MS / 1000);
  checkRange("busy.profileSeconds", profileSeconds, 1, MAX_TIMER_MS / 1000);
  return { utilization, seconds, profileSeconds };
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  const range = most === Number.MAX_VALUE ? `at least ${least}` : `from ${least} to ${most}`;
  throw new RangeError(`${name} must be ${range}, not ${value}`);
}

class RunningWatch implements EventLoopWatch {
  readonly #delivery: Delivery;
  readonly #settings: Settings;
  readonly #flags = new Int32Array(new SharedArrayBuffer(8));
  readonly #beats: NodeJS.Timeout;
  readonly #exited: Promise<void>;
  readonly #busy: BusyWatch | undefined;
  readonly #leave = () => this.#dismiss();
  /** The profiles that are being converted. */
  readonly #converting = new Set<Promise<void>>();
  #stopped: Promise<void> | undefined;

  constructor(settings: Settings, delivery: Delivery) {
    this.#settings = settings;
    this.#delivery = delivery;
    const { thresholdMillis, maxMillis, cooldownMillis, maxPerHour, intervalMicros } = settings;
    const beat = new Float64Array(new SharedArrayBuffer(8));
    const beatMillis = Math.min(MAX_BEAT_MS, thresholdMillis / BEATS);
    beat[0] = clockMillis();
    const watched: Watched = {
      ...{ beat, beatMillis, flags: this.#flags },
      ...{ thresholdMillis, maxMillis, cooldownMillis, maxPerHour, intervalMicros },
    };
    const worker = new Worker(script, {
      eval: true,
      name: "tsprof",
      workerData: watched,
      // Without the program's own options, which may preload its modules.
      env: {},
      execArgv: [],
      trackUnmanagedFds: false,
    });
    worker.on("message", (message: WatcherMessage) => this.#receive(message));
    worker.on("error", delivery.report);
    this.#exited = new Promise((resolve) => worker.once("exit", () => resolve()));
    // After the listeners, because these would keep the process alive.
    worker.unref();
    this.#beats = setInterval(() => {
      beat[0] = clockMillis();
    }, beatMillis).unref();
    process.on("exit", this.#leave);
    if (settings.busy) this.#busy = new BusyWatch({ ...settings, busy: settings.busy }, delivery);
  }

  stop({ timeoutMillis = DEFAULT_STOP_MS } = {}): Promise<void> {
    this.#stopped ??= this.#stop(timeoutMillis);
    return this.#stopped;
  }

  async #stop(timeoutMillis: number): Promise<void> {
    Atomics.store(this.#flags, LEAVING, LEAVE_SOON);
    // This also keeps the process alive, as Node has unref'ed the thread.
    const tooLong = setInterval(() => {
      Atomics.store(this.#flags, LEAVING, LEAVE_NOW);
    }, LEAVE_TIMEOUT_MS);
    await this.#exited;
    process.off("exit", this.#leave);
    clearInterval(this.#beats);
    await this.#busy?.stop();
    await Promise.all(this.#converting);
    clearInterval(tooLong);
    isWatching = false;
    await this.#delivery.finish(timeoutMillis);
  }

  /**
   * Makes the watching thread disconnect, and waits for that. Otherwise, Node prints that it waits
   * for a debugger when it exits.
   */
  #dismiss(): void {
    Atomics.store(this.#flags, LEAVING, LEAVE_NOW);
    Atomics.wait(this.#flags, CONNECTED, 1, LEAVE_TIMEOUT_MS);
  }

  #receive(message: WatcherMessage): void {
    const { report } = this.#delivery;
    if (message.type === "failed") {
      report(new Error(`cannot profile the blocked event loop: ${message.reason}`));
    } else if (message.type === "missed") {
      report(
        new Error(
          `the event loop was blocked for ${Math.round(message.blockedMillis)} ms outside of JavaScript, where no profile can be started`,
        ),
      );
    } else {
      const converted = this.#send(message)
        .catch(report)
        .finally(() => this.#converting.delete(converted));
      this.#converting.add(converted);
    }
  }

  async #send(message: WatcherMessage & { readonly type: "profile" }): Promise<void> {
    const { json, startMillis, endMillis, blockedMillis, isUnfinished } = message;
    const { sourceMaps, intervalMicros } = this.#settings;
    const v8Profile: unknown = JSON.parse(json);
    const timeNanos = BigInt(Math.round(startMillis)) * 1_000_000n;
    const duration = `${Math.round(blockedMillis)} ms`;
    const profile = cpuProfileOf(v8Profile, new Budget(MAX_BYTES), {
      ...{ timeNanos, intervalMicros },
      comments: [
        isUnfinished
          ? `the event loop was blocked for more than ${duration}`
          : `the event loop was blocked for ${duration}`,
      ],
    });
    const mapped = sourceMaps ? await withLocalSourceMaps(profile, v8Profile) : profile;
    const times = { start: new Date(startMillis), end: new Date(endMillis) };
    this.#delivery.send(mapped, { type: "cpu", reason: "blocked", ...times }, CAPTURE_LABEL);
  }
}

/** The label that distinguishes these profiles from continuous ones. */
const CAPTURE_LABEL = { capture: "blocked" };

async function withLocalSourceMaps(profile: Profile, v8Profile: unknown): Promise<Profile> {
  const session = new LocalSession();
  try {
    return await withSourceMaps(profile, await session.compiledScripts(v8Profile));
  } finally {
    session.close();
  }
}
