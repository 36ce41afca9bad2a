import { Session } from "node:inspector";
import path from "node:path";
import { threadId } from "node:worker_threads";
import { thisProcess } from "../platform/programs/process-identity.js";
import { type Command, HOOK, type Plan, type Started, threadFile } from "./plan.js";
import { startProfiler, type ThreadProfiler, wallMicros } from "./thread-profiler.js";
import { attempt, writeWhole } from "./whole-file.js";

/** A thread that is being recorded. */
export interface ThreadRecording extends ThreadProfiler {
  readonly session: Session;
}

/** Starts to record this thread, and announces it in the plan's folder. */
export function recordThread(plan: Plan): ThreadRecording {
  const session = new Session();
  session.connect();
  const profiler = startProfiler(session, plan);
  const started: Started = {
    process: thisProcess(),
    thread: threadId,
    program: path.basename(process.argv[1] ?? ""),
    timeMicros: wallMicros(),
    task: profiler.task,
  };
  const file = path.join(plan.folder, `${threadFile(process.pid, threadId)}.started`);
  attempt(() => writeWhole(file, started));
  return { ...profiler, session };
}

/** Makes `execute` execute the commands that this thread gets. */
export function acceptCommands(execute: (command: Command, argument?: unknown) => unknown): void {
  Object.defineProperty(globalThis, Symbol.for(HOOK), { value: execute, configurable: true });
}

/** Calls `finish` before a function of `process` that ends the process without an event. */
export function finishBefore(name: "reallyExit" | "abort", finish: () => void): void {
  const functions = process as unknown as Record<string, (...args: unknown[]) => unknown>;
  const end = functions[name];
  functions[name] = (...args) => {
    finish();
    return end.apply(process, args);
  };
}
