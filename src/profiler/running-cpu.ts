import type { Profile } from "../profile/profile.js";
import type { LoadedScript } from "../v8/loaded-scripts.js";
import { LocalSession } from "../v8/local-session.js";
import { prepareSampling, type Sampling, startSampling, stopSampling } from "../v8/protocol.js";
import type { CpuProfiling } from "./cpu-profiling.js";
import type { LabelTimeline } from "./label-timeline.js";
import { unwatchLabels, watchLabels } from "./labels.js";
import { withSourceMaps } from "./mapped.js";
import { readOwnCpu } from "./own-cpu.js";

/** The running CPU profile of this thread. */
export class RunningCpuProfile implements CpuProfiling {
  readonly #session = new LocalSession();
  readonly #timeline: LabelTimeline;
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
    this.#timeline = watchLabels();
  }

  /** Starts to sample. Calls `onEnd` when sampling has ended, also if it cannot start. */
  static async start(
    interval: number,
    sourceMaps: boolean,
    onEnd: () => void,
  ): Promise<RunningCpuProfile> {
    const profile = new RunningCpuProfile(interval, sourceMaps, onEnd);
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
    this.#onEnd();
  }
}
