/**
 * Runs in every thread of recorded programs before their own code. Starts V8's profiler, and
 * writes the profile when the thread ends. Errors here must not affect the program.
 */
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import path from "node:path";
import { isMainThread, threadId, Worker } from "node:worker_threads";
import { isRunning } from "../platform/programs/process-identity.js";
import { prepareSampling, type Send, startSampling, stopSampling } from "../v8/protocol.js";
import { HOOK, listensFile, PLAN_VARIABLE, type Plan, type Started, threadFile } from "./plan.js";
import { readWorkerTitle } from "./worker-title.js";

/** The signals that end a program without listeners. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How long to wait for workers to write their profiles. */
const WORKER_TIMEOUT_MS = 2000;

/** The shorter wait after a first timeout, so that a pool of blocked workers does not add up. */
const BLOCKED_WORKER_TIMEOUT_MS = 50;

/**
 * How long a program counts as a listener of a signal after its last listener was removed. Must
 * exceed the recorder's SIGNAL_TIMEOUT_MS (run.ts).
 */
const LISTENER_GRACE_MS = 5000;

/** How often a thread checks that its recorder still runs. */
const RECORDER_CHECK_MS = 2000;

/** Runs `work` and ignores its errors. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The folder was removed or the disk is full; the program must not notice.
  }
}

/** Writes JSON atomically: a process that waits for the file finds it complete. */
function writeWhole(file: string, value: unknown): void {
  writeFileSync(`${file}.part`, JSON.stringify(value));
  renameSync(`${file}.part`, file);
}

/** Starts the profiler. Returns a function that stops it and writes the profile, once. */
function startProfiler(session: Session, { folder, recorder, ...sampling }: Plan): () => void {
  const file = path.join(folder, threadFile(process.pid, threadId));
  // The session belongs to this thread, so V8 answers before `post` returns.
  const send: Send<{ readonly profile?: unknown } | undefined> = (method, params) => {
    let answer: object | undefined;
    session.post(method, params, (_error, result) => {
      answer = result;
    });
    return answer;
  };
  prepareSampling(send, sampling);
  startSampling(send, sampling);
  const program = path.basename(process.argv[1] ?? "");
  const started: Started = { pid: process.pid, thread: threadId, program };
  attempt(() => writeWhole(`${file}.started`, started));
  let isDone = false;
  const stop = () => {
    if (isDone) return;
    isDone = true;
    clearInterval(watch);
    const profile = stopSampling(send, sampling.kind)?.profile;
    if (profile && existsSync(folder)) attempt(() => writeWhole(`${file}.profile`, profile));
  };
  // A program that outlives its recorder must not go on being sampled.
  const isRecorded = () => existsSync(folder) && isRunning(recorder);
  const watch = setInterval(() => isRecorded() || stop(), RECORDER_CHECK_MS).unref();
  return stop;
}

/**
 * Follows all workers of this process. Terminated workers cannot write their profiles, so they get
 * a command to do so before. It interrupts even busy workers.
 */
class Workers {
  readonly #session: Session;
  readonly #folder: string;
  /** The inspector's session ids by thread id. */
  readonly #sessions = new Map<number, string>();
  #timeoutMs = WORKER_TIMEOUT_MS;

  constructor(session: Session, folder: string) {
    this.#session = session;
    this.#folder = folder;
    session.on("NodeWorker.attachedToWorker", ({ params }) => {
      const { title, workerId } = params.workerInfo;
      const { thread = Number(workerId), name } = readWorkerTitle(title);
      this.#sessions.set(thread, params.sessionId);
      const file = path.join(folder, `${threadFile(process.pid, thread)}.name`);
      if (name) attempt(() => writeFileSync(file, name));
    });
    session.on("NodeWorker.detachedFromWorker", ({ params }) => {
      for (const [thread, id] of this.#sessions) {
        if (id === params.sessionId) this.#sessions.delete(thread);
      }
    });
    session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
  }

  /** Makes all workers write their profiles, or only one, and waits until they have. */
  finish(only?: number): void {
    const waiting = new Set<string>();
    for (const [thread, sessionId] of this.#sessions) {
      if (only !== undefined && thread !== only) continue;
      const file = path.join(this.#folder, threadFile(process.pid, thread));
      // A worker that has not started recording has no profile.
      if (!existsSync(`${file}.started`) || existsSync(`${file}.profile`)) continue;
      const expression = `globalThis[Symbol.for(${JSON.stringify(HOOK)})]?.()`;
      const message = { id: 1, method: "Runtime.evaluate", params: { expression } };
      this.#session.post("NodeWorker.sendMessageToWorker", {
        sessionId,
        message: JSON.stringify(message),
      });
      waiting.add(`${file}.profile`);
    }
    const clock = new Int32Array(new SharedArrayBuffer(4));
    const end = Date.now() + this.#timeoutMs;
    while (waiting.size > 0 && Date.now() < end) {
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

/**
 * Ends the recording on signals without other listeners. Our listener exists only while there is no
 * other, as some programs count them. Returns a function that ends recording and process.
 */
function followSignals(folder: string, finish: () => void): (signal: NodeJS.Signals) => void {
  let isOver = false;
  const isAlone = (signal: string) => {
    const ours = process.listeners(signal as NodeJS.Signals).includes(end) ? 1 : 0;
    return process.listenerCount(signal) === ours;
  };
  const end = (signal: NodeJS.Signals) => {
    if (isOver || !isAlone(signal)) return;
    isOver = true;
    finish();
    for (const name of SIGNALS) process.off(name, end);
    // The signal has no listener any more, so it ends the program.
    process.kill(process.pid, signal);
  };
  const isEnding = (name: string | symbol): name is (typeof SIGNALS)[number] =>
    SIGNALS.some((signal) => signal === name);
  const file = (signal: string) => path.join(folder, listensFile(process.pid, signal));
  for (const signal of SIGNALS) process.on(signal, end);
  process.on("newListener", (name, listener) => {
    if (!isEnding(name) || listener === end || isOver) return;
    attempt(() => writeFileSync(file(name), ""));
    // Remove our listener only after theirs is added, as without any Node stops catching the signal.
    queueMicrotask(() => {
      if (!isAlone(name)) process.off(name, end);
    });
  });
  process.on("removeListener", (name, listener) => {
    if (!isEnding(name) || listener === end || isOver || !isAlone(name)) return;
    if (process.listenerCount(name) === 0) process.on(name, end);
    // A `once` listener is removed by the signal that it handles, so the file stays for a while.
    setTimeout(() => {
      if (isAlone(name)) attempt(() => rmSync(file(name), { force: true }));
    }, LISTENER_GRACE_MS).unref();
  });
  return end;
}

function record(plan: Plan): void {
  const session = new Session();
  session.connect();
  const workers = isMainThread ? new Workers(session, plan.folder) : undefined;
  const stop = startProfiler(session, plan);
  const registry: Record<symbol, unknown> = globalThis;
  const offer = (hook: (signal?: NodeJS.Signals) => void) => {
    Object.defineProperty(registry, Symbol.for(HOOK), { value: hook, configurable: true });
  };
  if (!workers) {
    offer(stop);
    process.on("exit", stop);
    return;
  }
  workers.followTermination();
  const finish = () => {
    attempt(() => workers.finish());
    stop();
  };
  process.on("exit", finish);
  const end = followSignals(plan.folder, finish);
  offer((signal) => (signal === undefined ? finish() : end(signal)));
}

attempt(() => {
  const text = process.env[PLAN_VARIABLE];
  if (text !== undefined) record(JSON.parse(text));
});
