import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Writes a file atomically: a process that waits for it finds it complete. */
export function writeText(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}

/** Writes JSON atomically. */
export function writeWhole(file: string, value: unknown): void {
  writeText(file, JSON.stringify(value));
}

/** Runs `work` and ignores its errors. */
export function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The folder was removed or the disk is full; the program must not notice.
  }
}

/**
 * Returns the lines of a file; none if there is no such file. Leaves out the last line if it has no
 * end, because the process may have been killed while it wrote it.
 */
export function completeLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}
