import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { usageOf, watch } from "./watch.mjs";

const WORKER = fileURLToPath(new URL("worker.cjs", import.meta.url));

/** A process that needs more memory is replaced, or it would hide what the next run needs. */
const TIRED_MB = 300;

/** How much of a run's output is kept for checks. */
const KEPT_BYTES = 1 << 20;

/**
 * Runs tsprof repeatedly in one process, because starting Node takes longer than most runs. The
 * process is replaced if a run breaks it or makes it large.
 */
export class Runner {
  #child;
  #cwd;

  constructor(cwd) {
    this.#cwd = cwd;
  }

  /** Runs a command line. Returns the same result as `runOnce`. */
  async run(args) {
    this.#child ??= this.#start();
    const child = this.#child;
    const pieces = { stdout: [], stderr: [] };
    let bytes = 0;
    for (const name of ["stdout", "stderr"]) {
      child[name].removeAllListeners("data");
      child[name].on("data", (piece) => {
        if (bytes < KEPT_BYTES) pieces[name].push(piece);
        bytes += piece.length;
      });
    }
    const watching = watch(child, usageOf(child.pid)?.cpuMs);
    const end = await new Promise((resolve) => {
      child.removeAllListeners("message").removeAllListeners("exit");
      child.once("message", resolve);
      child.once("exit", (code, signal) => resolve({ code, signal, isOver: true }));
      child.send(args, () => {});
    });
    // The output arrives separately from the message, so wait for it.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const used = watching.stop();
    if (end.isOver || used.peakMb > TIRED_MB) this.stop();
    const text = (name) => Buffer.concat(pieces[name]).toString();
    return { ...end, ...used, stdoutBytes: bytes, stdout: text("stdout"), stderr: text("stderr") };
  }

  stop() {
    this.#child?.removeAllListeners("exit").kill("SIGKILL");
    this.#child = undefined;
  }

  #start() {
    return spawn(process.execPath, [WORKER], {
      cwd: this.#cwd,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, TZ: "UTC", HOME: this.#cwd, XDG_CONFIG_HOME: this.#cwd },
    });
  }
}
