import { BinaryError } from "./binary-error.js";
import type { BinaryFile } from "./binary-file.js";

/** Returns whether a file that begins with these bytes may be a PE file. */
export function isPe(head: DataView): boolean {
  return head.getUint16(0) === 0x4d5a;
}

/** Returns the image base of a Windows program. Throws a {@link BinaryError} if it is damaged. */
export function peImageBase(file: BinaryFile): bigint {
  const start = file.read(0x3c, 4).getUint32(0, true);
  if (file.read(start, 4).getUint32(0) !== 0x50450000) throw new BinaryError("no PE header");
  const optional = file.read(start + 24, 32);
  switch (optional.getUint16(0, true)) {
    case 0x10b:
      return BigInt(optional.getUint32(28, true));
    case 0x20b:
      return optional.getBigUint64(24, true);
    default:
      throw new BinaryError("unknown optional header");
  }
}
