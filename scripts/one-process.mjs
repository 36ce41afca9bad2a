// Runs command lines of tsprof repeatedly in one process, because starting Node takes ten times as
// long as most reports.
import { spawn } from "node:child_process";
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("many-runs.cjs", import.meta.url));

/** A process that runs one command line after the other. Standard output and error are files. */
export class OneProcess {
  #stdout = deletedFile();
  #stderr = deletedFile();
  #child;
  /** The end of the last run. */
  #last = Promise.resolve();
  /** Settles the present run. */
  #running;

  /** @param {string} [folder] the folder of tsprof's package; this one by default */
  constructor(folder) {
    const args = folder === undefined ? [] : [folder];
    this.#child = spawn(process.execPath, [SCRIPT, ...args], {
      stdio: ["ignore", this.#stdout, this.#stderr, "ipc"],
    });
    // The process ends with its parent, which waits for it only during a run.
    this.#child.unref();
    this.#child.channel.unref();
    this.#child.on("message", (code) => this.#running?.end(code));
    this.#child.on("exit", () =>
      this.#running?.fail(new Error(`the process ended: ${take(this.#stderr)}`)),
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
      return { code, stdout: take(this.#stdout), stderr: take(this.#stderr) };
    });
    this.#last = result.catch(() => {});
    return result;
  }

  /** Ends the process. A present run fails. */
  stop() {
    this.#running?.fail(new Error("the process was stopped"));
    this.#running = undefined;
    this.#child.kill();
    closeSync(this.#stdout);
    closeSync(this.#stderr);
  }
}

/** Opens a file for appending and reading that has no name any more, so no one must remove it. */
function deletedFile() {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-one-process-"));
  const file = openSync(path.join(folder, "output"), "a+");
  rmSync(folder, { recursive: true });
  return file;
}

/** Returns the text of a file, and empties it, because the next run appends to it. */
function take(file) {
  const bytes = Buffer.alloc(fstatSync(file).size);
  for (let at = 0; at < bytes.length; ) at += readSync(file, bytes, at, bytes.length - at, at);
  ftruncateSync(file);
  return bytes.toString();
}
