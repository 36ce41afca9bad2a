import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors/user-error.js";
import { isRunning } from "../platform/programs/process-identity.js";
import {
  disableSampling,
  prepareSampling,
  type Sampling,
  type Send,
  startSampling,
  stopSampling,
} from "../v8/protocol.js";
import { ConnectionLost, type Inspector } from "./inspector.js";
import { scriptOf } from "./target.js";
import { openInspector, type TargetInspector } from "./target-inspector.js";
import type { ThreadProfile } from "./thread-profiles.js";
import { readWorkerTitle } from "./worker-title.js";

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
    const timeNanos = BigInt(Date.now()) * 1_000_000n;
    const found = await recordThreads(target.inspector, request);
    return found.map(({ thread, profile }) => ({
      ...{ pid, program, thread, timeNanos },
      json: () => Buffer.from(JSON.stringify(profile)),
    }));
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    throw new UserError(
      isRunning({ pid })
        ? `process ${pid} closed its inspector during the recording`
        : `process ${pid} ended during the recording`,
    );
  } finally {
    await target?.close();
  }
}

interface Recorded {
  readonly thread: string;
  readonly profile: unknown;
}

/** Sends commands to the inspector of one thread. */
type Post = Send<Promise<Record<string, unknown>>>;

async function recordThreads(inspector: Inspector, request: AttachRequest): Promise<Recorded[]> {
  const main: Post = (method, params) => inspector.post(method, params);
  const threads: { name: string; post: Post; started: Promise<unknown> }[] = [];
  const begin = (name: string, post: Post) => {
    const started = start(post, request);
    // Errors are handled at the end; without a handler, they would end this program.
    started.catch(() => {});
    threads.push({ name, post, started });
  };
  followWorkers(inspector, begin);
  begin("main", main);
  await threads[0].started;
  // Old or restricted processes lack this domain.
  await main("NodeWorker.enable", { waitForDebuggerOnStart: false }).catch(() => {
    request.warn("workers are not recorded: the process's inspector does not support it");
  });
  const { seconds, signal } = request;
  const ended = new AbortController();
  inspector.closed.then(() => ended.abort());
  await sleep(seconds * 1000, undefined, {
    signal: AbortSignal.any([signal, ended.signal]),
  }).catch(() => {});
  const results = await Promise.all(
    threads.map(async ({ name, post, started }): Promise<Recorded | undefined> => {
      try {
        await started;
        return { thread: name, profile: await stop(post, request.kind) };
      } catch (error) {
        if (name === "main") throw error;
        request.warn(`the profile of ${name} is lost: it ended before the recording`);
        return undefined;
      }
    }),
  );
  await main("NodeWorker.disable").catch(() => {});
  return results.filter((result) => result !== undefined);
}

async function start(post: Post, sampling: Sampling): Promise<void> {
  await Promise.all(prepareSampling(post, sampling));
  await startSampling(post, sampling);
}

async function stop(post: Post, kind: Sampling["kind"]): Promise<unknown> {
  const { profile } = await stopSampling(post, kind);
  await disableSampling(post, kind);
  return profile;
}

/** Calls `begin` for each worker that runs or starts, with a function that sends it commands. */
function followWorkers(inspector: Inspector, begin: (name: string, post: Post) => void): void {
  const waiting = new Map<
    string,
    { done(result: Record<string, unknown>): void; fail(error: Error): void }
  >();
  let lastId = 0;
  inspector.on("NodeWorker.attachedToWorker", ({ sessionId, workerInfo }) => {
    const title = String((workerInfo as { title?: unknown }).title);
    const { thread, name } = readWorkerTitle(title);
    begin(name || (thread === undefined ? title : `worker ${thread}`), (method, params = {}) => {
      const messageId = ++lastId;
      const message = JSON.stringify({ id: messageId, method, params });
      return new Promise((done, fail) => {
        waiting.set(`${sessionId} ${messageId}`, { done, fail });
        inspector.post("NodeWorker.sendMessageToWorker", { sessionId, message }).catch(fail);
        inspector.closed.then(() => fail(new ConnectionLost()));
      });
    });
  });
  inspector.on("NodeWorker.receivedMessageFromWorker", ({ sessionId, message }) => {
    const { id, result, error } = JSON.parse(String(message));
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
