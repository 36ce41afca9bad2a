import { renameSync, writeFileSync } from "node:fs";

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
