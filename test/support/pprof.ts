import { type RunOptions, type RunResult, runProgram } from "./run.js";

/** Another pprof may be compared with than the installed one: TSPROF_PPROF=/path/to/pprof. */
export const PPROF: readonly [string, ...string[]] = process.env.TSPROF_PPROF
  ? (process.env.TSPROF_PPROF.split(" ") as [string, ...string[]])
  : ["go", "tool", "pprof"];
const [PROGRAM, ...ARGS] = PPROF;

/** Runs the real pprof to its end, in UTC. */
export function pprof(args: readonly string[], options?: RunOptions): Promise<RunResult> {
  return runProgram(PROGRAM, [...ARGS, ...args], options);
}
