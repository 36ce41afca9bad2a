import { closeSync, fstatSync, writeFileSync, writeSync } from "node:fs";
import { encodeUtf8 } from "../../profile/utf8.js";

const STDOUT = 1;

/** Whether standard output is a terminal. */
export function isTerminal(): boolean {
  try {
    // A terminal is a character device. process.stdout takes a while to set up, and
    // most of the time there is a pipe or a file.
    return fstatSync(STDOUT).isCharacterDevice() && process.stdout.isTTY;
  } catch {
    return false;
  }
}

/** Text and bytes, as they come. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Writes to standard output, piece by piece. Does nothing more once nobody reads it, as
 * in `| head`, and then asks for no more pieces; other errors are thrown.
 */
export async function writeStdout(pieces: Pieces): Promise<void> {
  for await (const piece of pieces) if (!writeAll(toBytes(piece))) return;
}

/** Returns whether there is still somebody who reads. */
function writeAll(bytes: Uint8Array): boolean {
  let done = 0;
  // Not through process.stdout, which takes a while to set up.
  while (done < bytes.length) {
    try {
      done += writeSync(STDOUT, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return false;
      if (code !== "EAGAIN") throw error;
      // The reader is slow and the pipe does not block: wait a little.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return true;
}

/** UTF-8, by the engine's own encoder where there are no bytes to restore. */
export function toBytes(text: string | Uint8Array): Uint8Array {
  if (typeof text !== "string") return text;
  return text.isWellFormed() ? Buffer.from(text) : encodeUtf8(text);
}

/** Writes to an open file, and closes it. */
export async function writeDescriptor(file: number, pieces: Pieces): Promise<void> {
  try {
    for await (const piece of pieces) writeFileSync(file, toBytes(piece));
  } finally {
    closeSync(file);
  }
}
