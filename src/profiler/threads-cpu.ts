import { setTimeout } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";
import type { Profile } from "../profile/profile.js";
import { addComment } from "../transforms/add-comment.js";
import { labelSamples } from "../transforms/label-samples.js";
import { mergeAll } from "../transforms/merge/merge-all.js";
import type { CpuProfiling } from "./cpu-profiling.js";
import { MAX_BYTES } from "./limits.js";
import { type Loss, RemoteCpuProfile } from "./remote-cpu.js";
import { RunningCpuProfile } from "./running-cpu.js";
import { MAIN, ThreadConnections } from "./thread-connections.js";

/** How long to wait for the start of threads that may be blocked. */
const START_TIMEOUT_MS = 2000;

/** The requested thread does not exist, or does not answer. */
export class ThreadError extends Error {
  override readonly name = "ThreadError";
}

/** The CPU profiles of several threads. Threads that start meanwhile are included. */
export class ThreadsCpuProfile implements CpuProfiling {
  readonly #sourceMaps: boolean;
  readonly #onEnd: () => void;
  readonly #connections: ThreadConnections;
  readonly #others: { readonly name: string; readonly profile: RemoteCpuProfile }[] = [];
  #own: { readonly name: string; readonly profiling: CpuProfiling } | undefined;
  #hasEnded = false;

  private constructor(
    interval: number,
    sourceMaps: boolean,
    selects: (thread: string) => boolean,
    onEnd: () => void,
  ) {
    this.#sourceMaps = sourceMaps;
    this.#onEnd = onEnd;
    this.#connections = new ThreadConnections((thread) => {
      if (this.#hasEnded || !selects(thread.name)) return;
      this.#others.push({ name: thread.name, profile: new RemoteCpuProfile(thread, interval) });
    });
  }

  /** Starts to sample. Calls `onEnd` when sampling has ended, also if it cannot start. */
  static async start(
    interval: number,
    sourceMaps: boolean,
    selects: (thread: string) => boolean,
    onEnd: () => void,
  ): Promise<ThreadsCpuProfile> {
    let threads: ThreadsCpuProfile | undefined;
    try {
      threads = new ThreadsCpuProfile(interval, sourceMaps, selects, onEnd);
      await threads.#start(interval, selects);
      return threads;
    } catch (error) {
      if (threads) await threads.cancel();
      else onEnd();
      throw error;
    }
  }

  async #start(interval: number, selects: (thread: string) => boolean): Promise<void> {
    const startOwn = async (name: string) => {
      const profiling = await RunningCpuProfile.start(interval, this.#sourceMaps, () => {});
      this.#own = { name, profiling };
    };
    // The main thread knows its name, so that sampling begins before this function returns.
    if (isMainThread && selects(MAIN)) await startOwn(MAIN);
    const { own, all } = await this.#connections.open();
    if (!isMainThread && selects(own)) await startOwn(own);
    if (!this.#own && this.#others.length === 0) {
      throw new ThreadError(`no such thread; this process has ${all.join(", ")}`);
    }
    const started = Promise.all(this.#others.map(({ profile }) => profile.started));
    await Promise.race([started, setTimeout(START_TIMEOUT_MS, undefined, { ref: false })]);
  }

  async stop(): Promise<Profile> {
    if (this.#hasEnded) throw new Error("this CPU profile was stopped before");
    this.#hasEnded = true;
    try {
      // The others stop while this thread reads its own profile.
      const [others, own] = await Promise.all([
        Promise.all(this.#others.map(({ profile }) => profile.stop(this.#sourceMaps))),
        this.#own?.profiling.stop(),
      ]);
      const losses = new Map<Loss, string[]>();
      const profiles: Profile[] = [];
      if (own && this.#own) profiles.push(labelSamples(own, LABEL, this.#own.name));
      for (const [i, other] of others.entries()) {
        const { name } = this.#others[i];
        if (typeof other !== "string") profiles.push(labelSamples(other, LABEL, name));
        else if (losses.has(other)) losses.get(other)?.push(name);
        else losses.set(other, [name]);
      }
      const comments = [...losses].map(([loss, names]) => lossOf(names, loss));
      const merged = await mergeThreads(profiles);
      // Only other threads were selected, and none of them has answered.
      if (!merged) throw new ThreadError(comments.join("; "));
      return comments.reduce(addComment, merged);
    } finally {
      this.#end();
    }
  }

  async cancel(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await this.#own?.profiling.cancel();
    await Promise.all(this.#others.map(({ profile }) => profile.end()));
    this.#end();
  }

  #end(): void {
    this.#connections.close();
    this.#onEnd();
  }
}

/** The label with the name of a sample's thread. */
const LABEL = "thread";

/** How many names a comment lists. */
const MAX_NAMES = 10;

/** Returns a comment about missing samples. */
function lossOf(names: readonly string[], loss: Loss): string {
  const rest = names.length > MAX_NAMES ? `, and of ${names.length - MAX_NAMES} more` : "";
  const listed = names.slice(0, MAX_NAMES).join(", ");
  return `the samples of these threads are missing, as they ${loss}: ${listed}${rest}`;
}

/** Merges profiles of the same time. The duration is from the first start to the last end. */
async function mergeThreads(profiles: readonly Profile[]): Promise<Profile | undefined> {
  const merged = await mergeAll(
    profiles.map((profile) => ({ name: "a thread", read: async () => profile })),
    MAX_BYTES,
  );
  if (!merged) return undefined;
  let end = 0n;
  for (const { timeNanos, durationNanos } of profiles) {
    const own = BigInt(timeNanos) + BigInt(durationNanos);
    if (own > end) end = own;
  }
  return { ...merged, durationNanos: Number(end - BigInt(merged.timeNanos)) };
}
