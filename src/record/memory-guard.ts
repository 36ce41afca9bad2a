import { Session } from "node:inspector";
import path from "node:path";
import { getHeapSpaceStatistics } from "node:v8";
import { prepareSampling, startSampling } from "../v8/protocol.js";
import {
  memoryFile,
  memoryProfile,
  NEAR_LIMIT_SAMPLING,
  type NearLimit,
  type Plan,
} from "./plan.js";
import { synchronousSend, wallMicros } from "./thread-profiler.js";
import { writeWhole } from "./whole-file.js";

/** The used share of the heap from which its allocations are sampled. */
export const SAMPLED_SHARE = 0.25;

/** The used share of the heap from which a profile is written. V8 may end a program at 80 %. */
const NEAR_LIMIT_SHARE = 0.75;

/** The growth of the heap, as a share of its limit, after which the profile is written again. */
const GROWTH_SHARE = 0.04;

/** The fastest growth of a heap. */
const MAX_BYTES_PER_MS = 2 ** 21;

/** Samples the heap of the main thread when it grows, and writes a profile when it is nearly full. */
export class MemoryGuard {
  readonly #plan: Plan;
  readonly #checkpoint: () => void;
  readonly #session = new Session();
  readonly #send = synchronousSend(this.#session);
  /** The use of the heap when sampling began; undefined before. */
  #sampledFrom: number | undefined;
  /** The use of the heap from which the next profile is written. */
  #nextProfile = 0;

  constructor(plan: Plan, checkpoint: () => void) {
    this.#plan = plan;
    this.#checkpoint = checkpoint;
    if (samplesHeap(plan)) this.#sampledFrom = 0;
  }

  /** Returns the milliseconds until the next look is necessary. `limit` is in bytes. */
  look(limit: number): number {
    const used = oldGenerationSize();
    if (used >= limit * SAMPLED_SHARE && this.#sampledFrom === undefined) {
      this.#sampledFrom = used;
      this.#session.connect();
      prepareSampling(this.#send, NEAR_LIMIT_SAMPLING);
      startSampling(this.#send, NEAR_LIMIT_SAMPLING);
    }
    if (used >= Math.max(limit * NEAR_LIMIT_SHARE, this.#nextProfile)) {
      this.#nextProfile = used + limit * GROWTH_SHARE;
      this.#write({ timeMicros: wallMicros(), used, limit, sampledFrom: this.#sampledFrom ?? 0 });
    }
    // Several looks are needed before the heap is full.
    return (limit - used) / MAX_BYTES_PER_MS / 4;
  }

  /** Stops sampling. */
  stop(): void {
    this.#session.disconnect();
  }

  #write(limit: NearLimit): void {
    const file = (name: string) => path.join(this.#plan.folder, name);
    if (!samplesHeap(this.#plan)) {
      const profile = this.#send("HeapProfiler.getSamplingProfile")?.profile;
      writeWhole(file(memoryProfile(process.pid)), profile);
    }
    writeWhole(file(memoryFile(process.pid)), limit);
    this.#checkpoint();
  }
}

function samplesHeap({ samplings }: Plan): boolean {
  return samplings.some(({ kind }) => kind === "heap");
}

/** The spaces of the heap outside the old generation. */
const OTHER_SPACES = /^(?:new|new_large_object|read_only)_space$/;

function oldGenerationSize(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => !OTHER_SPACES.test(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}
