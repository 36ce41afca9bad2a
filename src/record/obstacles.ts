import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors/user-error.js";
import { statOf } from "./process-tree.js";
import { commandLine, environment } from "./target.js";

/** How often, and how many times, the main thread must be seen in the same system call. */
const SAMPLE_MS = 50;
const SAMPLES = 8;

/** The names of kernel functions that wait for events. */
const WAITS_FOR_EVENTS = /epoll|ep_poll/;

/**
 * Every Node process creates the epoll instance of its event loop as one of its first three, before
 * its code runs.
 */
const FIRST_EPOLLS = 3;

/**
 * Throws an Error of one line if the inspector of a process cannot be reached or would not answer,
 * as far as the system shows it: only on Linux. Signals have no part in it.
 */
export async function checkReachable(pid: number): Promise<void> {
  const network = linkOf(`/proc/${pid}/ns/net`);
  if (network !== undefined && network !== linkOf("/proc/self/ns/net")) {
    throw new UserError(
      `process ${pid} is in another network namespace, as in a container; ` +
        `try: nsenter -t ${pid} -n tsprof record -pid ${pid}`,
    );
  }
  if (statOf(pid, "state") === "T") {
    throw new UserError(`process ${pid} is stopped; try: kill -CONT ${pid}`);
  }
  if (await isBlocked(pid)) {
    throw new UserError(
      `process ${pid} is blocked in a synchronous call, such as execSync; try again when it continues`,
    );
  }
}

/** Returns the reason why a process ignores SIGUSR1. */
export function inspectorRefusal(pid: number): string {
  const options = [...commandLine(pid), ...(environment(pid).get("NODE_OPTIONS") ?? "").split(" ")];
  const isRestricted = options.some((word) => /^--(?:experimental-)?permission$/.test(word));
  return isRestricted
    ? `process ${pid} runs under the permission model, which forbids its inspector; ` +
        "start it with --allow-inspector (new versions of Node.js), or without --permission"
    : `process ${pid} has its inspector disabled (--disable-sigusr1)`;
}

/**
 * Returns whether the main thread of a process waits in a system call other than for events, and
 * does so for a while.
 */
async function isBlocked(pid: number): Promise<boolean> {
  const first = blockingCall(pid);
  if (first === undefined) return false;
  for (let i = 1; i < SAMPLES; i++) {
    await sleep(SAMPLE_MS);
    if (blockingCall(pid) !== first) return false;
  }
  return true;
}

/**
 * Describes the system call that blocks the main thread, so that another call has another
 * description. Returns undefined if it runs, waits for events, or the system does not show it.
 */
function blockingCall(pid: number): string | undefined {
  try {
    const state = statOf(pid, "state");
    if (state !== "S" && state !== "D") return undefined;
    const waitsIn = readFileSync(`/proc/${pid}/wchan`, "utf8");
    const call = readFileSync(`/proc/${pid}/syscall`, "utf8").trim();
    if (waitsIn === "0" || call === "running") return undefined;
    if (WAITS_FOR_EVENTS.test(waitsIn) && !waitsForChild(pid, Number(call.split(" ")[1]))) {
      return undefined;
    }
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return `${call} ${/^voluntary_ctxt_switches:\s*([0-9]+)/m.exec(status)?.[1]}`;
  } catch {
    return undefined;
  }
}

/**
 * Returns whether a main thread that waits for events of an epoll instance is in `spawnSync`, which
 * waits for a child with an event loop of its own.
 */
function waitsForChild(pid: number, epoll: number): boolean {
  if (readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim() === "") return false;
  const epolls = readdirSync(`/proc/${pid}/fd`)
    .filter((fd) => linkOf(path.join(`/proc/${pid}/fd`, fd)) === "anon_inode:[eventpoll]")
    .map(Number)
    .sort((a, b) => a - b);
  return epolls.indexOf(epoll) >= FIRST_EPOLLS;
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
