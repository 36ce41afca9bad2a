import { readdirSync, readFileSync } from "node:fs";

/** What Linux says about one process. */
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

/** A process, and all that it started and that still runs. Only on Linux. */
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

/** CPU time of a process and its children that run, in milliseconds. */
export function cpuOf(root: number): number {
  return processTree(root).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Memory of a process and its children, in bytes. */
export function memoryOf(root: number): number {
  return processTree(root).reduce((sum, { rss }) => sum + rss, 0);
}

/** Empty where there is no such process, or only what its parent has yet to collect. */
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
