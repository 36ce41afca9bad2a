import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import path from "node:path";
import { decodeUtf8, encodeUtf8 } from "../profile/utf8.js";

/*
 * Reading a file whose name comes from a profile. Whoever made the profile chose the
 * name, so it must not be a way to get at what is no source: keys, devices, pipes.
 */

/** Why a file that is there is not read. */
export class SourceRefusal extends Error {
  override name = "SourceRefusal";
}

/** Why a file is not read that lies where the user did not point. */
export class OutsideRefusal extends SourceRefusal {
  constructor() {
    super(
      "not read: hidden, or outside of -source_path and this project; -source_path=FOLDER allows it",
    );
  }
}

/** More is hardly a source that somebody wrote. */
const MAX_SIZE = 64 * 2 ** 20;

/** Folders whose files are no files. */
const SYSTEM_FOLDERS = ["/proc", "/sys", "/dev"];

/** What the names of sources end with. */
const SOURCE_ENDINGS = new Set(
  (
    "go s S asm inc c h i cc cpp cxx c++ hh hpp hxx h++ ipp tpp tcc txx cu cuh m mm " +
    "js mjs cjs jsx ts mts cts tsx vue svelte astro coffee wat rs zig d swift v nim pas pp " +
    "f for f77 f90 f95 f03 f08 java kt kts scala groovy clj cljs cljc cs fs fsx vb dart " +
    "py pyx pxd pyi rb erb php pl pm lua r R jl ex exs erl hrl hs lhs ml mli lisp el scm rkt " +
    "y yy l ll tmpl cr adb ads"
  ).split(" "),
);

/**
 * The bytes of the source file `name`; none of a directory, which pprof opens like a
 * file. The file must lie in one of the folders `roots`, not hidden there, and look like a
 * source. Links count as the file that they lead to. Throws the system's error where there is no
 * such file, and a SourceRefusal where it is not to be read.
 */
export function readSourceFile(name: string, roots: readonly string[]): Uint8Array {
  const real = realPath(name);
  for (const target of [path.resolve(name), real]) {
    if (SYSTEM_FOLDERS.some((system) => isBelow(target, system))) {
      throw new SourceRefusal("not read: this is a place of the system, not of sources");
    }
  }
  if (!roots.some((root) => isInRoot(real, root))) throw new OutsideRefusal();
  // Neither does opening wait for a pipe's other end, nor does it follow a link made since.
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  const fd = openSync(toBytes(real), O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) return new Uint8Array(0);
    if (!stats.isFile()) throw new SourceRefusal("not read: not a regular file");
    if (!looksLikeSource(real)) {
      throw new SourceRefusal("not read: its name does not end like that of a source file");
    }
    if (stats.size > MAX_SIZE) {
      throw new SourceRefusal(`not read: larger than ${MAX_SIZE / 2 ** 20} MB`);
    }
    return readBytes(fd, stats.size);
  } finally {
    closeSync(fd);
  }
}

/** Up to `size` bytes: what a file grows by meanwhile is left out. */
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

/**
 * The headers of C++ itself have no ending: `/usr/include/c++/12/tuple`. Elsewhere, a name without
 * one may be anything, such as a key.
 */
const CPP_HEADER =
  /^\/(?:usr|opt|Library|Applications)\/(?:.*\/)?include\/c\+\+\/(?:.*\/)?[a-z_]+$/;

function looksLikeSource(name: string): boolean {
  return SOURCE_ENDINGS.has(path.extname(name).slice(1)) || CPP_HEADER.test(name);
}

/** Through bytes, as names need not be UTF-8. */
function realPath(name: string): string {
  const bytes = realpathSync.native(toBytes(name), "buffer");
  return decodeUtf8(bytes, 0, bytes.length);
}

function toBytes(name: string): Buffer {
  return Buffer.from(encodeUtf8(name));
}

function isBelow(name: string, folder: string): boolean {
  const relative = path.relative(folder, name);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Below a folder that may be missing, links to it followed, and not hidden there. */
function isInRoot(name: string, root: string): boolean {
  try {
    return isPlainlyBelow(name, realPath(root));
  } catch {
    return false;
  }
}

/** Below a folder that is not all there is, and not in a hidden part of it. */
function isPlainlyBelow(name: string, folder: string): boolean {
  if (path.dirname(folder) === folder || !isBelow(name, folder)) return false;
  return !path
    .relative(folder, name)
    .split(path.sep)
    .some((part) => part.startsWith("."));
}
