/**
 * Runs in every thread of recorded programs before their own code. Starts V8's profiler, and
 * writes the profile when the thread ends. Errors here must not affect the program.
 */
import { existsSync } from "node:fs";
import { Session } from "node:inspector";
import path from "node:path";
import { getHeapStatistics } from "node:v8";
import { isMainThread, threadId, Worker } from "node:worker_threads";
import { isRunning, thisProcess } from "../platform/programs/process-identity.js";
import {
  type Command,
  HOOK,
  PLAN_VARIABLE,
  type Plan,
  type Started,
  threadFile,
  WATCH_VARIABLE,
  WATCHER_NAME,
} from "./plan.js";
import { followSignals } from "./preload-signals.js";
import { Workers } from "./preload-workers.js";
import { startProfiler, wallMicros } from "./thread-profiler.js";
import { RECORDER_CHECK_MS, type Watch, watch } from "./watcher.js";
import { attempt, writeWhole } from "./whole-file.js";

function record(plan: Plan): void {
  const session = new Session();
  session.connect();
  const workers = isMainThread ? new Workers(session, plan.folder) : undefined;
  const profiler = startProfiler(session, plan);
  const hasWatcher = isMainThread && startWatcher(plan);
  const started: Started = {
    process: thisProcess(),
    thread: threadId,
    program: path.basename(process.argv[1] ?? ""),
    timeMicros: wallMicros(),
    hasWatcher,
  };
  const file = path.join(plan.folder, `${threadFile(process.pid, threadId)}.started`);
  attempt(() => writeWhole(file, started));
  const offer = (execute: (command: Command) => void) => {
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
  };
  process.on("exit", finish);
  for (const end of ["reallyExit", "abort"] as const) finishBefore(end, finish);
  const endBy = followSignals(plan.folder, finish);
  const execute = (command: Command) => {
    if (command !== "checkpoint" && command !== "stop") return endBy(command);
    attempt(() => workers.send(command));
    if (command === "stop") profiler.stop();
    else profiler.checkpoint();
  };
  offer(execute);
  // A program that outlives its recorder must not go on being sampled.
  if (!hasWatcher) {
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

/** Starts the watcher of this process. Returns false if this is forbidden. */
function startWatcher(plan: Plan): boolean {
  const watched: Watch = { plan, heapLimit: getHeapStatistics().heap_size_limit };
  try {
    new Worker(__filename, {
      name: WATCHER_NAME,
      // Without the program's own options, which may preload its modules.
      env: { [WATCH_VARIABLE]: JSON.stringify(watched) },
      execArgv: [],
      trackUnmanagedFds: false,
    })
      .on("error", () => {})
      .unref();
    return true;
  } catch {
    // The permission model needs --allow-worker.
    return false;
  }
}

attempt(() => {
  const { [PLAN_VARIABLE]: plan, [WATCH_VARIABLE]: watched } = process.env;
  if (watched !== undefined && !isMainThread) watch(JSON.parse(watched));
  else if (plan !== undefined) record(JSON.parse(plan));
});
