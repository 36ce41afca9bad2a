/**
 * Runs in every thread of recorded programs before their own code. Starts V8's profiler, and
 * writes the profile when the thread ends. Errors here must not affect the program.
 */
import { existsSync } from "node:fs";
import { isMainThread, workerData } from "node:worker_threads";
import { isRunning } from "../platform/programs/process-identity.js";
import { MemoryGuard } from "./memory-guard.js";
import { type Command, PLAN_VARIABLE, type Plan } from "./plan.js";
import { followSignals } from "./preload-signals.js";
import { Workers } from "./preload-workers.js";
import { startWatcher, WATCHER_KEY } from "./start-watcher.js";
import { acceptCommands, finishBefore, recordThread } from "./thread-recording.js";
import { dismissWatcher, RECORDER_CHECK_MS, type Watch, watch } from "./watcher.js";
import { attempt } from "./whole-file.js";

function record(plan: Plan): void {
  const thread = recordThread(plan);
  if (!isMainThread) {
    acceptCommands((command) => (command === "checkpoint" ? thread.checkpoint() : thread.stop()));
    process.on("exit", thread.stop);
    return;
  }
  const workers = new Workers(thread.session, plan.folder);
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const hasWatcher = startWatcher({ plan, flags }) !== undefined;
  workers.followTermination();
  const finish = () => {
    attempt(() => workers.finish());
    thread.stop();
    if (hasWatcher) dismissWatcher(flags);
  };
  process.on("exit", finish);
  for (const end of ["reallyExit", "abort"] as const) finishBefore(end, finish);
  const endBy = followSignals(plan.folder, finish);
  const memory = new MemoryGuard(plan, thread.checkpoint);
  const execute = (command: Command, argument?: unknown) => {
    if (command === "look") return memory.look(Number(argument));
    if (command !== "checkpoint" && command !== "stop") return endBy(command as NodeJS.Signals);
    attempt(() => workers.send(command));
    if (command === "checkpoint") return thread.checkpoint();
    memory.stop();
    thread.stop();
  };
  acceptCommands(execute);
  // A program that outlives its recorder must not go on being sampled.
  if (!hasWatcher) {
    const isRecorded = () => existsSync(plan.folder) && isRunning(plan.recorder);
    setInterval(() => isRecorded() || execute("stop"), RECORDER_CHECK_MS).unref();
  }
}

attempt(() => {
  const watched: Watch | undefined = isMainThread ? undefined : workerData?.[WATCHER_KEY];
  const { [PLAN_VARIABLE]: plan } = process.env;
  if (watched) watch(watched);
  else if (plan !== undefined) record(JSON.parse(plan));
});
