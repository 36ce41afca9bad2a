import { Session } from "node:inspector";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { isMainThread, threadId } from "node:worker_threads";
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
  if (isMainThread) keepInterruptible();
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

/**
 * Makes V8 check for interrupts in all loops from now on. In Node 22 to 24, it leaves the checks out
 * of loops that it unrolls, even endless ones, so that a busy thread executes no commands.
 */
function keepInterruptible(): void {
  // Other versions may not know the flag, and would print an error.
  if (/^1[23]\./.test(process.versions.v8)) setFlagsFromString("--no-turboshaft-loop-unrolling");
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
