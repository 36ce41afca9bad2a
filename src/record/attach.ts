import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors/user-error.js";
import {
  type LoadedScript,
  reportScripts,
  SCRIPT_EVENT,
  ScriptCollector,
  type ScriptParsed,
  usedScripts,
} from "../v8/loaded-scripts.js";
import {
  disableSampling,
  prepareSampling,
  type Sampling,
  type Send,
  startSampling,
  stopSampling,
} from "../v8/protocol.js";
import { CpuPoller } from "./cpu-accounting.js";
import type { CpuReading } from "./cpu-times.js";
import { ConnectionLost, type Inspector } from "./inspector.js";
import { isAlive, sharesProcessIds } from "./process-tree.js";
import { scriptOf } from "./target.js";
import { openInspector, type TargetInspector } from "./target-inspector.js";
import type { ThreadProfile } from "./thread-profiles.js";
import { readWorkerTitle } from "./worker-title.js";

/** How to record a running process. */
export interface AttachRequest {
  /** At most one of the CPU, and one of the heap. */
  readonly samplings: readonly Sampling[];
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

/** Sends commands to the inspector of one thread. */
type Post = Send<Promise<Record<string, unknown>>>;

/** Sets the listener of an event of one thread. */
type Listen = (method: string, listener: (params: Record<string, unknown>) => void) => void;

interface Thread {
  /** Unique among the threads of the process. */
  readonly id: string;
  readonly name: string;
  readonly post: Post;
  readonly on: Listen;
}

async function recordThreads(
  pid: number,
  inspector: Inspector,
  request: AttachRequest,
  cpu: CpuPoller,
): Promise<Recorded[]> {
  const { seconds, signal, samplings } = request;
  const main: Post = (method, params) => inspector.post(method, params);
  const threads: { thread: Thread; started: Promise<number> }[] = [];
  const begin = (thread: Thread) => {
    const started = start(pid, thread, samplings, cpu);
    // Errors are handled at the end; without a handler, they would end this program.
    started.catch(() => {});
    threads.push({ thread, started });
  };
  followWorkers(inspector, begin);
  begin({ id: "main", name: "main", post: main, on: (...listener) => inspector.on(...listener) });
  await threads[0].started;
  // Old or restricted processes lack this domain.
  await main("NodeWorker.enable", { waitForDebuggerOnStart: false }).catch(() => {
    request.warn("workers are not recorded: the process's inspector does not support it");
  });
  const ended = new AbortController();
  inspector.closed.then(() => ended.abort());
  await sleep(seconds * 1000, undefined, {
    signal: AbortSignal.any([signal, ended.signal]),
  }).catch(() => {});
  const results = await Promise.all(
    threads.map(async ({ thread, started }): Promise<Recorded[]> => {
      try {
        return await stop(thread, samplings, await started, cpu);
      } catch (error) {
        if (thread.name === "main") throw error;
        request.warn(`the profile of ${thread.name} is lost: it ended before the recording`);
        return [];
      }
    }),
  );
  await main("NodeWorker.disable").catch(() => {});
  return results.flat();
}

/** Returns the time of the start in milliseconds. */
async function start(
  pid: number,
  { id, post }: Thread,
  samplings: readonly Sampling[],
  cpu: CpuPoller,
): Promise<number> {
  for (const sampling of samplings) await Promise.all(prepareSampling(post, sampling));
  if (samplings.some(({ kind }) => kind === "cpu")) {
    const task = await taskOf(pid, post);
    if (task !== undefined) cpu.add(id, task);
  }
  for (const sampling of samplings) await startSampling(post, sampling);
  return Date.now();
}

async function stop(
  thread: Thread,
  samplings: readonly Sampling[],
  started: number,
  cpu: CpuPoller,
): Promise<Recorded[]> {
  const { id, name, post } = thread;
  const stopped = await Promise.all(samplings.map(({ kind }) => stopSampling(post, kind)));
  const durationNanos = (Date.now() - started) * 1e6;
  cpu.read(id);
  for (const { kind } of samplings) await disableSampling(post, kind);
  const timeNanos = BigInt(started) * 1_000_000n;
  const readings = cpu.readings(id);
  const recorded: Recorded[] = [];
  for (const [i, { profile }] of stopped.entries()) {
    const scripts = await loadedScripts(thread, profile);
    const { kind } = samplings[i];
    recorded.push({ kind, thread: name, timeNanos, durationNanos, profile, scripts, readings });
  }
  return recorded;
}

/**
 * Returns the folder of a thread in /proc; undefined on other systems, in other namespaces of
 * processes, and for old versions of Node.
 */
async function taskOf(pid: number, post: Post): Promise<string | undefined> {
  const expression = 'process.getBuiltinModule("fs").readlinkSync("/proc/thread-self")';
  const { result } = await post("Runtime.evaluate", { expression });
  const { value } = (result ?? {}) as { readonly value?: unknown };
  const isOfTarget = typeof value === "string" && value.startsWith(`${pid}/task/`);
  return isOfTarget && sharesProcessIds(pid) ? `/proc/${value}` : undefined;
}

/** Returns the scripts of a profile as V8 has loaded them. */
async function loadedScripts({ post, on }: Thread, profile: unknown): Promise<LoadedScript[]> {
  const collector = new ScriptCollector(usedScripts(profile));
  on(SCRIPT_EVENT, (params: ScriptParsed) => collector.add(params));
  // Restricted inspectors lack the debugger.
  await Promise.all(reportScripts(post)).catch((error: unknown) => {
    if (error instanceof ConnectionLost) throw error;
  });
  return collector.scripts;
}

/** Calls `begin` for each worker that runs or starts. */
function followWorkers(inspector: Inspector, begin: (thread: Thread) => void): void {
  const waiting = new Map<
    string,
    { done(result: Record<string, unknown>): void; fail(error: Error): void }
  >();
  /** By session and method. */
  const listeners = new Map<string, Parameters<Listen>[1]>();
  let lastId = 0;
  inspector.on("NodeWorker.attachedToWorker", ({ sessionId, workerInfo }) => {
    const title = String((workerInfo as { title?: unknown }).title);
    const { thread, name } = readWorkerTitle(title);
    const on: Listen = (method, listener) => listeners.set(`${sessionId} ${method}`, listener);
    const post: Post = (method, params = {}) => {
      const messageId = ++lastId;
      const message = JSON.stringify({ id: messageId, method, params });
      return new Promise((done, fail) => {
        waiting.set(`${sessionId} ${messageId}`, { done, fail });
        inspector.post("NodeWorker.sendMessageToWorker", { sessionId, message }).catch(fail);
        inspector.closed.then(() => fail(new ConnectionLost()));
      });
    };
    begin({
      id: String(sessionId),
      name: name || (thread === undefined ? title : `worker ${thread}`),
      post,
      on,
    });
  });
  inspector.on("NodeWorker.receivedMessageFromWorker", ({ sessionId, message }) => {
    const { id, method, params, result, error } = JSON.parse(String(message));
    if (id === undefined) return listeners.get(`${sessionId} ${method}`)?.(params);
    const waiter = waiting.get(`${sessionId} ${id}`);
    waiting.delete(`${sessionId} ${id}`);
    if (error) waiter?.fail(new UserError(String(error.message)));
    else waiter?.done(result ?? {});
  });
  inspector.on("NodeWorker.detachedFromWorker", ({ sessionId }) => {
    for (const [key, { fail }] of waiting) {
      if (key.startsWith(`${sessionId} `)) fail(new ConnectionLost());
    }
  });
}
