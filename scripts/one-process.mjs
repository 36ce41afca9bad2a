// Runs command lines of tsprof repeatedly in one process, because starting Node takes ten times as
// long as most reports.
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("many-runs.cjs", import.meta.url));

/** A process that runs one command line after the other. Standard output and error are files. */
export class OneProcess {
  #folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-one-process-"));
  #child;
  /** The end of the last run. */
  #last = Promise.resolve();
  /** Settles the present run. */
  #running;

  constructor() {
    const files = ["stdout", "stderr"].map((name) => openSync(this.#fileOf(name), "a"));
    this.#child = spawn(process.execPath, [SCRIPT], { stdio: ["ignore", ...files, "ipc"] });
    files.forEach(closeSync);
    // The process ends with its parent, which waits for it only during a run.
    this.#child.unref();
    this.#child.channel.unref();
    this.#child.on("message", (code) => this.#running?.end(code));
    this.#child.on("exit", () =>
      this.#running?.fail(new Error(`the process ended: ${this.#take("stderr")}`)),
    );
  }

  /**
   * Runs a command line after the earlier ones.
   * @param {readonly string[]} args
   * @param {{ cwd: string, env: Record<string, string | undefined> }} options
   * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
   * @throws {Error} if the process ends
   */
  run(args, { cwd, env }) {
    const result = this.#last.then(async () => {
      const code = await new Promise((end, fail) => {
        this.#running = { end, fail };
        this.#child.channel?.ref();
        this.#child.send({ args, cwd, env });
      });
      this.#child.channel?.unref();
      return { code, stdout: this.#take("stdout"), stderr: this.#take("stderr") };
    });
    this.#last = result.catch(() => {});
    return result;
  }

  /** Ends the process. A present run fails. */
  stop() {
    this.#running?.fail(new Error("the process was stopped"));
    this.#running = undefined;
    this.#child.kill();
    rmSync(this.#folder, { recursive: true });
  }

  #fileOf(name) {
    return path.join(this.#folder, name);
  }

  #take(name) {
    const text = readFileSync(this.#fileOf(name), "utf8");
    // The next run appends to its output, so the file must be empty.
    truncateSync(this.#fileOf(name));
    return text;
  }
}
