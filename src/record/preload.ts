/**
 * Runs in every thread of recorded programs before their own code. Starts V8's profiler, and
 * writes the profile when the thread ends. Errors here must not affect the program.
 */
import { existsSync } from "node:fs";
import { Session } from "node:inspector";
import path from "node:path";
import { getHeapStatistics } from "node:v8";
import { isMainThread, threadId, Worker, workerData } from "node:worker_threads";
import { isRunning, thisProcess } from "../platform/programs/process-identity.js";
import { MemoryGuard } from "./memory-guard.js";
import {
  type Command,
  HOOK,
  PLAN_VARIABLE,
  type Plan,
  type Started,
  threadFile,
  WATCHER_NAME,
} from "./plan.js";
import { followSignals } from "./preload-signals.js";
import { Workers } from "./preload-workers.js";
import { startProfiler, wallMicros } from "./thread-profiler.js";
import { dismissWatcher, RECORDER_CHECK_MS, type Watch, watch } from "./watcher.js";
import { attempt, writeWhole } from "./whole-file.js";

function record(plan: Plan): void {
  const session = new Session();
  session.connect();
  const workers = isMainThread ? new Workers(session, plan.folder) : undefined;
  const profiler = startProfiler(session, plan);
  const dismiss = isMainThread ? startWatcher(plan) : undefined;
  const started: Started = {
    process: thisProcess(),
    thread: threadId,
    program: path.basename(process.argv[1] ?? ""),
    timeMicros: wallMicros(),
    task: profiler.task,
    hasWatcher: dismiss !== undefined,
  };
  const file = path.join(plan.folder, `${threadFile(process.pid, threadId)}.started`);
  attempt(() => writeWhole(file, started));
  const offer = (execute: (command: Command, limit?: number) => unknown) => {
    Object.defineProperty(globalThis, Symbol.for(HOOK), { value: execute, configurable: true });
  };
  if (!workers) {
    offer((command) => (command === "checkpoint" ? profiler.checkpoint() : profiler.stop()));
    process.on("exit", profiler.stop);
    return;
  }
  workers.followTermination();
  const finish = () => {
    attempt(() => workers.finish());
    profiler.stop();
    dismiss?.();
  };
  process.on("exit", finish);
  for (const end of ["reallyExit", "abort"] as const) finishBefore(end, finish);
  const endBy = followSignals(plan.folder, finish);
  const memory = new MemoryGuard(plan, profiler.checkpoint);
  const execute = (command: Command, limit = 0) => {
    if (command === "look") return memory.look(limit);
    if (command !== "checkpoint" && command !== "stop") return endBy(command);
    attempt(() => workers.send(command));
    if (command === "checkpoint") {
      const before = process.cpuUsage();
      profiler.checkpoint();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }
    memory.stop();
    profiler.stop();
  };
  offer(execute);
  // A program that outlives its recorder must not go on being sampled.
  if (!dismiss) {
    const isRecorded = () => existsSync(plan.folder) && isRunning(plan.recorder);
    setInterval(() => isRecorded() || execute("stop"), RECORDER_CHECK_MS).unref();
  }
}

/** Calls `finish` before a function of `process` that ends the process without an event. */
function finishBefore(name: "reallyExit" | "abort", finish: () => void): void {
  const functions = process as unknown as Record<string, (...args: unknown[]) => unknown>;
  const end = functions[name];
  functions[name] = (...args) => {
    finish();
    return end.apply(process, args);
  };
}

/**
 * Starts the watcher of this process. Returns the function to call at the end of the main thread, or
 * undefined if workers are forbidden.
 */
function startWatcher(plan: Plan): (() => void) | undefined {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const options = `${process.env.NODE_OPTIONS ?? ""} ${process.execArgv.join(" ")}`;
  const watched: Watch = {
    ...{ plan, flags },
    heapLimit: getHeapStatistics().heap_size_limit,
    semiSpace: Number(/--max[-_]semi[-_]space[-_]size[= ]([0-9]+)/.exec(options)?.[1]) || undefined,
  };
  try {
    new Worker(__filename, {
      name: WATCHER_NAME,
      workerData: { [WATCHER_KEY]: watched },
      // Without the program's own options, which may preload its modules.
      env: {},
      execArgv: [],
      trackUnmanagedFds: false,
    })
      .on("error", () => {})
      .unref();
    return () => dismissWatcher(flags);
  } catch {
    // The permission model needs --allow-worker.
    return undefined;
  }
}

/** The property of the watcher's data, which distinguishes it from other workers. */
const WATCHER_KEY = "tsprof.watch";

attempt(() => {
  const watched: Watch | undefined = isMainThread ? undefined : workerData?.[WATCHER_KEY];
  const { [PLAN_VARIABLE]: plan } = process.env;
  if (watched) watch(watched);
  else if (plan !== undefined) record(JSON.parse(plan));
});
