import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors/user-error.js";
import { isRunning } from "../platform/programs/process-identity.js";
import { ConnectionLost } from "../v8/worker-sessions.js";
import { Inspector } from "./inspector.js";
import { checkReachable, inspectorRefusal } from "./obstacles.js";
import { checkTarget, commandLine, listeningPorts, takesSigusr1 } from "./target.js";

/** The default port of Node's inspector. */
const DEFAULT_PORT = 9229;

/** How long to wait for the main thread of a process to report its id. */
const IDENTIFY_TIMEOUT_MS = 2000;

/** How long to wait for a process to open its inspector. */
const OPEN_TIMEOUT_MS = 10_000;

/** The time after which a process cannot open its inspector because its port is taken. */
const TAKEN_TIMEOUT_MS = 1500;

/** How long to wait for a process to close our connection. */
const DISCONNECT_TIMEOUT_MS = 1000;

/** How often the target learns that tsprof is alive, and how long it waits for that. */
const BEAT_MS = 1000;
const SILENCE_MS = 6000;

/** The global symbol under which a target stores the function that keeps its inspector open. */
const GUARD = `globalThis[Symbol.for("tsprof.attach")]`;

/** Makes the target close its inspector when it does not hear from tsprof any more. */
const INSTALL_GUARD = `(() => {
  let heard = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - heard > ${SILENCE_MS}) close();
  }, 1000);
  timer.unref();
  const close = () => {
    clearInterval(timer);
    delete ${GUARD};
    process._debugEnd();
  };
  ${GUARD} = (isEnd) => {
    heard = performance.now();
    if (isEnd) close();
  };
})()`;

/** The inspector of a running process. */
export interface TargetInspector {
  readonly inspector: Inspector;
  /** Disconnects, and closes the inspector if it was closed before. */
  close(): Promise<void>;
}

/**
 * Connects to the inspector of a process. If it is not open, SIGUSR1 makes the process open it. The
 * process closes it again when tsprof dies. With `isShared`, leaves the default port to other
 * processes. Throws an Error of one line if that fails.
 */
export async function openInspector(pid: number, isShared: boolean): Promise<TargetInspector> {
  checkTarget(pid);
  await checkReachable(pid);
  const { inspector, wasOpen } = await connect(pid);
  if (wasOpen) {
    const close = async () => {
      inspector.close();
      await closing(inspector);
    };
    return { inspector, close };
  }
  await inspector.evaluate(INSTALL_GUARD);
  const moved = isShared ? await move(pid, inspector) : inspector;
  const beats = setInterval(() => moved.evaluate(`${GUARD}?.()`).catch(() => {}), BEAT_MS).unref();
  const close = async () => {
    clearInterval(beats);
    // There is no answer, as this closes the inspector.
    moved.evaluate(`${GUARD}?.(true)`).catch(() => {});
    await closing(moved);
    moved.close();
  };
  return { inspector: moved, close };
}

async function closing(inspector: Inspector): Promise<void> {
  await Promise.race([inspector.closed, sleep(DISCONNECT_TIMEOUT_MS, undefined, { ref: false })]);
}

/** Opens the inspector of a process on another port. */
async function move(pid: number, inspector: Inspector): Promise<Inspector> {
  const port = await freePort();
  const call = `{ const inspector = require("node:inspector");
    inspector.close(); inspector.open(${port}, "127.0.0.1"); }`;
  inspector.evaluate(call).catch(() => {});
  await closing(inspector);
  const end = Date.now() + OPEN_TIMEOUT_MS;
  while (Date.now() < end) {
    const moved = await connectTo(pid, port);
    if (moved) return moved;
    await sleep(50);
  }
  throw new UserError(`process ${pid} does not open its inspector again`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || !address) throw new ConnectionLost();
  return address.port;
}

async function connect(pid: number): Promise<{ inspector: Inspector; wasOpen: boolean }> {
  const port = inspectorPort(pid);
  const before = listeningPorts(pid);
  if (!before || before.has(port)) {
    const inspector = await connectTo(pid, port);
    if (inspector) return { inspector, wasOpen: true };
  }
  if (!takesSigusr1(pid)) throw new UserError(inspectorRefusal(pid));
  process.kill(pid, "SIGUSR1");
  const start = Date.now();
  const fresh = () => {
    const now = before && listeningPorts(pid);
    return now ? [...now].filter((one) => !before.has(one)) : before ? [] : [port];
  };
  let isPortTaken = false;
  while (Date.now() < start + OPEN_TIMEOUT_MS && !isPortTaken) {
    await sleep(50);
    const opened = fresh();
    for (const one of opened) {
      const inspector = await connectTo(pid, one);
      if (inspector) return { inspector, wasOpen: false };
    }
    if (!isRunning({ pid }))
      throw new UserError(`process ${pid} ended before it could be recorded`);
    if (opened.length === 0 && Date.now() > start + TAKEN_TIMEOUT_MS) {
      isPortTaken = (await isTaken(port)) && fresh().length === 0;
    }
  }
  // The inspector may have been open on an unexpected port from the start.
  for (const one of before ?? []) {
    const inspector = await connectTo(pid, one);
    if (inspector) return { inspector, wasOpen: true };
  }
  if (before && (await closeLater(fresh()))) {
    throw new UserError(
      `process ${pid} does not answer, as it is blocked; its inspector closes when it continues`,
    );
  }
  if (isPortTaken || (await isTaken(port))) {
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
  const inspector = await inspectorAt(port);
  // A main thread that is blocked in native code does not answer.
  const answer = inspector?.evaluate("process.pid").catch(() => undefined);
  const owner = await Promise.race([answer, sleep(IDENTIFY_TIMEOUT_MS, undefined, { ref: false })]);
  if (owner === pid) return inspector;
  inspector?.close();
  return undefined;
}

async function inspectorAt(port: number): Promise<Inspector | undefined> {
  const url = await inspectorUrl(port);
  return url === undefined ? undefined : Inspector.connect(url).catch(() => undefined);
}

/**
 * Makes a blocked process close the inspectors on its ports as soon as it continues: it executes
 * commands even if their sender has disconnected. Returns whether there was an inspector.
 */
async function closeLater(ports: readonly number[]): Promise<boolean> {
  let hasInspector = false;
  for (const port of ports) {
    const inspector = await inspectorAt(port);
    if (!inspector) continue;
    hasInspector = true;
    inspector.evaluate("process._debugEnd()").catch(() => {});
    inspector.close();
    await closing(inspector);
  }
  return hasInspector;
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
