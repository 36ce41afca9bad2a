import { afterAll, beforeAll } from "vitest";
import { OneProcess } from "../../scripts/one-process.mjs";
import { ROOT } from "./proto.js";
import { type RunOptions, type RunResult, testEnv } from "./run.js";

/** Runs a command line of tsprof with empty standard input. */
export type RunInOneProcess = (
  args: readonly string[],
  options?: Pick<RunOptions, "cwd" | "env">,
) => Promise<RunResult>;

/**
 * Starts one process for the tests of a file that run many command lines. Standard output and error
 * are files. Returns a function that runs a command line. Use `tsprof` of run.ts to test signals,
 * pipes and exit codes.
 */
export function useOneProcess(): RunInOneProcess {
  let one: OneProcess;
  beforeAll(() => {
    one = new OneProcess();
  });
  afterAll(() => one.stop());
  return (args, { cwd = ROOT, env = {} } = {}) => one.run(args, { cwd, env: testEnv(env) });
}
