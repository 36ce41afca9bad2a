import { cpuProfileOf } from "../formats/v8/cpu.js";
import { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";
import { compiledScripts, type LoadedScript, loadedScripts } from "../v8/loaded-scripts.js";
import { LocalSession } from "../v8/local-session.js";
import { prepareSampling, type Sampling, startSampling, stopSampling } from "../v8/protocol.js";
import { clockOf, readOrigin } from "./clock.js";
import type { CpuProfiling } from "./cpu.js";
import { unwatchLabels, watchLabels } from "./labels.js";
import { MAX_BYTES } from "./limits.js";
import { withSourceMaps } from "./mapped.js";
import { LabelTimeline } from "./timeline.js";

/** The running CPU profile of this thread. */
export class OwnCpuProfile implements CpuProfiling {
  readonly #session = new LocalSession();
  readonly #timeline = new LabelTimeline();
  readonly #sampling: Sampling;
  readonly #sourceMaps: boolean;
  readonly #onEnd: () => void;
  #timeNanos = 0n;
  /** `performance.now()` before and after the start. */
  #before = 0;
  #after = 0;
  #hasEnded = false;

  private constructor(interval: number, sourceMaps: boolean, onEnd: () => void) {
    this.#sampling = { kind: "cpu", interval };
    this.#sourceMaps = sourceMaps;
    this.#onEnd = onEnd;
  }

  /** Starts to sample. Calls `onEnd` when sampling has ended, also if it cannot start. */
  static async start(
    interval: number,
    sourceMaps: boolean,
    onEnd: () => void,
  ): Promise<OwnCpuProfile> {
    const profile = new OwnCpuProfile(interval, sourceMaps, onEnd);
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
    if (this.#hasEnded) throw new Error("this CPU profile was stopped before");
    this.#hasEnded = true;
    let profile: unknown;
    let scripts: readonly LoadedScript[] = [];
    try {
      const stopped = stopSampling(this.#session.send, "cpu");
      unwatchLabels();
      ({ profile } = await stopped);
      if (this.#sourceMaps) {
        const used = compiledScripts(profile);
        // To list them costs some milliseconds.
        if (used.size > 0) scripts = await loadedScripts(this.#session, used);
      }
    } finally {
      this.#end();
    }
    const startTime = Number((profile as { startTime?: unknown }).startTime);
    const toMillis = clockOf(startTime, {
      before: this.#before,
      after: this.#after,
      origin: readOrigin(),
    });
    const read = cpuProfileOf(profile, new Budget(MAX_BYTES), {
      timeNanos: this.#timeNanos,
      intervalMicros: this.#sampling.interval,
      labels: (number) => this.#timeline.reader(number, toMillis),
      comments: this.#timeline.comments(),
    });
    return this.#sourceMaps ? withSourceMaps(read, scripts) : read;
  }

  async cancel(): Promise<void> {
    if (this.#hasEnded) return;
    this.#end();
  }

  #end(): void {
    this.#hasEnded = true;
    unwatchLabels();
    this.#session.close();
    this.#onEnd();
  }
}
