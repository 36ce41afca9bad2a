import { existsSync, readFileSync, rmSync } from "node:fs";
import { Session } from "node:inspector";
import path from "node:path";
import { resourceLimits } from "node:worker_threads";
import { isRunning } from "../platform/programs/process-identity.js";
import { SAMPLED_SHARE } from "./memory-guard.js";
import { type Command, commandExpression, commandFile, type Plan } from "./plan.js";
import type { MainHeap } from "./start-watcher.js";

/** The data of a watcher thread. */
export interface Watch extends MainHeap {
  readonly plan: Plan;
  /** The flags {@link CONNECTED} and {@link LEAVING}, shared with the main thread. */
  readonly flags: Int32Array;
}

/** The flag that the watcher sets while it is connected to the main thread. */
const CONNECTED = 0;

/** The flag that the main thread sets when it ends. */
const LEAVING = 1;

/** How long the main thread waits for its watcher to disconnect. */
const LEAVE_TIMEOUT_MS = 2000;

/** A period of timers that only keep a thread alive. */
const IDLE_MS = 2 ** 30;

/** How often to check that the recorder still runs. */
export const RECORDER_CHECK_MS = 2000;

/** How often to look for commands and at the memory. A look costs 20 µs. */
export const WATCH_MS = 50;

/**
 * The time between two checkpoints: a tenth of the time so far, between these limits. A checkpoint
 * costs the program 5 to 10 ms.
 */
const MIN_CHECKPOINT_MS = 1000;
const MAX_CHECKPOINT_MS = 30_000;

/** The largest share of its time that a program spends on checkpoints. */
const MAX_CHECKPOINT_SHARE = 0.01;

/**
 * Makes the watcher disconnect, and waits for that. The main thread calls this at its end. Otherwise,
 * Node prints that it waits for a debugger.
 */
export function dismissWatcher(flags: Int32Array): void {
  Atomics.store(flags, LEAVING, 1);
  Atomics.wait(flags, CONNECTED, 1, LEAVE_TIMEOUT_MS);
}

/**
 * Watches the main thread from a worker thread, also while the main thread is busy: makes it write
 * checkpoints, execute the recorder's commands and look at its memory.
 */
export function watch(watched: Watch): void {
  const { plan, flags } = watched;
  const main = new MainThread(flags);
  const guard = new Guard(main, watched);
  const commands = path.join(plan.folder, commandFile(process.pid));
  let checkedAt = performance.now();
  const stop = () => {
    clearInterval(ticks);
    // The watcher must not end before the main thread: Node aborts when it closes the connection to
    // a thread that has ended.
    setInterval(() => {}, IDLE_MS);
    return main.execute("stop");
  };
  const isRecorded = () => existsSync(plan.folder) && isRunning(plan.recorder);
  const ticks = setInterval(async () => {
    const now = performance.now();
    // A thread that is blocked answers later; until then it gets no other command.
    if (!main.isReady()) return;
    const command = readCommand(commands);
    if (command === "stop") return stop();
    if (command) return main.execute(command);
    if (now >= checkedAt + RECORDER_CHECK_MS) {
      checkedAt = now;
      if (!isRecorded()) return stop();
    }
    return guard.check(now);
  }, WATCH_MS);
}

/** Makes the main thread write checkpoints and look at its memory, when they are due. */
export class Guard {
  readonly #main: MainThread;
  readonly #limit: number;
  readonly #started = performance.now();
  #checkpointAt = this.#started + MIN_CHECKPOINT_MS;
  #memoryAt = this.#started;

  constructor(main: MainThread, heap: MainHeap) {
    this.#main = main;
    this.#limit = oldGenerationLimit(heap);
  }

  /** Executes at most one command. */
  async check(now: number): Promise<void> {
    if (now >= this.#checkpointAt) return this.#checkpoint();
    // The memory of the whole process is cheap to read, and no less than the main thread's heap.
    if (now < this.#memoryAt || process.memoryUsage.rss() < this.#limit * SAMPLED_SHARE) return;
    const pause = Number(await this.#main.execute("look", this.#limit));
    this.#memoryAt = performance.now() + pause;
  }

  async #checkpoint(): Promise<void> {
    const cost = (Number(await this.#main.execute("checkpoint")) || 0) / MAX_CHECKPOINT_SHARE;
    const now = performance.now();
    const pause = Math.max(MIN_CHECKPOINT_MS, (now - this.#started) / 10);
    this.#checkpointAt = now + Math.min(MAX_CHECKPOINT_MS, Math.max(pause, cost));
  }
}

/** Returns the limit of the main thread's old generation in bytes. V8 shows only the sum. */
function oldGenerationLimit({ heapLimit, semiSpace }: MainHeap): number {
  // A generation of three semi-spaces, or V8's default, which also applies to this thread.
  const young = semiSpace ? 3 * semiSpace : (resourceLimits.maxYoungGenerationSizeMb ?? 0);
  return heapLimit - young * 2 ** 20;
}

/**
 * Sends commands to the main thread. It is connected to it only during a command, as Node waits for
 * the end of connections before it exits.
 */
export class MainThread {
  readonly #flags: Int32Array;
  #session: Session | undefined;
  /** The number of commands that have no answer, and the end of the last of them. */
  #open = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(flags: Int32Array) {
    this.#flags = flags;
  }

  /** Returns whether it can execute a command. Disconnects when the main thread ends. */
  isReady(): boolean {
    if (Atomics.load(this.#flags, LEAVING) === 0) return this.#open === 0;
    this.disconnect();
    return false;
  }

  /** Executes a command after those before it. Resolves with the result; never rejects. */
  execute(command: Command, argument?: unknown): Promise<unknown> {
    this.#open++;
    this.#last = this.#last
      .then(() => this.#evaluate(command, argument))
      .catch(() => undefined)
      .finally(() => this.#open--);
    return this.#last;
  }

  #evaluate(command: Command, argument: unknown): Promise<unknown> {
    const session = new Session();
    Atomics.store(this.#flags, CONNECTED, 1);
    // The main thread may have begun to end just now.
    if (Atomics.load(this.#flags, LEAVING) !== 0) {
      this.disconnect();
      return Promise.resolve(undefined);
    }
    session.connectToMainThread();
    this.#session = session;
    const expression = commandExpression(command, argument);
    return new Promise((resolve) => {
      session.post("Runtime.evaluate", { expression, returnByValue: true }, (_error, answer) => {
        this.disconnect();
        resolve(answer?.result.value);
      });
    });
  }

  disconnect(): void {
    this.#session?.disconnect();
    this.#session = undefined;
    Atomics.store(this.#flags, CONNECTED, 0);
    Atomics.notify(this.#flags, CONNECTED);
  }
}

function readCommand(file: string): Command | undefined {
  if (!existsSync(file)) return undefined;
  const command = readFileSync(file, "utf8") as Command;
  rmSync(file, { force: true });
  return command;
}
