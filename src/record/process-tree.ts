import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isRunning, type ProcessIdentity } from "../platform/programs/process-identity.js";

/** Places of the fields of /proc/PID/stat after the name, which may contain spaces. */
const STAT = { state: 0, parent: 1, group: 2, session: 3, terminal: 4, foreground: 5 } as const;

/** Returns a field of /proc/PID/stat; undefined if the process has ended, or except on Linux. */
export function statOf(pid: number | "self", field: keyof typeof STAT): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[STAT[field]];
  } catch {
    return undefined;
  }
}

/** Returns whether a process runs. One that has ended is no longer alive before its parent notices. */
export function isAlive(process: ProcessIdentity): boolean {
  return isRunning(process) && statOf(process.pid, "state") !== "Z";
}

/** Returns whether a process has the same id for itself as for this process, as far as /proc shows. */
export function sharesProcessIds(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`) === readlinkSync("/proc/self/ns/pid");
  } catch {
    return false;
  }
}

/** Returns the processes below one, parents before their children. */
export function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const [pid, parent] of parents()) {
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  // Appending during the loop extends it.
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found.slice(1);
}

/** Lists all processes, each with its parent. */
function parents(): [pid: number, parent: number][] {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .filter((name) => /^[0-9]+$/.test(name))
      .map((name) => [Number(name), Number(statOf(Number(name), "parent"))]);
  }
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return table
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number) as [number, number]);
}
