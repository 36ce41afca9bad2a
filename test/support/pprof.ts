import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type RunOptions, type RunResult, runProgram } from "./run.js";

/**
 * Returns the pprof to compare with, and its first arguments: the installed `go tool pprof`, or
 * TSPROF_PPROF=/path/to/pprof. If Go has built pprof, it is run directly, because `go tool` takes
 * longer than most reports.
 */
export function pprofCommand(): readonly string[] {
  found ??= findPprof();
  return found;
}

let found: string[] | undefined;

function findPprof(): string[] {
  const given = process.env.TSPROF_PPROF;
  if (given) return given.split(" ");
  const program = execFileSync("go", ["tool", "-n", "pprof"], { encoding: "utf8" }).trim();
  return existsSync(program) ? [program] : ["go", "tool", "pprof"];
}

/** Runs the real pprof to its end, in UTC. */
export function pprof(args: readonly string[], options?: RunOptions): Promise<RunResult> {
  const [program, ...first] = pprofCommand();
  return runProgram(program, [...first, ...args], options);
}
