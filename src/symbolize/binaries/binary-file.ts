import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import path from "node:path";
import { encodeUtf8 } from "../../profile/utf8.js";
import { BinaryError } from "./binary-error.js";

/** Folders whose files are no files: reading one may wait for ever, or change something. */
const SYSTEM_FOLDERS = ["/proc", "/sys", "/dev"];

/**
 * A binary that is open for reading. Its name may come from a profile and its content
 * from anywhere: only regular files are opened, and only what is there is read.
 */
export class BinaryFile {
  readonly #fd: number;
  readonly size: number;

  /** Throws the system's error, or a {@link BinaryError} for what is no regular file. */
  constructor(name: string) {
    const real = realPath(name);
    const places = [path.resolve(name), real.toString()];
    if (SYSTEM_FOLDERS.some((folder) => places.some((place) => isBelow(place, folder)))) {
      throw new BinaryError("not read: this is a place of the system, not of binaries");
    }
    // Opening does not wait for the other end of a pipe, nor does it follow a link made since.
    const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
    this.#fd = openSync(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const stats = fstatSync(this.#fd);
    this.size = stats.size;
    if (!stats.isFile()) {
      this.close();
      throw new BinaryError("not a regular file");
    }
  }

  /** The bytes `[position, position + length)`; throws where the file is shorter. */
  read(position: number | bigint, length: number | bigint): DataView {
    const start = Number(position);
    const count = Number(length);
    if (start > this.size || count > this.size - start) {
      throw new BinaryError("the file is shorter than it says");
    }
    if (count > MAX_READ) throw new BinaryError("a part of the file is unreasonably large");
    const bytes = Buffer.alloc(count);
    for (let done = 0; done < count; ) {
      const got = readSync(this.#fd, bytes, done, count - done, start + done);
      if (got === 0) throw new BinaryError("the file is shorter than it says");
      done += got;
    }
    return new DataView(bytes.buffer, bytes.byteOffset, count);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Nothing that is read at once is larger: section names of large programs take a few kB. */
const MAX_READ = 1 << 26;

function realPath(name: string): Buffer {
  if (name.includes("\0")) throw new BinaryError("a name with a zero byte");
  // On Windows such names go to other computers, with the user's credentials.
  if (process.platform === "win32" && /^[\\/]{2}/.test(name)) {
    throw new BinaryError("not read: a name of another computer");
  }
  return realpathSync.native(Buffer.from(encodeUtf8(name)), "buffer");
}

/** Whether a path is that of `folder` or of something in it, by its letters. */
export function isBelow(name: string, folder: string): boolean {
  const relative = path.relative(folder, name);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
