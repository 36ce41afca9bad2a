import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors/user-error.js";
import { type LoadedScript, loadedScripts, usedScripts } from "../v8/loaded-scripts.js";
import {
  disableSampling,
  prepareSampling,
  type Sampling,
  startSampling,
  stopSampling,
} from "../v8/protocol.js";
import { type Connection, ConnectionLost, followWorkers } from "../v8/worker-sessions.js";
import type { Inspector } from "./inspector.js";
import { isAlive } from "./process-tree.js";
import { scriptOf } from "./target.js";
import { openInspector, type TargetInspector } from "./target-inspector.js";
import type { ThreadProfile } from "./thread-profiles.js";

/** How to record a running process. */
export interface AttachRequest extends Sampling {
  readonly seconds: number;
  /** Ends the recording early. The profile then covers the time until now. */
  readonly signal: AbortSignal;
  readonly warn: (line: string) => void;
}

/**
 * Records running processes with their workers, and restores their state. Throws an Error of one
 * line if none can be recorded; if only some can, warns about the others.
 */
export async function attach(
  pids: readonly number[],
  request: AttachRequest,
): Promise<ThreadProfile[]> {
  const isShared = pids.length > 1;
  const recordings: Promise<ThreadProfile[]>[] = [];
  let isOpen: Promise<unknown> = Promise.resolve();
  for (const pid of pids) {
    // One after the other, as all processes open their inspectors on the same port.
    const target = isOpen.then(() => openInspector(pid, isShared));
    isOpen = target.catch(() => {});
    recordings.push(recordProcess(pid, target, request));
  }
  const ends = await Promise.allSettled(recordings);
  const errors = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  const threads = ends.flatMap((end) => (end.status === "fulfilled" ? end.value : []));
  if (threads.length === 0) throw errors[0];
  for (const error of errors) {
    if (!(error instanceof UserError)) throw error;
    request.warn(error.message);
  }
  return threads;
}

async function recordProcess(
  pid: number,
  opening: Promise<TargetInspector>,
  request: AttachRequest,
): Promise<ThreadProfile[]> {
  const program = scriptOf(pid);
  let target: TargetInspector | undefined;
  try {
    target = await opening;
    const found = await recordThreads(target.inspector, request);
    return found.map(({ profile, scripts, ...recorded }) => ({
      ...{ pid, program, ...recorded },
      json: () => Buffer.from(JSON.stringify(profile)),
      scripts: () => scripts,
      // The system does not report which of its threads a worker is.
      cpuReadings: () => [],
    }));
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    throw new UserError(
      (await endsSoon(pid))
        ? `process ${pid} ended during the recording`
        : `process ${pid} closed its inspector during the recording`,
    );
  } finally {
    await target?.close();
  }
}

/** How long a process needs to end after its connections were closed. */
const END_TIMEOUT_MS = 1000;

async function endsSoon(pid: number): Promise<boolean> {
  const end = Date.now() + END_TIMEOUT_MS;
  while (isAlive({ pid })) {
    if (Date.now() > end) return false;
    await sleep(50);
  }
  return true;
}

interface Recorded extends Pick<ThreadProfile, "thread" | "timeNanos" | "durationNanos"> {
  readonly profile: unknown;
  readonly scripts: readonly LoadedScript[];
}

interface Thread extends Connection {
  readonly name: string;
}

async function recordThreads(inspector: Inspector, request: AttachRequest): Promise<Recorded[]> {
  const main: Connection = {
    send: (method, params) => inspector.post(method, params),
    on: (...listener) => inspector.on(...listener),
  };
  const threads: { thread: Thread; started: Promise<number> }[] = [];
  const begin = (thread: Thread) => {
    const started = start(thread, request);
    // Errors are handled at the end; without a handler, they would end this program.
    started.catch(() => {});
    threads.push({ thread, started });
  };
  followWorkers(main, inspector.closed, begin);
  begin({ name: "main", ...main });
  await threads[0].started;
  // Old or restricted processes lack this domain.
  await main.send("NodeWorker.enable", { waitForDebuggerOnStart: false }).catch(() => {
    request.warn("workers are not recorded: the process's inspector does not support it");
  });
  const { seconds, signal } = request;
  const ended = new AbortController();
  inspector.closed.then(() => ended.abort());
  await sleep(seconds * 1000, undefined, {
    signal: AbortSignal.any([signal, ended.signal]),
  }).catch(() => {});
  const results = await Promise.all(
    threads.map(async ({ thread, started }): Promise<Recorded | undefined> => {
      try {
        return await stop(thread, request.kind, await started);
      } catch (error) {
        if (thread.name === "main") throw error;
        request.warn(`the profile of ${thread.name} is lost: it ended before the recording`);
        return undefined;
      }
    }),
  );
  await main.send("NodeWorker.disable").catch(() => {});
  return results.filter((result) => result !== undefined);
}

/** Returns the time of the start in milliseconds. */
async function start({ send }: Connection, sampling: Sampling): Promise<number> {
  await Promise.all(prepareSampling(send, sampling));
  await startSampling(send, sampling);
  return Date.now();
}

async function stop(thread: Thread, kind: Sampling["kind"], started: number): Promise<Recorded> {
  const { name, send } = thread;
  const outside = kind === "heap" ? await memoryUsage(thread) : undefined;
  const stopped = await stopSampling(send, kind);
  const profile = { ...(stopped.profile as object), outside };
  const durationNanos = (Date.now() - started) * 1e6;
  await disableSampling(send, kind);
  const scripts = await loadedScripts(thread, usedScripts(profile)).catch((error: unknown) => {
    if (error instanceof ConnectionLost) throw error;
    // Restricted inspectors lack the debugger.
    return [];
  });
  const timeNanos = BigInt(started) * 1_000_000n;
  return { thread: name, timeNanos, durationNanos, profile, scripts };
}

async function memoryUsage({ send }: Connection): Promise<unknown> {
  const { result } = await send("Runtime.evaluate", {
    expression: "process.memoryUsage()",
    returnByValue: true,
  });
  return (result as { value?: unknown } | undefined)?.value;
}
