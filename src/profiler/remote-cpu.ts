import { randomUUID } from "node:crypto";
import { cpuProfileOf } from "../formats/v8/cpu.js";
import { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";
import { compiledScripts, loadedScripts } from "../v8/loaded-scripts.js";
import { disableSampling, prepareSampling } from "../v8/protocol.js";
import type { Connection } from "../v8/worker-sessions.js";
import { clockOf } from "./clock.js";
import { LabelTimeline } from "./label-timeline.js";
import { MAX_BYTES } from "./limits.js";
import { withSourceMaps } from "./mapped.js";
import { LABEL_OFFER, type OfferedLabels } from "./offered-labels.js";

/** A thread other than the current one. */
export interface OtherThread extends Connection {
  readonly name: string;
  /** Resolves when the thread ends. */
  readonly closed: Promise<void>;
}

/** Reasons why the profile of a thread is lost. */
const BLOCKED = "are blocked";
const ENDED = "were terminated, or ended too early";
export type Loss = typeof BLOCKED | typeof ENDED;

/** How long to wait for the profile of a thread that may be blocked. */
const STOP_TIMEOUT_MS = 5000;

/** Reported by threads that have not loaded tsprof, and therefore have no labels. */
const NO_LABELS = "";

/**
 * The CPU profile of another thread. Commands interrupt a busy thread, but not a blocked one. If the
 * thread ends by itself, it sends its profile before.
 */
export class RemoteCpuProfile {
  readonly #thread: OtherThread;
  readonly #interval: number;
  /** The title of V8's profile, which is also the name of the function that reports its end. */
  readonly #title = `tsprof.${randomUUID()}`;
  /** Resolves with the recorded labels when V8's profile is here. */
  readonly #reported: Promise<string>;
  /** Resolves with the time of the start in milliseconds; undefined if the thread cannot start. */
  readonly started: Promise<number | undefined>;
  #raw: unknown;

  /** Starts to sample. */
  constructor(thread: OtherThread, interval: number) {
    this.#thread = thread;
    this.#interval = interval;
    thread.on("Profiler.consoleProfileFinished", ({ title, profile }) => {
      if (title === this.#title) this.#raw = profile;
    });
    this.#reported = new Promise((resolve) => {
      thread.on("Runtime.bindingCalled", ({ name, payload }) => {
        if (name === this.#title) resolve(String(payload));
      });
    });
    this.started = this.#start();
  }

  async #start(): Promise<number | undefined> {
    const { send } = this.#thread;
    try {
      const answers = await Promise.all([
        ...prepareSampling(send, { kind: "cpu", interval: this.#interval }),
        send("Runtime.addBinding", { name: this.#title }),
        this.#evaluate(startExpression(this.#title)),
      ]);
      const time = (answers.at(-1)?.result as { value?: unknown } | undefined)?.value;
      return typeof time === "number" ? time : undefined;
    } catch {
      // The thread ended, or its inspector refuses commands.
      return undefined;
    }
  }

  /** Stops sampling. Returns what the thread reports, or the reason why it does not. */
  async end(): Promise<string> {
    this.#evaluate(endExpression(this.#title)).catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<Loss>((resolve) => {
      timer = setTimeout(resolve, STOP_TIMEOUT_MS, BLOCKED);
    });
    const ended = this.#thread.closed.then((): Loss => ENDED);
    const reported = await Promise.race([this.#reported, timeout, ended]);
    // Otherwise, the thread keeps its profiler when the connection ends, and each later profile
    // costs more.
    const disabled = disableSampling(this.#thread.send, "cpu").catch(() => {});
    await Promise.race([disabled, timeout]);
    clearTimeout(timer);
    return reported;
  }

  /** Stops sampling. Returns the profile, or the reason why there is none. */
  async stop(sourceMaps: boolean): Promise<Profile | Loss> {
    const labels = await this.end();
    if (labels === BLOCKED || labels === ENDED) return labels;
    const started = await this.started;
    if (started === undefined || this.#raw === undefined) return ENDED;
    const profile = this.#read(started, labels);
    if (!sourceMaps) return profile;
    const used = compiledScripts(this.#raw);
    // An ended thread cannot list them.
    const scripts = used.size > 0 ? await loadedScripts(this.#thread, used).catch(() => []) : [];
    return withSourceMaps(profile, scripts);
  }

  #read(started: number, labels: string): Profile {
    const hints = { timeNanos: BigInt(started) * 1_000_000n, intervalMicros: this.#interval };
    const budget = new Budget(MAX_BYTES);
    if (labels === NO_LABELS) return cpuProfileOf(this.#raw, budget, hints);
    const { timeline: data, ...readings }: OfferedLabels = JSON.parse(labels);
    const timeline = LabelTimeline.fromJSON(data);
    const startTime = Number((this.#raw as { startTime?: unknown }).startTime);
    const toMillis = clockOf(startTime, readings);
    return cpuProfileOf(this.#raw, budget, {
      ...hints,
      labels: (number) => timeline.reader(number, toMillis),
      comments: timeline.comments(),
    });
  }

  #evaluate(expression: string): Promise<Record<string, unknown>> {
    return this.#thread.send("Runtime.evaluate", { expression, returnByValue: true, silent: true });
  }
}

/**
 * Returns the expression that starts V8's profiler in a thread and returns the time. At the end of
 * the thread, or by {@link endExpression}, the profile is sent, and then the labels to a function of
 * the inspector with the name `title`. The profile is that of a console, as only these can be
 * stopped from inside of the thread.
 */
function startExpression(title: string): string {
  return `((title, labels) => {
    const report = globalThis[title];
    delete globalThis[title];
    const key = Symbol.for(title);
    const end = () => {
      process.off("exit", end);
      delete globalThis[key];
      try {
        console.profileEnd(title);
        report(labels ? JSON.stringify(labels.stop(title)) : ${JSON.stringify(NO_LABELS)});
      } catch {}
    };
    const begin = () => console.profile(title);
    process.on("exit", end);
    Object.defineProperty(globalThis, key, { value: end, configurable: true });
    labels ? labels.start(title, begin) : begin();
    return Date.now();
  })(${JSON.stringify(title)}, globalThis[Symbol.for(${JSON.stringify(LABEL_OFFER)})])`;
}

function endExpression(title: string): string {
  return `globalThis[Symbol.for(${JSON.stringify(title)})]?.()`;
}
