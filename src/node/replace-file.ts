import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/**
 * Replaces what a file holds, or makes it with `mode`: whoever reads it sees the old text
 * or the new one, also if the machine stops halfway. A link stays, and what it leads to is
 * replaced; permissions stay as well. Throws the system's error.
 */
export function replaceFile(name: string, text: string, mode: number): void {
  const file = linkTarget(name);
  const before = statSync(file, { throwIfNoEntry: false });
  // Its folder may be writable, but who protects a file wants it to stay.
  if (before !== undefined) accessSync(file, constants.W_OK);
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  const descriptor = openSync(temporary, "wx", mode);
  try {
    try {
      if (before !== undefined) fchmodSync(descriptor, before.mode & 0o777);
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** As many links as Linux follows. */
const MOST_LINKS = 40;

/** The file that a name leads to, which need not be there yet. */
export function linkTarget(name: string): string {
  let file = path.resolve(name);
  for (let links = 0; links < MOST_LINKS; links++) {
    try {
      return realpathSync(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    const target = linkText(file);
    if (target === undefined) return file;
    file = path.resolve(realpathSync(path.dirname(file)), target);
  }
  return file;
}

/** Undefined where there is no link of that name. */
function linkText(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
