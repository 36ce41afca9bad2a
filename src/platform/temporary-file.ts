import { randomBytes } from "node:crypto";
import { openSync } from "node:fs";
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
