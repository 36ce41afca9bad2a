import path from "node:path";
import { BinaryError } from "./binary-error.js";
import { BinaryFile } from "./binary-file.js";
import { Elf } from "./elf.js";
import { baseOf, kernelSymbolValue, segmentAt } from "./elf-base.js";
import { isMachO, machOTextAddress } from "./mach-o.js";
import type { MappedRange } from "./mapped-range.js";
import { isPe, peImageBase } from "./pe.js";

/** A program or library that a mapping is of. */
export interface Binary {
  /** Absolute, so that no tool can take it for an option. */
  readonly path: string;
  /** In hexadecimal digits; empty where there is none. */
  readonly buildId: string;
  /**
   * What to subtract from `address`, which is one in memory, to get the address that the
   * file has for it; the same then holds for all addresses of the mapping. Throws a
   * {@link BinaryError} where it cannot be told.
   */
  baseFor(address: bigint): bigint;
}

/**
 * Looks into the binary that is mapped at `range`, whose name may come from a profile.
 * Throws the system's error where there is no such file, and a {@link BinaryError} where it
 * is no binary or does not fit the mapping.
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
      if (address > range.start) throw new BinaryError("mapped below the address of its code");
      return { ...found, baseFor: () => range.start - address };
    }
    if (isPe(head)) {
      const imageBase = peImageBase(file);
      const base = range.start > 0n ? BigInt.asUintN(64, range.start - imageBase) : 0n;
      return { ...found, baseFor: () => base };
    }
    throw new BinaryError("unrecognized binary format");
  } finally {
    file.close();
  }
}

const ELF_MAGIC = 0x7f454c46;

function readElf(
  file: BinaryFile,
  name: string,
  range: MappedRange,
): Pick<Binary, "buildId" | "baseFor"> {
  const elf = new Elf(file);
  const kernelValue = kernelSymbolValue(elf, name, range);
  const { textSegment } = elf;
  // Not the base yet, which depends on the address; but files that have none are found out.
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
