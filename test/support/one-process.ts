import { OneProcess } from "../../scripts/one-process.mjs";
import { ROOT } from "./proto.js";
import { type RunOptions, type RunResult, testEnv } from "./run.js";

/** Runs a command line of tsprof with empty standard input. */
export type RunInOneProcess = (
  args: readonly string[],
  options?: Pick<RunOptions, "cwd" | "env">,
) => Promise<RunResult>;

/** The process of all test files in this worker. It ends with the worker. */
let shared: OneProcess | undefined;

/**
 * Returns a function that runs command lines in a process which all tests of this worker share.
 * Standard output and error are files. Use `tsprof` of run.ts to test signals, pipes and exit codes.
 */
export function useOneProcess(): RunInOneProcess {
  return async (args, { cwd = ROOT, env = {} } = {}) => {
    shared ??= new OneProcess();
    try {
      return await shared.run(args, { cwd, env: testEnv(env) });
    } catch (error) {
      shared = undefined;
      throw error;
    }
  };
}
