import { existsSync, readFileSync, rmSync } from "node:fs";
import { Session } from "node:inspector";
import path from "node:path";
import { isRunning } from "../platform/programs/process-identity.js";
import { prepareSampling, type Sampling, type Send, startSampling } from "../v8/protocol.js";
import {
  type Command,
  commandExpression,
  commandFile,
  memoryFile,
  memoryProfile,
  NEAR_LIMIT_INTERVAL,
  type NearLimit,
  type Plan,
} from "./plan.js";
import { wallMicros } from "./thread-profiler.js";
import { writeWhole } from "./whole-file.js";

/** What the watcher of a process needs to know. */
export interface Watch {
  readonly plan: Plan;
  /** The limit of the main thread's heap in bytes. */
  readonly heapLimit: number;
}

/** How often to check that the recorder still runs. */
export const RECORDER_CHECK_MS = 2000;

/** How often to look for commands and at the memory. A look costs 20 µs. */
const WATCH_MS = 50;

/**
 * The time between two checkpoints: a tenth of the time so far, between these limits. A checkpoint
 * costs the program 5 to 10 ms.
 */
const MIN_CHECKPOINT_MS = 1000;
const MAX_CHECKPOINT_MS = 30_000;

/** The largest share of its time that a program spends on checkpoints. */
const MAX_CHECKPOINT_SHARE = 0.01;

/** The used shares of the heap from which its allocations are sampled, and a profile is written. */
const SAMPLED_SHARE = 0.25;
const NEAR_LIMIT_SHARE = 0.85;

/** The growth of the heap, as a share of its limit, after which the profile is written again. */
const GROWTH_SHARE = 0.04;

/** The fastest growth of a heap, which determines how often to look at it. */
const MAX_BYTES_PER_MS = 2 * 2 ** 20;

const HEAP_SAMPLING: Sampling = { kind: "heap", interval: NEAR_LIMIT_INTERVAL };

/**
 * Watches the main thread from a worker thread, also while the main thread is busy: makes it write
 * checkpoints and execute the recorder's commands, and writes a heap profile near the heap limit.
 */
export function watch({ plan, heapLimit }: Watch): void {
  const session = new Session();
  session.connectToMainThread();
  const send: Send<Promise<Record<string, unknown>>> = (method, params) =>
    new Promise((resolve, reject) => {
      session.post(method, params, (error, result = {}) => {
        if (error) reject(error);
        else resolve(result as Record<string, unknown>);
      });
    });
  const execute = (command: Command) =>
    send("Runtime.evaluate", { expression: commandExpression(command) });
  const memory = new MemoryWatch(plan, heapLimit, send, () => execute("checkpoint"));
  const commands = path.join(plan.folder, commandFile(process.pid));
  const started = performance.now();
  let checkedAt = started;
  let checkpointAt = started + MIN_CHECKPOINT_MS;
  /** A thread that is blocked answers later; until then it gets no other command. */
  let isWaiting = false;
  const checkpoint = async () => {
    isWaiting = true;
    const before = performance.now();
    await execute("checkpoint").catch(() => {});
    const now = performance.now();
    const pause = Math.max(MIN_CHECKPOINT_MS, (now - started) / 10);
    const cost = (now - before) / MAX_CHECKPOINT_SHARE;
    checkpointAt = now + Math.min(MAX_CHECKPOINT_MS, Math.max(pause, cost));
    isWaiting = false;
  };
  setInterval(() => {
    const now = performance.now();
    const command = readCommand(commands);
    if (command) {
      execute(command).catch(() => {});
      if (command === "stop") process.exit();
    }
    if (now >= checkedAt + RECORDER_CHECK_MS) {
      checkedAt = now;
      if (!existsSync(plan.folder) || !isRunning(plan.recorder)) {
        execute("stop").catch(() => {});
        process.exit();
      }
    }
    if (isWaiting) return;
    if (now >= checkpointAt) checkpoint();
    else memory.look(now);
  }, WATCH_MS);
}

function readCommand(file: string): Command | undefined {
  if (!existsSync(file)) return undefined;
  const command = readFileSync(file, "utf8") as Command;
  rmSync(file, { force: true });
  return command;
}

/** Samples the main thread's heap when it grows, and writes a profile when it is nearly full. */
class MemoryWatch {
  readonly #plan: Plan;
  readonly #limit: number;
  readonly #send: Send<Promise<Record<string, unknown>>>;
  readonly #checkpoint: () => Promise<unknown>;
  #isLooking = false;
  #lookAt = 0;
  /** The use of the heap when sampling began; undefined before. */
  #sampledFrom: number | undefined;
  #written = 0;

  constructor(
    plan: Plan,
    limit: number,
    send: Send<Promise<Record<string, unknown>>>,
    checkpoint: () => Promise<unknown>,
  ) {
    this.#plan = plan;
    this.#limit = limit;
    this.#send = send;
    this.#checkpoint = checkpoint;
    if (plan.kind === "heap") this.#sampledFrom = 0;
  }

  look(now: number): void {
    if (this.#isLooking || now < this.#lookAt) return;
    // The memory of the whole process is cheap to read, and no less than the main thread's heap.
    if (process.memoryUsage.rss() < this.#limit * SAMPLED_SHARE) return;
    this.#isLooking = true;
    this.#look()
      .catch(() => {})
      .finally(() => {
        this.#isLooking = false;
      });
  }

  async #look(): Promise<void> {
    const used = Number((await this.#send("Runtime.getHeapUsage")).usedSize);
    this.#lookAt = performance.now() + (this.#limit - used) / MAX_BYTES_PER_MS / 4;
    if (used < this.#limit * SAMPLED_SHARE) return;
    if (this.#sampledFrom === undefined) {
      this.#sampledFrom = used;
      await Promise.all(prepareSampling(this.#send, HEAP_SAMPLING));
      await startSampling(this.#send, HEAP_SAMPLING);
    }
    if (used < Math.max(this.#limit * NEAR_LIMIT_SHARE, this.#written)) return;
    this.#written = used + this.#limit * GROWTH_SHARE;
    await this.#write({
      ...{ timeMicros: wallMicros(), used },
      ...{ limit: this.#limit, sampledFrom: this.#sampledFrom },
    });
  }

  async #write(usage: NearLimit): Promise<void> {
    const { kind, folder } = this.#plan;
    const file = (name: string) => path.join(folder, name);
    if (kind === "cpu") {
      const { profile } = await this.#send("HeapProfiler.getSamplingProfile");
      writeWhole(file(memoryProfile(process.pid)), profile);
    }
    writeWhole(file(memoryFile(process.pid)), usage);
    await this.#checkpoint();
  }
}
