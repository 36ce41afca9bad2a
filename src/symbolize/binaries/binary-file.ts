import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import path from "node:path";
import { encodeUtf8 } from "../../profile/utf8.js";
import { BinaryError } from "./binary-error.js";

/** Folders of devices and the like: a read may block forever, or have side effects. */
const SYSTEM_FOLDERS = ["/proc", "/sys", "/dev"];

/**
 * A binary that is open for reading. Neither its name nor its content can be trusted: only regular
 * files are opened, and reads beyond the end fail.
 */
export class BinaryFile {
  readonly #fd: number;
  readonly size: number;

  /** Throws the system's error, or a {@link BinaryError} if the file is not a regular one. */
  constructor(name: string) {
    const real = realPath(name);
    const paths = [path.resolve(name), real.toString()];
    if (SYSTEM_FOLDERS.some((folder) => paths.some((candidate) => isBelow(candidate, folder)))) {
      throw new BinaryError("not read: this is a system folder, which has no binaries");
    }
    // Do not block on a pipe, and do not follow a link that was created since.
    const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
    this.#fd = openSync(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const stats = fstatSync(this.#fd);
    this.size = stats.size;
    if (!stats.isFile()) {
      this.close();
      throw new BinaryError("not a regular file");
    }
  }

  /** Reads the bytes `[position, position + length)`. Throws if the file is shorter. */
  read(position: number | bigint, length: number | bigint): DataView {
    const start = Number(position);
    const count = Number(length);
    if (start > this.size || count > this.size - start) {
      throw new BinaryError("the file is shorter than its headers say");
    }
    if (count > MAX_READ) throw new BinaryError("a part of the file is too large");
    const bytes = Buffer.alloc(count);
    for (let done = 0; done < count; ) {
      const got = readSync(this.#fd, bytes, done, count - done, start + done);
      if (got === 0) throw new BinaryError("the file is shorter than its headers say");
      done += got;
    }
    return new DataView(bytes.buffer, bytes.byteOffset, count);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** The largest size of one read. Even the section names of large programs have only a few kB. */
const MAX_READ = 1 << 26;

function realPath(name: string): Buffer {
  if (name.includes("\0")) throw new BinaryError("its name contains a zero byte");
  // Windows would connect to another computer, with the user's credentials.
  if (process.platform === "win32" && /^[\\/]{2}/.test(name)) {
    throw new BinaryError("not read: its name is on another computer");
  }
  return realpathSync.native(Buffer.from(encodeUtf8(name)), "buffer");
}

/** Returns whether a path is `folder` or lies in it, without looking at links. */
export function isBelow(name: string, folder: string): boolean {
  const relative = path.relative(folder, name);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
