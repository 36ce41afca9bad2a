import { randomBytes } from "node:crypto";
import { openSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A file that was just made, open for writing. */
export interface TemporaryFile {
  /** From the root on. */
  readonly path: string;
  readonly fd: number;
}

/**
 * Makes a new file, `tsprof-0123456789ab` and `ending`, among those of the system that are
 * temporary, which its user alone may read. What others put in its place, links too, is
 * never opened.
 */
export function createTemporaryFile(ending: string): TemporaryFile {
  const folder = path.resolve(os.tmpdir());
  for (;;) {
    const name = path.join(folder, `tsprof-${randomBytes(6).toString("hex")}${ending}`);
    try {
      return { path: name, fd: openSync(name, "wx", 0o600) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Removes a file if a signal ends the program, until what is returned is called. */
export function removeOnSignal(file: string): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    stop();
    rmSync(file, { force: true });
    // Without a listener, it does what it does to other programs.
    process.kill(process.pid, signal);
  };
  const stop = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return stop;
}
