import { randomUUID } from "node:crypto";
import { cpuProfileOf } from "../formats/v8/cpu.js";
import { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";
import { compiledScripts, loadedScripts } from "../v8/loaded-scripts.js";
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

/** What a thread reports at the end, as JSON. Only threads that have loaded tsprof have labels. */
interface Report {
  readonly profile: unknown;
  readonly labels?: OfferedLabels;
}

/**
 * The CPU profile of another thread. Commands interrupt a busy thread, but not a blocked one. If the
 * thread ends by itself, it sends its profile before.
 */
export class RemoteCpuProfile {
  readonly #thread: OtherThread;
  readonly #interval: number;
  /** The name of the function that reports the profile. */
  readonly #title = `tsprof.${randomUUID()}`;
  /** Resolves with the thread's {@link Report}. */
  readonly #reported: Promise<string>;
  /** Resolves with the time of the start in milliseconds; undefined if the thread cannot start. */
  readonly started: Promise<number | undefined>;

  /** Starts to sample. */
  constructor(thread: OtherThread, interval: number) {
    this.#thread = thread;
    this.#interval = interval;
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
        send("Runtime.addBinding", { name: this.#title }),
        this.#evaluate(startExpression(this.#title, this.#interval)),
      ]);
      const time = (answers.at(-1)?.result as { value?: unknown } | undefined)?.value;
      return typeof time === "number" ? time : undefined;
    } catch {
      // The thread ended, or its inspector refuses commands.
      return undefined;
    }
  }

  /** Stops sampling. Returns the thread's {@link Report}, or the reason why there is none. */
  async end(): Promise<string> {
    this.#evaluate(endExpression(this.#title)).catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<Loss>((resolve) => {
      timer = setTimeout(resolve, STOP_TIMEOUT_MS, BLOCKED);
    });
    const ended = this.#thread.closed.then((): Loss => ENDED);
    const reported = await Promise.race([this.#reported, timeout, ended]);
    clearTimeout(timer);
    return reported;
  }

  /** Stops sampling. Returns the profile, or the reason why there is none. */
  async stop(sourceMaps: boolean): Promise<Profile | Loss> {
    const reported = await this.end();
    if (reported === BLOCKED || reported === ENDED) return reported;
    const started = await this.started;
    if (started === undefined) return ENDED;
    const { profile: raw, labels }: Report = JSON.parse(reported);
    const profile = this.#read(raw, started, labels);
    if (!sourceMaps) return profile;
    const used = compiledScripts(raw);
    // An ended thread cannot list them.
    const scripts = used.size > 0 ? await loadedScripts(this.#thread, used).catch(() => []) : [];
    return withSourceMaps(profile, scripts);
  }

  #read(raw: unknown, started: number, labels: OfferedLabels | undefined): Profile {
    const hints = { timeNanos: BigInt(started) * 1_000_000n, intervalMicros: this.#interval };
    const budget = new Budget(MAX_BYTES);
    if (!labels) return cpuProfileOf(raw, budget, hints);
    const { timeline: data, ...readings } = labels;
    const timeline = LabelTimeline.fromJSON(data);
    const startTime = Number((raw as { startTime?: unknown }).startTime);
    const toMillis = clockOf(startTime, readings);
    return cpuProfileOf(raw, budget, {
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
 * the thread, or by {@link endExpression}, the thread passes a {@link Report} to the function of the
 * inspector with the name `title`. The thread profiles itself, so that it can stop by itself; with
 * `console.profile`, which can do that, too, V8 leaks memory in workers.
 */
function startExpression(title: string, interval: number): string {
  return `((title, interval, labels) => {
    const report = globalThis[title];
    delete globalThis[title];
    const key = Symbol.for(title);
    const session = new (process.getBuiltinModule("node:inspector").Session)();
    session.connect();
    session.post("Profiler.enable");
    session.post("Profiler.setSamplingInterval", { interval });
    const end = () => {
      process.off("exit", end);
      delete globalThis[key];
      try {
        let profile;
        session.post("Profiler.stop", (_error, result) => ({ profile } = result));
        session.disconnect();
        report(JSON.stringify({ profile, labels: labels?.stop(title) }));
      } catch {}
    };
    const begin = () => session.post("Profiler.start");
    process.on("exit", end);
    Object.defineProperty(globalThis, key, { value: end, configurable: true });
    labels ? labels.start(title, begin) : begin();
    return Date.now();
  })(${JSON.stringify(title)}, ${interval}, globalThis[Symbol.for(${JSON.stringify(LABEL_OFFER)})])`;
}

function endExpression(title: string): string {
  return `globalThis[Symbol.for(${JSON.stringify(title)})]?.()`;
}
