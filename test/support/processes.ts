import { readdirSync, readFileSync } from "node:fs";

/** A process, as Linux describes it. */
interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** CPU time of the process, in milliseconds. */
  readonly cpuMs: number;
  /** Memory in use, in bytes. */
  readonly rss: number;
}

const TICK_MS = 10;
const PAGE_BYTES = 4096;

/** Returns a process and all its running descendants. Linux only. */
export function processTree(root: number): ProcessStat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readStat(Number(pid)));
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

export function isRunning(pid: number): boolean {
  return readStat(pid).length > 0;
}

/** Returns the CPU time of a process and its running children, in milliseconds. */
export function cpuOf(root: number): number {
  return processTree(root).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Returns the memory of a process and its children, in bytes. */
export function memoryOf(root: number): number {
  return processTree(root).reduce((sum, { rss }) => sum + rss, 0);
}

/** Returns nothing if the process does not exist or is a zombie. */
function readStat(pid: number): ProcessStat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return [];
    const [parent, user, system, pages] = [1, 11, 12, 21].map((field) => Number(fields[field]));
    return [{ pid, parent, cpuMs: (user + system) * TICK_MS, rss: pages * PAGE_BYTES }];
  } catch {
    return [];
  }
}
