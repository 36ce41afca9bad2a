import { fstatSync, writeFileSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { encodeUtf8 } from "../profile/utf8.js";

const STDOUT = 1;

/** Whether standard output is a terminal. */
export function isTerminal(): boolean {
  try {
    // The cheap question first: a terminal is a character device.
    return fstatSync(STDOUT).isCharacterDevice() && isatty(STDOUT);
  } catch {
    return false;
  }
}

/**
 * Writes to standard output. Does nothing more once nobody reads it, as in `| head`;
 * other errors are thrown.
 */
export function writeStdout(text: string): void {
  const bytes = encodeUtf8(text);
  let done = 0;
  // Not through process.stdout, which takes a while to set up.
  while (done < bytes.length) {
    try {
      done += writeSync(STDOUT, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      // The reader is slow and the pipe does not block: wait a little.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Writes a file, which is replaced if it is there. */
export function writeFileOutput(path: string, text: string): void {
  writeFileSync(path, encodeUtf8(text));
}
