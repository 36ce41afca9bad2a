import { closeSync, openSync, readSync, statSync } from "node:fs";

/** The first bytes of programs: ELF, Mach-O, PE. No profile begins with them. */
const MAGIC_BYTES = [
  [0x7f, 0x45, 0x4c, 0x46],
  [0xfe, 0xed, 0xfa, 0xce],
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe],
  [0x4d, 0x5a],
];

/** Returns whether a file is a program or a library. Never throws, and never reads from a pipe. */
export function isProgramFile(path: string): boolean {
  const head = new Uint8Array(4);
  try {
    if (!statSync(path).isFile()) return false;
    const fd = openSync(path, "r");
    try {
      readSync(fd, head);
    } finally {
      closeSync(fd);
    }
  } catch {
    // The file is then read as a profile, which reports the error.
    return false;
  }
  return MAGIC_BYTES.some((magic) => magic.every((byte, i) => head[i] === byte));
}
