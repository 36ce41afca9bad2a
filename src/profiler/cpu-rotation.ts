import console from "node:console";
import { setImmediate } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import type { Profile } from "../profile/profile.js";
import { mergeAll } from "../transforms/merge/merge-all.js";
import { LocalSession } from "../v8/local-session.js";
import { prepareSampling } from "../v8/protocol.js";
import { labelChanges, unwatchLabels, watchLabels } from "./labels.js";
import { MAX_BYTES } from "./limits.js";
import { withSourceMaps } from "./mapped.js";
import { type OwnCpu, readOwnCpu, startMillis } from "./own-cpu.js";

/** Node's own functions, because programs replace the global `console`, as test runners do. */
const { profile: beginProfile, profileEnd: endProfile } = console;

/** The time between two checks of the memory that the labels of a part need, in milliseconds. */
const LABEL_CHECK_MS = 1000;

/** The number of label changes after which a new part begins. Their memory is 6 MB. */
const MAX_CHANGES_PER_PART = 2 ** 19;

/** Options of {@link CpuRotation}. */
export interface RotationOptions {
  readonly intervalMicros: number;
  readonly sourceMaps: boolean;
}

/** The CPU profile of a period of time. It may consist of several parts. */
export interface CpuPeriod {
  readonly parts: readonly CpuPart[];
}

interface RunningPart extends Omit<OwnCpu, "v8Profile"> {
  readonly title: string;
}

/** The number of profiles so far, for unique titles. */
let count = 0;

/**
 * Samples the CPU of this thread without a pause, as one profile after the other. Each profile of
 * V8 ends after the next has begun, so that V8 keeps its list of compiled functions: to make that
 * list blocks large programs for 100 ms. V8 allows profiles to overlap only if `console.profile`
 * begins them.
 */
export class CpuRotation {
  readonly #session = new LocalSession();
  readonly #options: RotationOptions;
  readonly #labelCheck: NodeJS.Timeout;
  #running: RunningPart | undefined;
  /** The part that is being ended. */
  #ending: RunningPart | undefined;
  /** The ended parts of the current period. */
  #parts: CpuPart[] = [];
  #isOpen = true;

  /** Starts to sample. Throws if V8 cannot. */
  constructor(options: RotationOptions) {
    this.#options = options;
    const { send } = this.#session;
    try {
      if (typeof beginProfile !== "function") {
        throw new Error("console.profile is missing, which is needed to profile continuously");
      }
      for (const answer of prepareSampling(send, {
        kind: "cpu",
        interval: options.intervalMicros,
      })) {
        answer.catch(() => {});
      }
      this.#session.on("Profiler.consoleProfileFinished", (params) => this.#onFinished(params));
      this.#begin();
    } catch (error) {
      this.#session.close();
      throw error;
    }
    this.#labelCheck = setInterval(() => this.#limitLabels(), LABEL_CHECK_MS).unref();
  }

  /** Ends the current period and begins the next. */
  next(): CpuPeriod {
    this.#split();
    return this.#take();
  }

  /** Ends the last period. {@link close} must follow. */
  end(): CpuPeriod {
    const last = this.#running;
    this.#running = undefined;
    if (last) this.#finish(last);
    return this.#take();
  }

  /** Converts the profile of a period. Returns undefined if the period has no profile. */
  async read({ parts }: CpuPeriod): Promise<Profile | undefined> {
    return mergeAll(
      parts.map((part) => ({ name: "a CPU profile", read: () => part.read() })),
      MAX_BYTES,
    );
  }

  /** Stops sampling and discards the current period. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearInterval(this.#labelCheck);
    const last = this.#running;
    this.#running = undefined;
    if (last) {
      unwatchLabels(last.timeline);
      endProfile(last.title);
    }
    this.#session.close();
  }

  #take(): CpuPeriod {
    const parts = this.#parts;
    this.#parts = [];
    return { parts };
  }

  #begin(): void {
    const title = `tsprof continuous ${threadId}.${++count}`;
    const timeline = watchLabels();
    const timeNanos = BigInt(Date.now()) * 1_000_000n;
    const startedAfter = performance.now();
    beginProfile(title);
    this.#running = {
      ...{ title, timeline, timeNanos, startedAfter },
      startedBefore: performance.now(),
      intervalMicros: this.#options.intervalMicros,
    };
  }

  /** Begins the next part, and ends the last one. */
  #split(): void {
    const last = this.#running;
    this.#begin();
    if (last) this.#finish(last);
  }

  #finish(part: RunningPart): void {
    unwatchLabels(part.timeline);
    this.#ending = part;
    // V8 reports the end before this function returns.
    endProfile(part.title);
    this.#ending = undefined;
  }

  #onFinished(params: unknown): void {
    const { title, profile } = params as { readonly title?: string; readonly profile: unknown };
    const ended = [this.#ending, this.#running].find((part) => part?.title === title);
    // The program may profile, too.
    if (!ended) return;
    if (ended === this.#running) {
      // `console.profileEnd()` of the program has ended the current part.
      unwatchLabels(ended.timeline);
      this.#begin();
    }
    this.#parts.push(new CpuPart({ ...ended, v8Profile: profile }, this.#mapped));
  }

  /** Applies source maps. V8 lists the scripts before this function returns. */
  readonly #mapped = async (profile: Profile, v8Profile: unknown): Promise<Profile> => {
    if (!this.#options.sourceMaps) return profile;
    const scripts = this.#isOpen ? this.#session.compiledScripts(v8Profile) : [];
    return withSourceMaps(profile, await scripts);
  };

  /** Keeps the memory of labels flat, also in programs that change them very often. */
  #limitLabels(): void {
    if (!this.#running || labelChanges(this.#running.timeline) < MAX_CHANGES_PER_PART) return;
    this.#split();
    // The labels are no longer needed once the part was read. Its reader gets the error.
    for (const part of this.#parts) part.read().catch(() => {});
  }
}

type Mapped = (profile: Profile, v8Profile: unknown) => Promise<Profile>;

/** A part of a period, as V8 recorded it. */
export class CpuPart {
  /** The time of `performance.now()` at which V8 started. */
  readonly startMillis: number;
  #own: OwnCpu | undefined;
  readonly #mapped: Mapped;
  #read: Promise<Profile> | undefined;

  constructor(own: OwnCpu, mapped: Mapped) {
    this.startMillis = startMillis(own);
    this.#own = own;
    this.#mapped = mapped;
  }

  /** Converts the part, once. */
  read(): Promise<Profile> {
    this.#read ??= this.#convert();
    return this.#read;
  }

  async #convert(): Promise<Profile> {
    // V8 has just blocked the thread to end the profile.
    await setImmediate();
    const own = this.#own as OwnCpu;
    this.#own = undefined;
    return this.#mapped(readOwnCpu(own), own.v8Profile);
  }
}
