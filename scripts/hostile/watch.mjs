import { readFileSync } from "node:fs";
import { CPU_LIMIT_MS, MEMORY_LIMIT_MB } from "./limits.mjs";

const POLL_MS = 25;

/** The clock of /proc/PID/stat, on all of Linux's architectures that Node runs on. */
const MS_PER_TICK = 10;

/** The CPU time and the memory of a process now, from /proc; undefined where there is none. */
export function usageOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [, kilobytes] =
      /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return {
      cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK,
      peakMb: Number(kilobytes ?? 0) / 1024,
    };
  } catch {
    return undefined;
  }
}

/**
 * Kills a child once it has taken more CPU time than `cpuBeforeMs` and the limit, or more memory
 * than the limit. `stop` ends that, and returns the most that was seen.
 */
export function watch(child, cpuBeforeMs = 0) {
  const most = { cpuMs: 0, peakMb: 0 };
  const look = () => {
    const usage = usageOf(child.pid);
    if (!usage) return;
    most.cpuMs = Math.max(most.cpuMs, usage.cpuMs - cpuBeforeMs);
    most.peakMb = Math.max(most.peakMb, usage.peakMb);
    if (most.cpuMs > CPU_LIMIT_MS || most.peakMb > MEMORY_LIMIT_MB) child.kill("SIGKILL");
  };
  const timer = setInterval(look, POLL_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return most;
    },
  };
}
