import { randomBytes } from "node:crypto";
import { openSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export interface TemporaryFile {
  /** The absolute path. */
  readonly path: string;
  readonly fd: number;
}

/**
 * Creates a file named `tsprof-0123456789ab` plus `ending` in the system's temporary folder. Only
 * this user can read it. Existing files and links are never opened.
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
