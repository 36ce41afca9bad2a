import { BinaryError } from "./binary-error.js";
import { type Elf, ElfType, type Segment, SegmentType } from "./elf.js";
import type { MappedRange } from "./mapped-range.js";

const PAGE_BYTES = 4096n;
const ADDRESS_SPACE_MIDDLE = 1n << 63n;
const MAX_ADDRESS = (1n << 64n) - 1n;

/** The address of the Linux kernel on 64-bit PowerPC. */
const POWERPC_KERNEL = 0xc000000000000000n;

const uint64 = (value: bigint) => BigInt.asUintN(64, value);

/**
 * Returns the value of the symbol at which a kernel's mapping starts; undefined for other binaries.
 * The search is slow, so it needs a hint: the name, or addresses not at page boundaries.
 */
export function kernelSymbolValue(elf: Elf, name: string, range: MappedRange): bigint | undefined {
  const { start, limit, offset, kernelSymbol } = range;
  const isUnaligned = [start, limit, offset].some((address) => address % PAGE_BYTES !== 0n);
  if (!name.includes("vmlinux") && !isUnaligned) return undefined;
  return elf.symbolValue(kernelSymbol || "_stext");
}

/**
 * Returns the number to subtract from an address in memory to get the address in the file, by
 * pprof's rules. `type` is an {@link ElfType}. Throws a {@link BinaryError} if no rule applies.
 */
export function baseOf(
  type: number,
  segment: Segment | undefined,
  kernelValue: bigint | undefined,
  { start, limit, offset }: MappedRange,
): bigint {
  // pprof makes such a mapping for profiles whose addresses are addresses in the file already.
  if (start === 0n && offset === 0n && (limit === 0n || limit === MAX_ADDRESS)) return 0n;
  switch (type) {
    case ElfType.executable: {
      if (!segment) return 0n;
      const isProgram = kernelValue === undefined && start > 0n && start < ADDRESS_SPACE_MIDDLE;
      if (isProgram) return uint64(start - offset + segment.offset - segment.address);
      const base = kernelBase(segment, kernelValue, { start, limit, offset });
      if (base !== undefined) return base;
      if (start === 0n && limit !== 0n && kernelValue === undefined) {
        return uint64(start - segment.address);
      }
      throw new BinaryError(
        `unknown layout: a program mapped from ${hex(start)} to ${hex(limit)} at offset ${hex(offset)}`,
      );
    }
    case ElfType.relocatable:
      if (offset !== 0n) throw new BinaryError("unknown layout: an object file mapped in part");
      return start;
    case ElfType.shared:
      if (!segment) return uint64(start - offset);
      return (
        kernelBase(segment, kernelValue, { start, limit, offset }) ??
        uint64(start - offset + segment.offset - segment.address)
      );
    default:
      throw new BinaryError(`unknown ELF type ${type}`);
  }
}

/** Returns the base of a kernel, or undefined if the mapping does not look like a kernel's. */
function kernelBase(
  segment: Segment,
  kernelValue: bigint | undefined,
  { start, limit, offset }: Omit<MappedRange, "kernelSymbol">,
): bigint | undefined {
  if (segment.address === uint64(start - offset)) return offset;
  const fromSymbol = kernelValue === undefined ? undefined : uint64(start - kernelValue);
  if (start === 0n && limit !== 0n && fromSymbol !== undefined) {
    // ChromeOS maps its kernel at address 0.
    return fromSymbol;
  }
  const startsAtSymbol =
    kernelValue !== undefined && start % PAGE_BYTES === kernelValue % PAGE_BYTES;
  const offsetFits = offset === 0n || offset === POWERPC_KERNEL || offset === start;
  if (start >= ADDRESS_SPACE_MIDDLE && limit > start && offsetFits) {
    // In perf's profiles the mapping starts at the symbol, in others at the segment.
    return startsAtSymbol ? fromSymbol : uint64(start - segment.address);
  }
  // ChromeOS also maps its kernel at the start of the symbol's page.
  return start % PAGE_BYTES !== 0n && startsAtSymbol ? fromSymbol : undefined;
}

/**
 * Returns the segment that contains `address`; undefined if the file has none at all. Throws a
 * {@link BinaryError} if no segment fits, or more than one.
 */
export function segmentAt(
  elf: Elf,
  textSegment: Segment | undefined,
  kernelValue: bigint | undefined,
  range: MappedRange,
  address: bigint,
): Segment | undefined {
  const { start, limit, offset } = range;
  if (kernelValue !== undefined || start >= limit || limit >= ADDRESS_SPACE_MIDDLE)
    return textSegment;
  const loaded = elf.segments.filter(({ type }) => type === SegmentType.load);
  if (loaded.length === 0) return undefined;
  const candidates = loaded.filter((segment) => mayBeMapped(segment, offset, limit - start));
  if (candidates.length === 0) {
    const debugOnly = debugSegment(loaded, range);
    if (debugOnly) return debugOnly;
    throw new BinaryError("no segment fits the mapping");
  }
  if (candidates.length === 1) return candidates[0];
  const fileOffset = uint64(address - start + offset);
  const [found, ...others] = candidates.filter(
    (segment) =>
      fileOffset >= segment.offset && fileOffset < uint64(segment.offset + segment.memorySize),
  );
  if (!found) throw new BinaryError(`no segment contains the file offset ${hex(fileOffset)}`);
  if (others.length > 0) {
    throw new BinaryError(`several segments contain the file offset ${hex(fileOffset)}`);
  }
  return found;
}

/**
 * Returns the code segment of a file with debug information only. Such segments have no bytes and
 * no offsets, so their size must match the mapping. pprof does not support these files.
 */
function debugSegment(loaded: readonly Segment[], { start, limit, offset }: MappedRange) {
  const [segment, ...others] = loaded.filter(({ isExecutable }) => isExecutable);
  if (!segment || others.length > 0 || segment.fileSize !== 0n) return undefined;
  const first = segment.address - (segment.address % PAGE_BYTES);
  const end = segment.address + segment.memorySize + PAGE_BYTES - 1n;
  const size = end - (end % PAGE_BYTES) - first;
  if (size !== limit - start) return undefined;
  return { ...segment, offset: uint64(offset + segment.address - first) };
}

/** Returns whether a mapping of `size` bytes at the file's `offset` may be part of this segment. */
function mayBeMapped(segment: Segment, offset: bigint, size: bigint): boolean {
  const end = uint64(segment.offset + segment.memorySize);
  const mappingEnd = uint64(offset + size);
  // If the file has no bytes of the segment, its offset has no meaning.
  if (segment.fileSize === 0n) return false;
  if (offset >= end || segment.offset >= mappingEnd) return false;
  // Loading starts at the page boundary before the segment, no earlier.
  const lead = segment.address & uint64(segment.align - 1n);
  if (segment.offset > lead && offset < segment.offset - lead) return false;
  // A mapping of the segment's last bytes that goes a page further belongs to the next segment.
  const isTail = offset > segment.offset && end < uint64(offset + PAGE_BYTES);
  return !(isTail && mappingEnd >= uint64(end + PAGE_BYTES));
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
