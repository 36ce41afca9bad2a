import { randomBytes } from "node:crypto";
import { openSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export interface TemporaryFile {
  /** The absolute path. */
  readonly path: string;
  readonly fd: number;
}

/** Creates a new file with a random name and `ending`, which only this user can read. */
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
