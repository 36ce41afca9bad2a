import { spawn } from "node:child_process";
import path from "node:path";
import { ROOT } from "./proto.js";

/** The command as users start it. */
export const TSPROF = path.join(ROOT, "bin/tsprof.js");

export interface RunResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** The content of standard input; empty by default. */
  input?: Uint8Array | string;
  /** Runs without the terminal of the tests. The program is killed before the test times out. */
  detached?: boolean;
}

/** Returns the environment of the tests in UTC, with the given variables. */
export function testEnv(given: Record<string, string>): Record<string, string | undefined> {
  return { ...process.env, TZ: "UTC", ...given };
}

/** Runs a program to its end, in UTC. */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd = ROOT, env = {}, input = "", detached = false }: RunOptions = {},
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: testEnv(env),
      ...(detached ? { detached, timeout: 50_000 } : {}),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => out.push(piece));
    child.stderr.on("data", (piece: Buffer) => err.push(piece));
    // A program that does not read its input closes it.
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (code) => {
      const text = (pieces: Buffer[]) => Buffer.concat(pieces).toString();
      resolve({ code, stdout: text(out), stderr: text(err) });
    });
    child.stdin.end(input);
  });
}

/** Runs tsprof with this version of Node. */
export function tsprof(args: readonly string[], options?: RunOptions): Promise<RunResult> {
  return runProgram(process.execPath, [TSPROF, ...args], options);
}
