import path from "node:path";
import { IMAGE_LIMIT } from "../../profile/image-addresses.js";
import { BinaryError } from "./binary-error.js";
import { BinaryFile } from "./binary-file.js";
import { Elf } from "./elf.js";
import { baseOf, kernelSymbolValue, segmentAt } from "./elf-base.js";
import { isMachO, machOTextAddress } from "./mach-o.js";
import type { MappedRange } from "./mapped-range.js";
import { isPe, peImageBase } from "./pe.js";

/** The program or library of a mapping. */
export interface Binary {
  /** An absolute path, so that no tool mistakes it for an option. */
  readonly path: string;
  /** In hexadecimal digits; may be empty. */
  readonly buildId: string;
  /**
   * Returns the number to subtract from an address in memory to get the address in the file. Throws
   * a {@link BinaryError} if it is unknown.
   */
  baseFor(address: bigint): bigint;
}

/**
 * Reads the headers of the binary that is mapped at `range`. Its name may come from a profile.
 * Throws the system's error, or a {@link BinaryError} if it is no binary or does not fit.
 */
export function openBinary(name: string, range: MappedRange): Binary {
  const file = new BinaryFile(name);
  try {
    if (file.size < 4) throw new BinaryError("unrecognized binary format");
    const head = file.read(0, 4);
    const found = { path: path.resolve(name), buildId: "" };
    if (head.getUint32(0) === ELF_MAGIC) return { ...found, ...readElf(file, name, range) };
    if (isMachO(head)) {
      const address = machOTextAddress(file);
      if (isImage(range)) return { ...found, baseFor: () => BigInt.asUintN(64, -address) };
      if (address > range.start) throw new BinaryError("mapped below the address of its code");
      return { ...found, baseFor: () => range.start - address };
    }
    if (isPe(head)) {
      const imageBase = peImageBase(file);
      const base =
        range.start > 0n || isImage(range) ? BigInt.asUintN(64, range.start - imageBase) : 0n;
      return { ...found, baseFor: () => base };
    }
    throw new BinaryError("unrecognized binary format");
  } finally {
    file.close();
  }
}

const ELF_MAGIC = 0x7f454c46;

/** Tests whether the addresses of a range are relative to the beginning of the binary. */
function isImage({ start, limit, offset }: MappedRange): boolean {
  return start === 0n && offset === 0n && limit === IMAGE_LIMIT;
}

function readElf(
  file: BinaryFile,
  name: string,
  range: MappedRange,
): Pick<Binary, "buildId" | "baseFor"> {
  const elf = new Elf(file);
  if (isImage(range)) {
    const base = BigInt.asUintN(64, -elf.imageBase);
    return { buildId: elf.buildId, baseFor: () => base };
  }
  const kernelValue = kernelSymbolValue(elf, name, range);
  const { textSegment } = elf;
  // The base depends on the address, but this call finds files without any base.
  baseOf(elf.type, textSegment, kernelValue, range);
  const baseFor = (address: bigint) => {
    const { start, limit } = range;
    if (address < start || address >= limit) {
      throw new BinaryError(`the address 0x${address.toString(16)} is not within the mapping`);
    }
    const segment = segmentAt(elf, textSegment, kernelValue, range, address);
    return baseOf(elf.type, segment, kernelValue, range);
  };
  return { buildId: elf.buildId, baseFor };
}
