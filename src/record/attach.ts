import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors/user-error.js";
import { isRunning } from "../platform/process-identity.js";
import { ConnectionLost, Inspector } from "./inspector.js";
import type { Kind } from "./plan.js";
import type { ThreadProfile } from "./recorded.js";
import { checkTarget, commandLine, listeningPorts, scriptOf, takesSigusr1 } from "./target.js";
import { readWorkerTitle } from "./worker-title.js";

/** How a process that runs is recorded. */
export interface AttachRequest {
  readonly kind: Kind;
  /** Microseconds between samples of CPU profiles, or bytes between those of heaps. */
  readonly interval: number;
  readonly seconds: number;
  /** Ends it early, with what there is. */
  readonly signal: AbortSignal;
  readonly warn: (line: string) => void;
}

/**
 * Records a process that runs, with its workers, and leaves it as it was. Throws an Error of
 * one line where that cannot be: there is no such process, it is not Node, belongs to another
 * user, has no inspector, or ends.
 */
export async function attach(pid: number, request: AttachRequest): Promise<ThreadProfile[]> {
  const program = scriptOf(pid);
  const { inspector, wasOpen } = await openInspector(pid);
  try {
    const found = await recordThreads(inspector, request);
    return found.map(({ thread, profile }) => ({
      pid,
      program,
      thread,
      json: () => Buffer.from(JSON.stringify(profile)),
    }));
  } catch (error) {
    if (error instanceof ConnectionLost) throw new UserError(`process ${pid} ended while recorded`);
    throw error;
  } finally {
    await leave(inspector, wasOpen);
  }
}

/**
 * Evaluates an expression in the main thread of a process, also when it is busy; one that
 * may end the process, so that no answer is waited for, nor is the inspector closed.
 */
export async function evaluateIn(pid: number, expression: string): Promise<void> {
  const { inspector } = await openInspector(pid);
  const answer = inspector.evaluate(expression).catch(() => {});
  await Promise.race([answer, sleep(PARTING)]);
  // A process that ends waits for us to go.
  inspector.close();
}

/** How long a process may take to end our connection, in milliseconds. */
const PARTING = 1000;

async function leave(inspector: Inspector, wasOpen: boolean): Promise<void> {
  // It answers no more once it is closed.
  if (!wasOpen) inspector.evaluate("process._debugEnd()").catch(() => {});
  else inspector.close();
  await Promise.race([inspector.closed, sleep(PARTING, undefined, { ref: false })]);
  inspector.close();
}

/** The recorded part of one thread. */
interface Recorded {
  readonly thread: string;
  readonly profile: unknown;
}

/** Asks one thread. */
type Post = (method: string, params?: object) => Promise<Record<string, unknown>>;

async function recordThreads(inspector: Inspector, request: AttachRequest): Promise<Recorded[]> {
  const main: Post = (method, params) => inspector.post(method, params);
  const threads: { name: string; post: Post; started: Promise<unknown> }[] = [];
  const begin = (name: string, post: Post) => {
    const started = start(post, request);
    // Whether it worked is asked at the end.
    started.catch(() => {});
    threads.push({ name, post, started });
  };
  followWorkers(inspector, begin);
  begin("main", main);
  await threads[0].started;
  // Old or restricted processes have no such domain: their workers are left out.
  await main("NodeWorker.enable", { waitForDebuggerOnStart: false }).catch(() => {
    request.warn("this process does not let its workers be recorded");
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
        request.warn(`the profile of ${name} is lost: it ended before`);
        return undefined;
      }
    }),
  );
  await main("NodeWorker.disable").catch(() => {});
  return results.filter((result) => result !== undefined);
}

async function start(post: Post, { kind, interval }: AttachRequest): Promise<void> {
  if (kind === "heap") {
    await post("HeapProfiler.enable");
    await post("HeapProfiler.startSampling", { samplingInterval: interval });
    return;
  }
  await post("Profiler.enable");
  await post("Profiler.setSamplingInterval", { interval });
  await post("Profiler.start");
}

async function stop(post: Post, kind: Kind): Promise<unknown> {
  const domain = kind === "heap" ? "HeapProfiler" : "Profiler";
  const { profile } = await post(kind === "heap" ? "HeapProfiler.stopSampling" : "Profiler.stop");
  await post(`${domain}.disable`);
  return profile;
}

/** Tells of each worker that runs or starts, with a way to ask it. */
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

/** Where Node's inspector listens unless it is told otherwise. */
const DEFAULT_PORT = 9229;

/** How long its main thread may take to say which process it is, in milliseconds. */
const ANSWERING = 2000;

/** How long a process may take to open its inspector, in milliseconds. */
const OPENING = 5000;

/** Connects to the inspector of a process, which is asked to open it where it is not. */
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
  const end = Date.now() + OPENING;
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
  // Its inspector may have been open all the time, where nothing says so.
  for (const one of before ?? []) {
    const inspector = await connectTo(pid, one);
    if (inspector) return { inspector, wasOpen: true };
  }
  if (await isTaken(port)) {
    throw new UserError(
      `process ${pid} cannot open its inspector: port ${port} is taken by another`,
    );
  }
  throw new UserError(`process ${pid} does not open its inspector; it may handle SIGUSR1 itself`);
}

/** The port that a process opens its inspector on, as its command line says. */
function inspectorPort(pid: number): number {
  for (const word of commandLine(pid)) {
    const match = /^--(?:inspect-port|debug-port|inspect|inspect-brk)=(?:.*:)?([0-9]+)$/.exec(word);
    if (match && Number(match[1]) > 0) return Number(match[1]);
  }
  return DEFAULT_PORT;
}

/** Undefined where the port is no inspector, or that of another process. */
async function connectTo(pid: number, port: number): Promise<Inspector | undefined> {
  const url = await inspectorUrl(port);
  if (url === undefined) return undefined;
  const inspector = await Inspector.connect(url).catch(() => undefined);
  // A main thread that waits in native code does not answer.
  const answer = inspector?.evaluate("process.pid").catch(() => undefined);
  const owner = await Promise.race([answer, sleep(ANSWERING, undefined, { ref: false })]);
  if (owner === pid) return inspector;
  inspector?.close();
  return undefined;
}

/** The address for connections that the inspector at a port gives. */
async function inspectorUrl(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`, {
      signal: AbortSignal.timeout(2000),
    });
    const targets: unknown = await response.json();
    const url: unknown = Array.isArray(targets) ? targets[0]?.webSocketDebuggerUrl : undefined;
    if (typeof url !== "string") return undefined;
    // Only of this machine, whatever the answer says.
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
