import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import path from "node:path";
import { decodeUtf8, encodeUtf8 } from "../profile/utf8.js";

/*
 * Reads files whose names come from a profile. The author of the profile chose the names, so they
 * must not give access to anything but source code, such as keys, devices and pipes.
 */

/** A file exists but must not be read. */
export class SourceRefusal extends Error {
  override name = "SourceRefusal";
}

/** A file must not be read because it lies outside the allowed folders. */
export class OutsideRefusal extends SourceRefusal {
  constructor() {
    super(
      "not read: hidden, or outside of -source_path and this project; -source_path=FOLDER allows it",
    );
  }
}

const MAX_FILE_BYTES = 64 * 2 ** 20;

/** Folders of devices and the like: a read may block forever, or have side effects. */
const SYSTEM_FOLDERS = ["/proc", "/sys", "/dev"];

/** The extensions of source files. */
const SOURCE_EXTENSIONS = new Set(
  (
    "go s S asm inc c h i cc cpp cxx c++ hh hpp hxx h++ ipp tpp tcc txx cu cuh m mm " +
    "js mjs cjs jsx ts mts cts tsx vue svelte astro coffee wat rs zig d swift v nim pas pp " +
    "f for f77 f90 f95 f03 f08 java kt kts scala groovy clj cljs cljc cs fs fsx vb dart " +
    "py pyx pxd pyi rb erb php pl pm lua r R jl ex exs erl hrl hs lhs ml mli lisp el scm rkt " +
    "y yy l ll tmpl cr adb ads"
  ).split(" "),
);

/**
 * Reads a source file; no bytes for a directory, which pprof opens like a file. The file that a
 * link leads to must lie in one of `roots`, not be hidden there, and look like source code. Throws
 * the system's error, or a SourceRefusal if the file must not be read.
 */
export function readSourceFile(name: string, roots: readonly string[]): Uint8Array {
  const real = realPath(name);
  for (const target of [path.resolve(name), real]) {
    if (SYSTEM_FOLDERS.some((system) => isBelow(target, system))) {
      throw new SourceRefusal("not read: this is a system folder, which has no source files");
    }
  }
  if (!roots.some((root) => isInRoot(real, root))) throw new OutsideRefusal();
  // Do not block on a pipe, and do not follow a link that was created since.
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  const fd = openSync(toBytes(real), O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) return new Uint8Array(0);
    if (!stats.isFile()) throw new SourceRefusal("not read: not a regular file");
    if (!looksLikeSource(real)) {
      throw new SourceRefusal("not read: it does not have the extension of a source file");
    }
    if (stats.size > MAX_FILE_BYTES) {
      throw new SourceRefusal(`not read: larger than ${MAX_FILE_BYTES / 2 ** 20} MB`);
    }
    return readBytes(fd, stats.size);
  } finally {
    closeSync(fd);
  }
}

/** Reads up to `size` bytes, even if the file grows meanwhile. */
function readBytes(fd: number, size: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const count = readSync(fd, bytes, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** C++ headers have no extension. Elsewhere, files without one may be anything, such as keys. */
const CPP_HEADER =
  /^\/(?:usr|opt|Library|Applications)\/(?:.*\/)?include\/c\+\+\/(?:.*\/)?[a-z_]+$/;

function looksLikeSource(name: string): boolean {
  return SOURCE_EXTENSIONS.has(path.extname(name).slice(1)) || CPP_HEADER.test(name);
}

/** Resolves links. The path is passed as bytes, as names need not be UTF-8. */
function realPath(name: string): string {
  const bytes = realpathSync.native(toBytes(name), "buffer");
  return decodeUtf8(bytes, 0, bytes.length);
}

function toBytes(name: string): Buffer {
  return Buffer.from(encodeUtf8(name));
}

/** Returns whether a path is a folder, or in it or below it. */
export function isBelow(name: string, folder: string): boolean {
  const relative = path.relative(folder, name);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Returns whether a file lies in a folder, and is not hidden there. Links to the folder are followed. */
function isInRoot(name: string, root: string): boolean {
  try {
    return isVisiblyBelow(name, realPath(root));
  } catch {
    return false;
  }
}

function isVisiblyBelow(name: string, folder: string): boolean {
  // The root of the file system would allow every file.
  if (path.dirname(folder) === folder || !isBelow(name, folder)) return false;
  return !path
    .relative(folder, name)
    .split(path.sep)
    .some((part) => part.startsWith("."));
}
