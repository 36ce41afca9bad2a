import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { useOneProcess } from "./one-process.js";
import { testEnv, tsprof } from "./run.js";

/** The time limit of tests that record whole programs, which takes long on a busy machine. */
export const SLOW = 60_000;

/** JavaScript that defines `spin(ms)`, which uses the CPU for a time. */
export const SPIN = `
  function spin(ms) {
    const end = process.cpuUsage().user + ms * 1000;
    let x = 0;
    while (process.cpuUsage().user < end) x = Math.sqrt(x + 1);
  }
`;

const inOneProcess = useOneProcess();

/** A folder for programs and profiles. Its name has special characters of shells and NODE_OPTIONS. */
export class ProgramFolder {
  path = "";
  readonly #children = new Set<ChildProcess>();

  constructor() {
    beforeAll(() => {
      this.path = mkdtempSync(path.join(os.tmpdir(), "tsprof rec 'ord "));
    });
    afterAll(() => {
      // A failed test may have left them running.
      for (const child of this.#children) child.kill("SIGKILL");
      rmSync(this.path, { recursive: true, force: true });
    });
  }

  /** Writes a program. Returns its path. */
  program(name: string, text: string): string {
    const file = path.join(this.path, name);
    writeFileSync(file, text);
    return file;
  }

  /** Runs `tsprof record`. */
  record(...args: string[]) {
    return tsprof(["record", ...args], { cwd: this.path });
  }

  /** Returns the standard output of a report. */
  async report(...args: string[]): Promise<string> {
    return (await inOneProcess(args, { cwd: this.path })).stdout;
  }

  /** Starts a command; resolves when its standard output contains a word. */
  async startUntil(word: string, command: string, args: readonly string[]) {
    const child = spawn(command, args, { cwd: this.path, env: testEnv({}) });
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
    let stdout = "";
    let stderr = "";
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (piece) => {
        stdout += piece;
        if (stdout.includes(word)) resolve();
      });
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    return { child, ended, stderr: () => stderr, stdout: () => stdout };
  }
}
