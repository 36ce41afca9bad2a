import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ProfileError, tooLarge } from "../profile/errors.js";

/** The source that stands for standard input. */
export const STDIN = "-";

/**
 * All bytes of a file, or of standard input for `-`. Throws the system's error, or a
 * ProfileError for more than `limit` bytes.
 */
export async function readInput(source: string, limit: number): Promise<Uint8Array> {
  return source === STDIN ? readStdin(limit) : readFile(source, limit);
}

async function readStdin(limit: number): Promise<Uint8Array> {
  if (process.stdin.isTTY) throw new ProfileError("nothing is piped in");
  const pieces: Uint8Array[] = [];
  let total = 0;
  let isBlank = true;
  for await (const piece of process.stdin) {
    total += piece.length;
    if (total > limit) throw tooLarge(limit);
    isBlank &&= piece.every((byte: number) => byte === 0);
    if (isBlank && total > MAX_ZEROS) throw new ProfileError("these are zeros, and no profile");
    pieces.push(piece);
  }
  return Buffer.concat(pieces, total);
}

/** Devices such as /dev/zero have no end. */
const MAX_DEVICE_BYTES = 16 * 2 ** 20;

/** An input that begins with so many zeros is no profile, and may have no end either. */
const MAX_ZEROS = 1 << 20;

/** The system call takes no more at once than a signed 32-bit number says. */
const MAX_READ = 1 << 30;

/** Reads to the end rather than to the size, which pipes and devices do not have. */
function readFile(path: string, limit: number): Uint8Array {
  const fd = openSync(path, "r");
  try {
    const stats = fstatSync(fd);
    const { size } = stats;
    if (size > limit) throw tooLarge(limit);
    const isDevice = stats.isCharacterDevice() || stats.isBlockDevice();
    // One byte more than the size, so that a read of nothing shows the end.
    let buffer = Buffer.allocUnsafe(Math.max(size + 1, 1 << 16));
    let length = 0;
    for (;;) {
      const space = Math.min(buffer.length - length, MAX_READ);
      const count = readSync(fd, buffer, length, space, null);
      if (count === 0) return buffer.subarray(0, length);
      length += count;
      if (length > limit) throw tooLarge(limit);
      if (isDevice && length > MAX_DEVICE_BYTES) throw new ProfileError("a device is no profile");
      if (length === buffer.length) buffer = Buffer.concat([buffer], length * 2);
    }
  } finally {
    closeSync(fd);
  }
}
