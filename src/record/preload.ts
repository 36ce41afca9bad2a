/**
 * Runs in every thread of the programs that are recorded, before anything of theirs: it
 * starts V8's profiler, and writes what that found when the thread ends. Whatever goes wrong
 * here must not be seen by the program.
 */
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import path from "node:path";
import { isMainThread, threadId, Worker } from "node:worker_threads";
import { isRunning } from "../platform/process-identity.js";
import { prepareSampling, type Send, startSampling, stopSampling } from "../v8/protocol.js";
import { HOOK, listensFile, PLAN_VARIABLE, type Plan, type Started, threadFile } from "./plan.js";
import { readWorkerTitle } from "./worker-title.js";

/** Signals that end a program which does not listen to them. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How long workers are waited for that were told to write, in milliseconds. */
const PATIENCE = 2000;

/**
 * How long it is told that a program listens to a signal, when it no longer does, in
 * milliseconds: longer than the recorder waits for it to be heard.
 */
const HEARD = 5000;

/** How often a thread checks that its recorder still runs, in milliseconds. */
const RECORDER_CHECK_MS = 2000;

/** Does what may fail, and leaves it undone then. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The folder is gone, or the disk is full: the program goes on as without us.
  }
}

/** Writes JSON so that whoever waits for the file finds all of it. */
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
 * Follows the workers of this process, and theirs. They end without a word when they are
 * terminated or the process exits: they are told to write before, which also reaches those
 * that are busy, by an interrupt.
 */
class Workers {
  readonly #session: Session;
  readonly #folder: string;
  /** Sessions by the ids of threads. */
  readonly #sessions = new Map<number, string>();
  #patience = PATIENCE;

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

  /** Lets one of them write its profile, or all, and waits until they have. */
  finish(only?: number): void {
    const waiting = new Set<string>();
    for (const [thread, sessionId] of this.#sessions) {
      if (only !== undefined && thread !== only) continue;
      const file = path.join(this.#folder, threadFile(process.pid, thread));
      // One that has not come so far has nothing to tell.
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
    const end = Date.now() + this.#patience;
    while (waiting.size > 0 && Date.now() < end) {
      for (const file of waiting) if (existsSync(file)) waiting.delete(file);
      if (waiting.size > 0) Atomics.wait(clock, 0, 0, 2);
    }
    // Workers that wait for others hear nothing: a pool of them is not to hold up its program.
    if (waiting.size > 0) this.#patience = 50;
  }

  /** Has workers write before they are terminated. */
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
 * Has signals end the recording where nobody else listens to them. Our listener is only
 * there while there is no other: programs count them to know whether a signal is theirs.
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
    // With nobody who listens, it does what it does to other programs.
    process.kill(process.pid, signal);
  };
  const isEnding = (name: string | symbol): name is (typeof SIGNALS)[number] =>
    SIGNALS.some((signal) => signal === name);
  const file = (signal: string) => path.join(folder, listensFile(process.pid, signal));
  for (const signal of SIGNALS) process.on(signal, end);
  process.on("newListener", (name, listener) => {
    if (!isEnding(name) || listener === end || isOver) return;
    attempt(() => writeFileSync(file(name), ""));
    // Not before theirs is there: Node stops to catch a signal once nobody listens.
    queueMicrotask(() => {
      if (!isAlone(name)) process.off(name, end);
    });
  });
  process.on("removeListener", (name, listener) => {
    if (!isEnding(name) || listener === end || isOver || !isAlone(name)) return;
    if (process.listenerCount(name) === 0) process.on(name, end);
    // A listener that is there once goes when its signal comes, which it has then heard.
    setTimeout(() => {
      if (isAlone(name)) attempt(() => rmSync(file(name), { force: true }));
    }, HEARD).unref();
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
