import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { addComment } from "../../transforms/add-comment.js";
import type { Delivery } from "../continuous/delivery.js";
import { CpuRotation, type RotationOptions } from "../cpu-rotation.js";

/** When to profile a busy event loop, and how. */
export interface BusySettings extends RotationOptions {
  readonly cooldownMillis: number;
  readonly maxPerHour: number;
  readonly busy: {
    /** The share of time in which the event loop works, from 0 to 1. */
    readonly utilization: number;
    /** The time for which the utilization must be reached, in seconds. */
    readonly seconds: number;
    readonly profileSeconds: number;
  };
}

const CAPTURE_LABEL = { capture: "busy" };

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

/** Profiles the CPU when the event loop has been busy for some time. */
export class BusyWatch {
  readonly #settings: BusySettings;
  readonly #delivery: Delivery;
  readonly #timer: NodeJS.Timeout;
  readonly #stopped = new AbortController();
  #last = performance.eventLoopUtilization();
  #busySeconds = 0;
  #pausedUntil = 0;
  /** The times of the last profiles. */
  #recent: number[] = [];
  #capture: Promise<void> | undefined;

  constructor(settings: BusySettings, delivery: Delivery) {
    this.#settings = settings;
    this.#delivery = delivery;
    this.#timer = setInterval(() => this.#look(), SECOND_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopped.abort();
    await this.#capture;
  }

  #look(): void {
    const now = performance.now();
    const current = performance.eventLoopUtilization();
    const { utilization, idle, active } = performance.eventLoopUtilization(current, this.#last);
    this.#last = current;
    const { busy, maxPerHour } = this.#settings;
    // A blocked event loop makes this late.
    const seconds = (idle + active) / SECOND_MS;
    this.#busySeconds = utilization >= busy.utilization ? this.#busySeconds + seconds : 0;
    this.#recent = this.#recent.filter((time) => time > now - HOUR_MS);
    // Timers may be some milliseconds early.
    if (this.#capture || this.#busySeconds < busy.seconds - 0.1 || now < this.#pausedUntil) return;
    if (this.#recent.length >= maxPerHour) return;
    this.#recent.push(now);
    this.#capture = this.#profile()
      .catch(this.#delivery.report)
      .finally(() => {
        this.#capture = undefined;
        this.#busySeconds = 0;
        this.#pausedUntil = performance.now() + this.#settings.cooldownMillis;
      });
  }

  async #profile(): Promise<void> {
    const { intervalMicros, sourceMaps, busy } = this.#settings;
    const start = new Date();
    const rotation = new CpuRotation({ intervalMicros, sourceMaps });
    try {
      const { signal } = this.#stopped;
      // Ends early when watching stops.
      await setTimeout(busy.profileSeconds * SECOND_MS, undefined, { ref: false, signal }).catch(
        () => {},
      );
      const profile = await rotation.read(rotation.end());
      if (!profile) return;
      const percent = Math.round(busy.utilization * 100);
      const comment = `the event loop was busy for at least ${percent} % of ${busy.seconds} s`;
      this.#delivery.send(
        addComment(profile, comment),
        { type: "cpu", reason: "busy", start, end: new Date() },
        CAPTURE_LABEL,
      );
    } finally {
      rotation.close();
    }
  }
}
