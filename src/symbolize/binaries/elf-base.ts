import { BinaryError } from "./binary-error.js";
import { type Elf, ElfType, type Segment, SegmentType } from "./elf.js";
import type { MappedRange } from "./mapped-range.js";

const PAGE = 4096n;
const HALF = 1n << 63n;
const ALL = (1n << 64n) - 1n;

/** Where Linux for 64-bit PowerPC puts its kernel. */
const POWERPC_KERNEL = 0xc000000000000000n;

const uint64 = (value: bigint) => BigInt.asUintN(64, value);

/**
 * For a kernel, the value of the symbol that its mapping starts at. To look for it is
 * slow, so it is done only where the name or odd addresses hint at a kernel.
 */
export function kernelSymbolValue(elf: Elf, name: string, range: MappedRange): bigint | undefined {
  const { start, limit, offset, kernelSymbol } = range;
  const isOdd = [start, limit, offset].some((address) => address % PAGE !== 0n);
  if (!name.includes("vmlinux") && !isOdd) return undefined;
  return elf.symbolValue(kernelSymbol || "_stext");
}

/**
 * What to subtract from an address in memory to get the address in the file, which is of one
 * of {@link ElfType}, if `segment` is the segment that it lies in. Throws a {@link BinaryError} where that cannot be told.
 */
export function baseOf(
  type: number,
  segment: Segment | undefined,
  kernelValue: bigint | undefined,
  { start, limit, offset }: MappedRange,
): bigint {
  // A mapping of everything, made up for addresses that are those of the file already.
  if (start === 0n && offset === 0n && (limit === 0n || limit === ALL)) return 0n;
  switch (type) {
    case ElfType.executable: {
      if (!segment) return 0n;
      const isProgram = kernelValue === undefined && start > 0n && start < HALF;
      if (isProgram) return uint64(start - offset + segment.offset - segment.address);
      const base = kernelBase(segment, kernelValue, { start, limit, offset });
      if (base !== undefined) return base;
      if (start === 0n && limit !== 0n && kernelValue === undefined) {
        return uint64(start - segment.address);
      }
      throw new BinaryError(
        `no rule for a program mapped from ${hex(start)} to ${hex(limit)} at offset ${hex(offset)}`,
      );
    }
    case ElfType.relocatable:
      if (offset !== 0n) throw new BinaryError("an object file mapped from its middle");
      return start;
    case ElfType.shared:
      if (!segment) return uint64(start - offset);
      return (
        kernelBase(segment, kernelValue, { start, limit, offset }) ??
        uint64(start - offset + segment.offset - segment.address)
      );
    default:
      throw new BinaryError(`an ELF file of the unknown type ${type}`);
  }
}

/** The same for a kernel; undefined where the mapping does not look like one. */
function kernelBase(
  segment: Segment,
  kernelValue: bigint | undefined,
  { start, limit, offset }: Omit<MappedRange, "kernelSymbol">,
): bigint | undefined {
  if (segment.address === uint64(start - offset)) return offset;
  const fromSymbol = kernelValue === undefined ? undefined : uint64(start - kernelValue);
  if (start === 0n && limit !== 0n && fromSymbol !== undefined) {
    // ChromeOS moves its kernel to address 0.
    return fromSymbol;
  }
  const isSymbolsPlace = kernelValue !== undefined && start % PAGE === kernelValue % PAGE;
  const offsetFits = offset === 0n || offset === POWERPC_KERNEL || offset === start;
  if (start >= HALF && limit > start && offsetFits) {
    // perf takes the address of the symbol for the start; others the segment's.
    return isSymbolsPlace ? fromSymbol : uint64(start - segment.address);
  }
  // ChromeOS, too: moved to the start of the page.
  return start % PAGE !== 0n && isSymbolsPlace ? fromSymbol : undefined;
}

/**
 * The segment that `address` lies in, of those that the mapping may be of; undefined for
 * files that have none. Throws a {@link BinaryError} where it is not clear.
 */
export function segmentAt(
  elf: Elf,
  textSegment: Segment | undefined,
  kernelValue: bigint | undefined,
  range: MappedRange,
  address: bigint,
): Segment | undefined {
  const { start, limit, offset } = range;
  if (kernelValue !== undefined || start >= limit || limit >= HALF) return textSegment;
  const loaded = elf.segments.filter(({ type }) => type === SegmentType.load);
  if (loaded.length === 0) return undefined;
  const candidates = loaded.filter((segment) => mayBeMapped(segment, offset, limit - start));
  if (candidates.length === 0) {
    const kept = debugSegment(loaded, range);
    if (kept) return kept;
    throw new BinaryError("no segment fits the mapping");
  }
  if (candidates.length === 1) return candidates[0];
  const fileOffset = uint64(address - start + offset);
  const [found, ...others] = candidates.filter(
    (segment) =>
      fileOffset >= segment.offset && fileOffset < uint64(segment.offset + segment.memorySize),
  );
  if (!found) throw new BinaryError(`no segment has the file offset ${hex(fileOffset)}`);
  if (others.length > 0) {
    throw new BinaryError(`several segments have the file offset ${hex(fileOffset)}`);
  }
  return found;
}

/**
 * The segment of the code in a file with nothing but debug information, whose segments keep
 * their addresses but neither bytes nor offsets. That it is the one that was mapped shows in
 * its size, and that it began with the mapping is then the rule. pprof gives up on these.
 */
function debugSegment(loaded: readonly Segment[], { start, limit, offset }: MappedRange) {
  const [segment, ...others] = loaded.filter(({ isExecutable }) => isExecutable);
  if (!segment || others.length > 0 || segment.fileSize !== 0n) return undefined;
  const first = segment.address - (segment.address % PAGE);
  const end = segment.address + segment.memorySize + PAGE - 1n;
  const size = end - (end % PAGE) - first;
  if (size !== limit - start) return undefined;
  return { ...segment, offset: uint64(offset + segment.address - first) };
}

/** Whether a mapping of `size` bytes from `offset` of the file on may be of this segment. */
function mayBeMapped(segment: Segment, offset: bigint, size: bigint): boolean {
  const end = uint64(segment.offset + segment.memorySize);
  const mappingEnd = uint64(offset + size);
  // Where nothing of the file is loaded, the offset means nothing.
  if (segment.fileSize === 0n) return false;
  if (offset >= end || segment.offset >= mappingEnd) return false;
  // What lies before the segment on its first page is loaded with it; more is not.
  const lead = segment.address & uint64(segment.align - 1n);
  if (segment.offset > lead && offset < segment.offset - lead) return false;
  // The last bytes of the segment and a page beyond them: that is the next segment's mapping.
  const isTail = offset > segment.offset && end < uint64(offset + PAGE);
  return !(isTail && mappingEnd >= uint64(end + PAGE));
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
