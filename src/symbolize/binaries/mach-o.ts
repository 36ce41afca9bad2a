import { BinaryError } from "./binary-error.js";
import type { BinaryFile } from "./binary-file.js";

/*
 * Reads the address of the code of macOS programs (mach-o/loader.h, mach-o/fat.h).
 */

const MAGIC_32 = 0xfeedface;
const MAGIC_64 = 0xfeedfacf;
const MAGIC_FAT = 0xcafebabe;

/** The numbers of processors in Mach-O files, by Node's `process.arch`. */
const PROCESSORS: Record<string, number> = {
  ia32: 7,
  x64: 0x01000007,
  arm: 12,
  arm64: 0x0100000c,
  ppc64: 0x01000012,
};

/** No real program has more parts or load commands. */
const MAX_PARTS = 64;
const MAX_COMMANDS = 10_000;

/** Returns whether a file that begins with these four bytes may be a Mach-O file. */
export function isMachO(head: DataView): boolean {
  const magics = [head.getUint32(0, true), head.getUint32(0, false)];
  return magics.some((magic) => [MAGIC_32, MAGIC_64, MAGIC_FAT].includes(magic));
}

/**
 * Returns the address of the code. In a file for several processors, uses the part for this
 * computer. Throws a {@link BinaryError} if there is none.
 */
export function machOTextAddress(file: BinaryFile): bigint {
  const start = file.read(0, 8).getUint32(0) === MAGIC_FAT ? partForThisComputer(file) : 0;
  const isLittleEndian = file.read(start, 4).getUint8(0) !== 0xfe;
  const header = file.read(start, 28);
  const magic = header.getUint32(0, isLittleEndian);
  if (magic !== MAGIC_32 && magic !== MAGIC_64) throw new BinaryError("a damaged Mach-O header");
  const is64 = magic === MAGIC_64;
  const commandCount = header.getUint32(16, isLittleEndian);
  const size = header.getUint32(20, isLittleEndian);
  if (commandCount > MAX_COMMANDS) throw new BinaryError("too many load commands");
  const commands = file.read(start + (is64 ? 32 : 28), size);
  const [segment, minSize] = is64 ? [0x19, 32] : [1, 28];
  let position = 0;
  for (let i = 0; i < commandCount && position + 8 <= size; i++) {
    const commandSize = commands.getUint32(position + 4, isLittleEndian);
    const isSegment = commands.getUint32(position, isLittleEndian) === segment;
    if (isSegment && position + minSize <= size && nameAt(commands, position + 8) === "__TEXT") {
      return is64
        ? commands.getBigUint64(position + 24, isLittleEndian)
        : BigInt(commands.getUint32(position + 24, isLittleEndian));
    }
    if (commandSize < 8) break;
    position += commandSize;
  }
  throw new BinaryError("no __TEXT segment");
}

/** Returns the position of the part for this computer in a file for several processors. */
function partForThisComputer(file: BinaryFile): number {
  const count = file.read(4, 4).getUint32(0);
  if (count > MAX_PARTS) throw new BinaryError("too many parts in a Mach-O file");
  const parts = file.read(8, count * 20);
  for (let i = 0; i < count; i++) {
    if (parts.getUint32(i * 20) === PROCESSORS[process.arch]) return parts.getUint32(i * 20 + 8);
  }
  throw new BinaryError(`no part for this computer's processor, ${process.arch}`);
}

function nameAt(data: DataView, position: number): string {
  return Buffer.from(data.buffer, data.byteOffset + position, 16)
    .toString("latin1")
    .replace(/\0.*$/s, "");
}
