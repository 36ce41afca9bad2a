import { closeSync, openSync, readSync, statSync } from "node:fs";

/** How programs begin: ELF, the kinds of Mach-O, and those of Windows. No profile does. */
const BEGINNINGS = [
  [0x7f, 0x45, 0x4c, 0x46],
  [0xfe, 0xed, 0xfa, 0xce],
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe],
  [0x4d, 0x5a],
];

/** Whether a file is a program or a library; never an error, and nothing is read of a pipe. */
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
    // What is wrong with it is told when it is read as a profile.
    return false;
  }
  return BEGINNINGS.some((beginning) => beginning.every((byte, i) => head[i] === byte));
}
