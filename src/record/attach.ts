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
import { ConnectionLost, Inspector } from "./inspector.js";
import { checkTarget, commandLine, listeningPorts, scriptOf, takesSigusr1 } from "./target.js";
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
 * Records a running process with its workers, and restores its state. Throws an Error of one line
 * if it is not Node, belongs to another user, has no inspector or ends.
 */
export async function attach(pid: number, request: AttachRequest): Promise<ThreadProfile[]> {
  const program = scriptOf(pid);
  const timeNanos = BigInt(Date.now()) * 1_000_000n;
  const { inspector, wasOpen } = await openInspector(pid);
  try {
    const found = await recordThreads(inspector, request);
    return found.map(({ thread, profile }) => ({
      pid,
      program,
      thread,
      timeNanos,
      json: () => Buffer.from(JSON.stringify(profile)),
    }));
  } catch (error) {
    if (error instanceof ConnectionLost) {
      throw new UserError(`process ${pid} ended during the recording`);
    }
    throw error;
  } finally {
    await detach(inspector, wasOpen);
  }
}

/** How long to wait for a process to close our connection. */
const DISCONNECT_TIMEOUT_MS = 1000;

async function detach(inspector: Inspector, wasOpen: boolean): Promise<void> {
  // There is no answer, as this closes the inspector.
  if (!wasOpen) inspector.evaluate("process._debugEnd()").catch(() => {});
  else inspector.close();
  await Promise.race([inspector.closed, sleep(DISCONNECT_TIMEOUT_MS, undefined, { ref: false })]);
  inspector.close();
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

/** The default port of Node's inspector. */
const DEFAULT_PORT = 9229;

/** How long to wait for the main thread of a process to report its id. */
const IDENTIFY_TIMEOUT_MS = 2000;

/** How long to wait for a process to open its inspector. */
const OPEN_TIMEOUT_MS = 5000;

/** Connects to the inspector of a process. If it is not open, SIGUSR1 makes the process open it. */
async function openInspector(pid: number): Promise<{ inspector: Inspector; wasOpen: boolean }> {
  checkTarget(pid);
  const port = inspectorPort(pid);
  const before = listeningPorts(pid);
  if (!before || before.has(port)) {
    const inspector = await connectTo(pid, port);
    if (inspector) return { inspector, wasOpen: true };
  }
  if (!takesSigusr1(pid)) {
    throw new UserError(`process ${pid} has its inspector disabled (--disable-sigusr1)`);
  }
  process.kill(pid, "SIGUSR1");
  const end = Date.now() + OPEN_TIMEOUT_MS;
  while (Date.now() < end) {
    await sleep(50);
    const now = before && listeningPorts(pid);
    const fresh = now ? [...now].filter((one) => !before.has(one)) : before ? [] : [port];
    for (const one of fresh) {
      const inspector = await connectTo(pid, one);
      if (inspector) return { inspector, wasOpen: false };
    }
    if (!isRunning({ pid }))
      throw new UserError(`process ${pid} ended before it could be recorded`);
  }
  // The inspector may have been open on an unexpected port from the start.
  for (const one of before ?? []) {
    const inspector = await connectTo(pid, one);
    if (inspector) return { inspector, wasOpen: true };
  }
  if (await isTaken(port)) {
    throw new UserError(
      `process ${pid} cannot open its inspector: another program uses port ${port}`,
    );
  }
  throw new UserError(`process ${pid} does not open its inspector; it may handle SIGUSR1 itself`);
}

/** Returns the port of a process's inspector by its command line. */
function inspectorPort(pid: number): number {
  for (const word of commandLine(pid)) {
    const match = /^--(?:inspect-port|debug-port|inspect|inspect-brk)=(?:.*:)?([0-9]+)$/.exec(word);
    if (match && Number(match[1]) > 0) return Number(match[1]);
  }
  return DEFAULT_PORT;
}

/** Returns undefined if no inspector listens on the port, or the one of another process. */
async function connectTo(pid: number, port: number): Promise<Inspector | undefined> {
  const url = await inspectorUrl(port);
  if (url === undefined) return undefined;
  const inspector = await Inspector.connect(url).catch(() => undefined);
  // A main thread that is blocked in native code does not answer.
  const answer = inspector?.evaluate("process.pid").catch(() => undefined);
  const owner = await Promise.race([answer, sleep(IDENTIFY_TIMEOUT_MS, undefined, { ref: false })]);
  if (owner === pid) return inspector;
  inspector?.close();
  return undefined;
}

/** Returns the WebSocket URL of the inspector on a port. */
async function inspectorUrl(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`, {
      signal: AbortSignal.timeout(2000),
    });
    const targets: unknown = await response.json();
    const url: unknown = Array.isArray(targets) ? targets[0]?.webSocketDebuggerUrl : undefined;
    if (typeof url !== "string") return undefined;
    // Connect only to this machine, whatever host the answer names.
    return `ws://127.0.0.1:${port}${new URL(url).pathname}`;
  } catch {
    return undefined;
  }
}

async function isTaken(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(500) });
    return true;
  } catch (error) {
    const cause = (error as { cause?: { code?: unknown } }).cause;
    return cause?.code !== "ECONNREFUSED";
  }
}
