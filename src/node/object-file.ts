import { closeSync, openSync, readSync } from "node:fs";

/** How object files begin: ELF, Mach-O (both byte orders, 32 and 64 bits, universal), PE. */
const MAGIC = ["7f454c46", "feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe", "4d5a"];

/** Whether a file is a program or a library rather than a profile; false where it cannot be read. */
export function isObjectFile(path: string): boolean {
  const head = Buffer.alloc(4);
  try {
    const file = openSync(path, "r");
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // Reading it as a profile tells what is wrong.
    return false;
  }
  const start = head.toString("hex");
  return MAGIC.some((magic) => start.startsWith(magic));
}
