import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { ROOT } from "./proto.js";
import { type RunOptions, type RunResult, testEnv } from "./run.js";

const SCRIPT = path.join(ROOT, "test/support/many-runs.cjs");

/** Runs a command line of tsprof with empty standard input. */
export type RunInOneProcess = (
  args: readonly string[],
  options?: Pick<RunOptions, "cwd" | "env">,
) => Promise<RunResult>;

/**
 * Starts one process for the tests of a file that run many command lines, because starting Node
 * takes ten times as long as most reports. Standard output and error are files. Returns a function
 * that runs a command line. Use `tsprof` of run.ts to test signals, pipes and exit codes.
 */
export function useOneProcess(): RunInOneProcess {
  let folder = "";
  let child: ChildProcess;
  let running: { end(code: number): void; fail(error: Error): void } | undefined;
  const fileOf = (name: "stdout" | "stderr") => path.join(folder, name);
  const take = (name: "stdout" | "stderr") => {
    const text = readFileSync(fileOf(name), "utf8");
    // The next run appends to its output, so the file must be empty.
    truncateSync(fileOf(name));
    return text;
  };
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-one-process-"));
    const files = [openSync(fileOf("stdout"), "a"), openSync(fileOf("stderr"), "a")];
    child = spawn(process.execPath, [SCRIPT], { stdio: ["ignore", ...files, "ipc"] });
    files.forEach(closeSync);
    child.on("message", (code: number) => running?.end(code));
    child.on("exit", () => running?.fail(new Error(`the process ended: ${take("stderr")}`)));
  });
  afterAll(() => {
    running = undefined;
    child.kill();
    rmSync(folder, { recursive: true });
  });

  const run: RunInOneProcess = async (args, { cwd = ROOT, env = {} } = {}) => {
    const code = await new Promise<number>((end, fail) => {
      running = { end, fail };
      child.send({ args, cwd, env: testEnv(env) });
    });
    return { code, stdout: take("stdout"), stderr: take("stderr") };
  };
  let last: Promise<unknown> = Promise.resolve();
  return (args, options) => {
    // Run one command after the other, even if one fails.
    const result = last.then(() => run(args, options));
    last = result.catch(() => {});
    return result;
  };
}
