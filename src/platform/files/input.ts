import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ProfileError, tooLarge } from "../../profile/errors.js";

/** The source that means standard input. */
export const STDIN = "-";

/** Reads a file, or standard input for `-`. Throws a ProfileError if it exceeds `limit` bytes. */
export async function readInput(source: string, limit: number): Promise<Uint8Array> {
  return source === STDIN ? readStdin(limit) : readFile(source, limit);
}

async function readStdin(limit: number): Promise<Uint8Array> {
  if (process.stdin.isTTY) {
    throw new ProfileError("standard input is a terminal; pipe a profile into tsprof");
  }
  const pieces: Uint8Array[] = [];
  let total = 0;
  let isBlank = true;
  for await (const piece of process.stdin) {
    total += piece.length;
    if (total > limit) throw tooLarge(limit);
    isBlank &&= piece.every((byte: number) => byte === 0);
    if (isBlank && total > MAX_ZEROS) throw new ProfileError("not a profile: it is all zeros");
    pieces.push(piece);
  }
  return Buffer.concat(pieces, total);
}

/** The limit for devices: some, such as /dev/zero, never end. */
const MAX_DEVICE_BYTES = 16 * 2 ** 20;

/** An input with more zeros at its start is not a profile, and may never end. */
const MAX_ZEROS = 1 << 20;

/** The largest size of one read; the system call accepts sizes below 2^31. */
const MAX_READ = 1 << 30;

/** Reads until the end of the file, as pipes and devices have no size. */
function readFile(path: string, limit: number): Uint8Array {
  const fd = openSync(path, "r");
  try {
    const stats = fstatSync(fd);
    const { size } = stats;
    if (size > limit) throw tooLarge(limit);
    const isDevice = stats.isCharacterDevice() || stats.isBlockDevice();
    // With a spare byte, a file that has not grown needs no larger buffer to find its end.
    let buffer = Buffer.allocUnsafe(Math.max(size + 1, 1 << 16));
    let length = 0;
    for (;;) {
      const space = Math.min(buffer.length - length, MAX_READ);
      const count = readSync(fd, buffer, length, space, null);
      if (count === 0) return buffer.subarray(0, length);
      length += count;
      if (length > limit) throw tooLarge(limit);
      if (isDevice && length > MAX_DEVICE_BYTES) {
        throw new ProfileError("not a profile: it is a device");
      }
      if (length === buffer.length) buffer = Buffer.concat([buffer], length * 2);
    }
  } finally {
    closeSync(fd);
  }
}
