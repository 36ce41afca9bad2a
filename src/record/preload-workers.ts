import { existsSync, writeFileSync } from "node:fs";
import type { Session } from "node:inspector";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { type Command, commandExpression, threadFile, WATCHER_NAME } from "./plan.js";
import { attempt } from "./whole-file.js";
import { readWorkerTitle } from "./worker-title.js";

/** How long to wait for workers to write their profiles. */
const WORKER_TIMEOUT_MS = 2000;

/** The shorter wait after a first timeout, so that a pool of blocked workers does not add up. */
const BLOCKED_WORKER_TIMEOUT_MS = 50;

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
    session.on("NodeWorker.detachedFromWorker", ({ params }) => {
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
    const message = JSON.stringify({ id: 1, method: "Runtime.evaluate", params });
    for (const [thread, sessionId] of this.#sessions) {
      if (only !== undefined && thread !== only) continue;
      this.#session.post("NodeWorker.sendMessageToWorker", { sessionId, message });
    }
  }

  /** Stops the recording of all workers, or only of one, and waits until they have written. */
  finish(only?: number): void {
    const waiting = new Set<string>();
    for (const thread of this.#sessions.keys()) {
      if (only !== undefined && thread !== only) continue;
      const file = path.join(this.#folder, threadFile(process.pid, thread));
      // A worker that has not started recording has no profile.
      if (existsSync(`${file}.started`) && !existsSync(`${file}.ended`)) {
        waiting.add(`${file}.ended`);
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
    // Workers that are blocked, as by Atomics.wait, do not answer.
    if (waiting.size > 0) this.#timeoutMs = BLOCKED_WORKER_TIMEOUT_MS;
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
