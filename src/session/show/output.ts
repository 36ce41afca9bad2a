import { closeSync, fstatSync, writeFileSync, writeSync } from "node:fs";
import { encodeUtf8 } from "../../profile/utf8.js";

const STDOUT = 1;

export function isTerminal(): boolean {
  try {
    // fstat comes first, because process.stdout takes a while to set up and is rarely a terminal.
    return fstatSync(STDOUT).isCharacterDevice() && process.stdout.isTTY;
  } catch {
    return false;
  }
}

export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Writes to standard output. Stops without an error when the reader closes the pipe (`| head`). */
export async function writeStdout(pieces: Pieces): Promise<void> {
  for await (const piece of pieces) if (!writeAll(toBytes(piece))) return;
}

/** Returns false if the reader has closed the pipe. */
function writeAll(bytes: Uint8Array): boolean {
  let done = 0;
  // Not through process.stdout, because that takes a while to set up.
  while (done < bytes.length) {
    try {
      done += writeSync(STDOUT, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return false;
      if (code !== "EAGAIN") throw error;
      // The pipe is full and non-blocking, so wait for the reader.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return true;
}

/** Encodes text as UTF-8. Lone surrogates represent raw bytes: see encodeUtf8. */
export function toBytes(text: string | Uint8Array): Uint8Array {
  if (typeof text !== "string") return text;
  return text.isWellFormed() ? Buffer.from(text) : encodeUtf8(text);
}

export async function writeDescriptor(file: number, pieces: Pieces): Promise<void> {
  try {
    for await (const piece of pieces) writeFileSync(file, toBytes(piece));
  } finally {
    closeSync(file);
  }
}
