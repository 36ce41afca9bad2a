import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Session } from "node:inspector";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { readWorkerTitle } from "../v8/worker-title.js";
import { type Command, commandExpression, type Started, threadFile, WATCHER_NAME } from "./plan.js";
import { attempt } from "./whole-file.js";

/** How long to wait for workers to write their profiles. */
const WORKER_TIMEOUT_MS = 2000;

/** The shorter wait after a first timeout, so that a pool of blocked workers does not add up. */
const BLOCKED_WORKER_TIMEOUT_MS = 50;

/**
 * How long to wait, after workers have written their profiles, until they have left the command. V8
 * ignores or, in Node 20, does not survive a termination within a command.
 */
const LEAVE_TIMEOUT_MS = 500;

/** The CPU time in which a worker has left a command after its answer. */
const LEAVE_CPU_NANOS = 2e6;

/** The id of the messages that stop the recording. Those of other commands have an id of 1. */
const STOP_ID = 2;

/** Captured now, because programs replace it, as fake timers in tests do. */
const { now } = Date;

/**
 * Follows all workers of this process. Terminated workers cannot write their profiles, so they get
 * a command to do so before. It interrupts even busy workers.
 */
export class Workers {
  readonly #session: Session;
  #folder: string;
  /** The names of workers that have one, by thread id. */
  readonly #names = new Map<number, string>();
  /** The inspector's session ids by thread id. */
  readonly #sessions = new Map<number, string>();
  /** The sessions of the workers that still execute the command to stop. */
  readonly #stopping = new Set<string>();
  #timeoutMs = WORKER_TIMEOUT_MS;

  constructor(session: Session, folder: string) {
    this.#session = session;
    this.#folder = folder;
    session.on("NodeWorker.attachedToWorker", ({ params }) => {
      const { title, workerId } = params.workerInfo;
      const { thread = Number(workerId), name } = readWorkerTitle(title);
      if (name === WATCHER_NAME) return;
      this.#sessions.set(thread, params.sessionId);
      if (name === "") return;
      this.#names.set(thread, name);
      this.#writeName(thread, name);
    });
    // Arrives even while the main thread waits, because it interrupts JavaScript.
    session.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
      if (JSON.parse(params.message).id === STOP_ID) this.#stopping.delete(params.sessionId);
    });
    session.on("NodeWorker.detachedFromWorker", ({ params }) => {
      this.#stopping.delete(params.sessionId);
      for (const [thread, id] of this.#sessions) {
        if (id !== params.sessionId) continue;
        this.#sessions.delete(thread);
        this.#names.delete(thread);
      }
    });
    session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
  }

  /** Sets the folder of another recording. */
  recordInto(folder: string): void {
    this.#folder = folder;
    for (const [thread, name] of this.#names) this.#writeName(thread, name);
  }

  #writeName(thread: number, name: string): void {
    const file = path.join(this.#folder, `${threadFile(process.pid, thread)}.name`);
    attempt(() => writeFileSync(file, name));
  }

  /** Sends a command to all workers, or only to one. Does not wait for them. */
  send(command: Command, { only, argument }: { only?: number; argument?: unknown } = {}): void {
    const params = { expression: commandExpression(command, argument) };
    const id = command === "stop" ? STOP_ID : 1;
    const message = JSON.stringify({ id, method: "Runtime.evaluate", params });
    for (const [thread, sessionId] of this.#sessions) {
      if (only !== undefined && thread !== only) continue;
      if (command === "stop") this.#stopping.add(sessionId);
      this.#session.post("NodeWorker.sendMessageToWorker", { sessionId, message });
    }
  }

  /** Stops the recording of all workers, or only of one, and waits until they have written. */
  finish(only?: number): void {
    const waiting = new Set<string>();
    const stopped: string[] = [];
    for (const thread of this.#sessions.keys()) {
      if (only !== undefined && thread !== only) continue;
      const file = path.join(this.#folder, threadFile(process.pid, thread));
      // A worker that has not started recording has no profile.
      if (existsSync(`${file}.started`) && !existsSync(`${file}.ended`)) {
        waiting.add(`${file}.ended`);
        stopped.push(file);
      }
    }
    if (waiting.size === 0) return;
    this.send("stop", only === undefined ? {} : { only });
    const clock = new Int32Array(new SharedArrayBuffer(4));
    const end = now() + this.#timeoutMs;
    while (waiting.size > 0 && now() < end) {
      for (const file of waiting) if (existsSync(file)) waiting.delete(file);
      if (waiting.size > 0) Atomics.wait(clock, 0, 0, 2);
    }
    if (waiting.size > 0) {
      // Workers that are blocked, as by Atomics.wait, do not answer.
      this.#timeoutMs = BLOCKED_WORKER_TIMEOUT_MS;
      this.#stopping.clear();
    }
    const leaveEnd = now() + LEAVE_TIMEOUT_MS;
    while (this.#stopping.size > 0 && now() < leaveEnd) Atomics.wait(clock, 0, 0, 1);
    // After its answer, a thread may not have got a processor yet.
    const leaving = stopped.flatMap((file) => leavingThread(file) ?? []);
    while (leaving.some((hasLeft) => !hasLeft()) && now() < leaveEnd) Atomics.wait(clock, 0, 0, 1);
  }

  /** Makes workers write their profiles before `Worker.terminate` ends them. */
  followTermination(): void {
    const { terminate } = Worker.prototype;
    const finish = (thread: number) => attempt(() => this.finish(thread));
    Worker.prototype.terminate = {
      terminate(this: Worker) {
        if (this.threadId > 0) finish(this.threadId);
        return terminate.call(this);
      },
    }.terminate;
  }
}

/**
 * Returns a function that returns whether a thread waits or has run for a while since now; undefined
 * if that is unknown, as on other systems than Linux.
 */
function leavingThread(file: string): (() => boolean) | undefined {
  try {
    const { task }: Started = JSON.parse(readFileSync(`${file}.started`, "utf8"));
    if (task === undefined) return undefined;
    const before = cpuNanos(task);
    return () => {
      try {
        return isWaiting(task) || cpuNanos(task) - before > LEAVE_CPU_NANOS;
      } catch {
        // The thread has ended.
        return true;
      }
    };
  } catch {
    return undefined;
  }
}

/** Returns the CPU time of a thread, whose folder in /proc is given. */
function cpuNanos(task: string): number {
  return Number(readFileSync(path.join(task, "schedstat"), "utf8").split(" ")[0]);
}

/** Returns whether a thread waits, instead of running or being ready to run. */
function isWaiting(task: string): boolean {
  // The name of the thread, in parentheses, may contain any characters.
  const text = readFileSync(path.join(task, "stat"), "utf8");
  return text.slice(text.lastIndexOf(")")).startsWith(") S");
}
