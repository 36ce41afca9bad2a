import { readFileSync } from "node:fs";
import { CPU_LIMIT_MS, MEMORY_LIMIT_MB } from "./limits.mjs";

const POLL_MS = 25;

/** The unit of times in /proc/PID/stat, on all Linux architectures that Node supports. */
const MS_PER_TICK = 10;

/** Returns the CPU time and the memory of a process from /proc; undefined if it has ended. */
export function usageOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Skip the name of the program, in parentheses, which may contain anything.
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
 * Kills a child when it exceeds `cpuBeforeMs` plus the limit on CPU time, or the limit on memory.
 * `stop` ends the observation, and returns the largest values.
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
