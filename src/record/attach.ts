import { setTimeout as sleep } from "node:timers/promises";
import { interruption, UserError } from "../errors/user-error.js";
import type { OutsideMemory } from "../formats/v8/heap.js";
import type { HeapState } from "../formats/v8/heap-growth.js";
import { type LoadedScript, loadedScripts, usedScripts } from "../v8/loaded-scripts.js";
import {
  disableSampling,
  prepareSampling,
  type Sampling,
  startSampling,
  stopSampling,
} from "../v8/protocol.js";
import { type Connection, ConnectionLost, followWorkers } from "../v8/worker-sessions.js";
import { CpuPoller } from "./cpu-accounting.js";
import type { CpuReading } from "./cpu-times.js";
import type { Inspector } from "./inspector.js";
import { isAlive, sharesProcessIds } from "./process-tree.js";
import { scriptOf } from "./target.js";
import { openInspector, type TargetInspector } from "./target-inspector.js";
import type { HeapPair, ThreadProfile } from "./thread-profiles.js";

/** How to record a running process. */
export interface AttachRequest {
  /** At most one of the CPU, and one of the heap. */
  readonly samplings: readonly Sampling[];
  readonly seconds: number;
  /**
   * Whether to take a heap profile after `seconds` and another one after the same time again, each
   * after a garbage collection. The profiles of threads then are of the form {@link HeapPair}.
   */
  readonly comparesHeaps?: boolean;
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
  const cpu = new CpuPoller();
  let target: TargetInspector | undefined;
  try {
    target = await opening;
    const found = await recordThreads(pid, target.inspector, request, cpu);
    return found.map(({ profile, scripts, readings, ...recorded }) => ({
      ...{ pid, program, ...recorded },
      json: () => Buffer.from(JSON.stringify(profile)),
      scripts: () => scripts,
      cpuReadings: () => readings,
    }));
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    throw new UserError(
      (await endsSoon(pid))
        ? `process ${pid} ended during the recording`
        : `process ${pid} closed its inspector during the recording`,
    );
  } finally {
    cpu.stop();
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

interface Recorded extends Pick<ThreadProfile, "kind" | "thread" | "timeNanos" | "durationNanos"> {
  readonly profile: unknown;
  readonly readings: readonly CpuReading[];
  readonly scripts: readonly LoadedScript[];
}

interface Thread extends Connection {
  /** Unique among the threads of the process. */
  readonly id: string;
  readonly name: string;
}

async function recordThreads(
  pid: number,
  inspector: Inspector,
  request: AttachRequest,
  cpu: CpuPoller,
): Promise<Recorded[]> {
  const { seconds, signal, samplings, comparesHeaps = false } = request;
  const main: Connection = {
    send: (method, params) => inspector.post(method, params),
    on: (...listener) => inspector.on(...listener),
  };
  const threads: { thread: Thread; started: Promise<number>; first?: TimedHeap | undefined }[] = [];
  const begin = (thread: Thread) => {
    const started = start(pid, thread, samplings, cpu);
    // Errors are handled at the end; without a handler, they would end this program.
    started.catch(() => {});
    threads.push({ thread, started });
  };
  followWorkers(main, inspector.closed, begin);
  begin({ id: "main", name: "main", ...main });
  await threads[0].started;
  // Old or restricted processes lack this domain.
  await main.send("NodeWorker.enable", { waitForDebuggerOnStart: false }).catch(() => {
    request.warn("workers are not recorded: the process's inspector does not support it");
  });
  const ended = new AbortController();
  inspector.closed.then(() => ended.abort());
  const wait = () =>
    sleep(seconds * 1000, undefined, {
      signal: AbortSignal.any([signal, ended.signal]),
    }).catch(() => {});
  await wait();
  if (comparesHeaps) {
    if (signal.aborted) throw interruption();
    await Promise.all(
      threads.map(async (entry) => {
        // Threads that have ended are reported below.
        entry.first = await currentHeap(entry.thread).catch(() => undefined);
      }),
    );
    await wait();
  }
  const results = await Promise.all(
    threads.map(async ({ thread, started, first }): Promise<Recorded[]> => {
      try {
        const time = await started;
        return comparesHeaps
          ? await stopComparing(thread, first, time)
          : await stop(thread, samplings, time, cpu);
      } catch (error) {
        if (thread.name === "main") throw error;
        request.warn(`the profile of ${thread.name} is lost: it ended before the recording`);
        return [];
      }
    }),
  );
  await main.send("NodeWorker.disable").catch(() => {});
  return results.flat();
}

/** Returns the time of the start in milliseconds. */
async function start(
  pid: number,
  { id, send }: Thread,
  samplings: readonly Sampling[],
  cpu: CpuPoller,
): Promise<number> {
  for (const sampling of samplings) await Promise.all(prepareSampling(send, sampling));
  if (samplings.some(({ kind }) => kind === "cpu")) {
    const task = await taskOf(pid, send);
    if (task !== undefined) cpu.add(id, task);
  }
  for (const sampling of samplings) await startSampling(send, sampling);
  return Date.now();
}

async function stop(
  thread: Thread,
  samplings: readonly Sampling[],
  started: number,
  cpu: CpuPoller,
): Promise<Recorded[]> {
  const { id, name, send } = thread;
  const hasHeap = samplings.some(({ kind }) => kind === "heap");
  const outside = hasHeap ? await memoryUsage(thread) : undefined;
  const stopped = await Promise.all(samplings.map(({ kind }) => stopSampling(send, kind)));
  const durationNanos = (Date.now() - started) * 1e6;
  cpu.read(id);
  for (const { kind } of samplings) await disableSampling(send, kind);
  const timeNanos = BigInt(started) * 1_000_000n;
  const readings = cpu.readings(id);
  const recorded: Recorded[] = [];
  for (const [i, { profile: v8Profile }] of stopped.entries()) {
    const scripts = await scriptsOf(thread, v8Profile);
    const { kind } = samplings[i];
    const profile = kind === "heap" ? { ...(v8Profile as object), outside } : v8Profile;
    recorded.push({ kind, thread: name, timeNanos, durationNanos, profile, scripts, readings });
  }
  return recorded;
}

interface TimedHeap extends HeapState {
  /** In milliseconds since 1970. */
  readonly time: number;
}

/** Returns the memory in use after a garbage collection. */
async function currentHeap(thread: Thread): Promise<TimedHeap> {
  await thread.send("HeapProfiler.collectGarbage");
  const time = Date.now();
  const outside = (await memoryUsage(thread)) as OutsideMemory | undefined;
  const { profile } = await thread.send("HeapProfiler.getSamplingProfile");
  return { time, profile, outside };
}

async function stopComparing(
  thread: Thread,
  first: TimedHeap | undefined,
  started: number,
): Promise<Recorded[]> {
  const { name, send } = thread;
  const last = await currentHeap(thread);
  await stopSampling(send, "heap");
  await disableSampling(send, "heap");
  const scripts = await scriptsOf(thread, last.profile);
  const profile: HeapPair = { before: first, after: last };
  const begin = first?.time ?? started;
  const timeNanos = BigInt(begin) * 1_000_000n;
  const durationNanos = (last.time - begin) * 1e6;
  return [{ kind: "heap", thread: name, timeNanos, durationNanos, profile, scripts, readings: [] }];
}

/**
 * Returns the folder of a thread in /proc; undefined on other systems, in other namespaces of
 * processes, and for old versions of Node.
 */
async function taskOf(pid: number, send: Connection["send"]): Promise<string | undefined> {
  const expression = 'process.getBuiltinModule("fs").readlinkSync("/proc/thread-self")';
  const { result } = await send("Runtime.evaluate", { expression });
  const { value } = (result ?? {}) as { readonly value?: unknown };
  const isOfTarget = typeof value === "string" && value.startsWith(`${pid}/task/`);
  return isOfTarget && sharesProcessIds(pid) ? `/proc/${value}` : undefined;
}

async function memoryUsage({ send }: Connection): Promise<unknown> {
  const expression = "process.memoryUsage()";
  const { result } = await send("Runtime.evaluate", { expression, returnByValue: true });
  return (result as { value?: unknown } | undefined)?.value;
}

/** Returns the scripts of a profile as V8 has loaded them. */
async function scriptsOf(thread: Thread, profile: unknown): Promise<readonly LoadedScript[]> {
  try {
    return await loadedScripts(thread, usedScripts(profile));
  } catch (error) {
    if (error instanceof ConnectionLost) throw error;
    // Restricted inspectors lack the debugger.
    return [];
  }
}
