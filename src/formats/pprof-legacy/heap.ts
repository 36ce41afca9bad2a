import type { NewValueType } from "../../profile/profile-builder.js";
import { divide, type Int64 } from "../../units/int64.js";
import type { Format } from "../format.js";
import { firstLine, isBlankOrComment, LineReader, trimSpace } from "../lines.js";
import { malformedLine } from "../malformed.js";
import { addressBefore, parseAddresses, parseInt64 } from "../numbers.js";
import { buildAddressProfile } from "./address-profile.js";
import { AddressSamples } from "./address-samples.js";
import { ALLOCATED, IN_USE, unsample } from "./heap-sampling.js";
import { beginsMemoryMap, findMemoryMap } from "./memory-map.js";

/**
 * Text profiles of memory: gperftools (`@ heapprofile`, `@ heap_v2/RATE`, `@ growth`, `@
 * fragmentation`) and Go with `debug=1` (`@ heap/RATE`). Lines of the form `INUSE_OBJECTS:
 * INUSE_BYTES [ALLOC_OBJECTS: ALLOC_BYTES] @ ADDRESS...`: first the sums, then the samples, then an
 * optional memory map.
 */
export const heap: Format = {
  name: "heap profile",
  isPprofs: true,

  detect: (bytes) => parseHeader(firstLine(bytes)) !== undefined,

  read(bytes, budget) {
    const lines = new LineReader(bytes, 0, budget);
    lines.next();
    const header = parseHeader(lines.line);
    if (!header) throw new TypeError("not a heap profile");
    const { period, hasAllocations } = header;
    const sampleTypes = hasAllocations ? [...ALLOCATED, ...IN_USE] : ONE_KIND;
    const samples = new AddressSamples(sampleTypes.length, budget);
    while (lines.next()) {
      if (isBlankOrComment(lines.line)) continue;
      if (beginsMemoryMap(lines.line)) break;
      readSample(lines, header, samples);
    }
    return buildAddressProfile(
      {
        sampleTypes,
        header: { periodType: { type: "space", unit: "bytes" }, period },
        samples,
        memoryMap: findMemoryMap(lines, budget),
      },
      budget,
    );
  },
};

const ONE_KIND: readonly NewValueType[] = [
  { type: "objects", unit: "count" },
  { type: "space", unit: "bytes" },
];

interface HeapHeader {
  /** Bytes allocated between two samples; 1 if every allocation is sampled. */
  readonly period: Int64;
  /** Whether allocations were sampled at random, so that values must be scaled up. */
  readonly isSampled: boolean;
  /** Whether the allocations differ from the memory in use. */
  readonly hasAllocations: boolean;
}

const SUMS = "heap profile: *([0-9]+): *([0-9]+) *\\[ *([0-9]+): *([0-9]+) *\\]";
const HEAP_HEADER = new RegExp(`${SUMS} *@ *(heap[_a-z0-9]*)/?([0-9]*)`);
const OTHER_HEADER = new RegExp(`${SUMS} @ (?:growth|fragmentation)`);

function parseHeader(line: string): HeapHeader | undefined {
  const match = HEAP_HEADER.exec(line);
  if (!match) {
    return OTHER_HEADER.test(line)
      ? { period: 1, isSampled: false, hasAllocations: false }
      : undefined;
  }
  const [, objects, bytes, allocatedObjects, allocatedBytes, kind, rateText] = match;
  const rate = rateText === "" ? 0 : parseInt64(rateText);
  if (rate === undefined) return undefined;
  const differs = (inUse: string, allocated: string) => allocated !== inUse && allocated !== "0";
  const hasAllocations = differs(objects, allocatedObjects) || differs(bytes, allocatedBytes);
  switch (kind) {
    case "heapz_v2":
    case "heap_v2":
      return { period: rate, isSampled: true, hasAllocations };
    case "heapprofile":
      return { period: 1, isSampled: false, hasAllocations };
    case "heap":
      // Go writes twice its rate, for compatibility with old heap profiles.
      return { period: divide(rate, 2), isSampled: true, hasAllocations };
    default:
      return undefined;
  }
}

/** Numbers are matched only where digits begin, so that a line takes linear time. */
const SAMPLE =
  /(-[0-9]+|(?<![0-9])[0-9]+): *(-?[0-9]+) *\[ *([0-9]+): *([0-9]+) *\] @([ x0-9a-f]*)/;

function readSample(lines: LineReader, header: HeapHeader, samples: AddressSamples): void {
  const match = SAMPLE.exec(trimSpace(lines.line));
  const malformed = (why: string) => malformedLine("heap profile", lines, why);
  if (!match) throw malformed("expected COUNT: BYTES [COUNT: BYTES] @ ADDRESSES");
  const [, objects, bytes, allocatedObjects, allocatedBytes, stack] = match;
  const values: Int64[] = [];
  let blockSize: Int64 = 0;
  const addValues = (countText: string, sizeText: string) => {
    const count = parseInt64(countText);
    const size = parseInt64(sizeText);
    if (count === undefined || size === undefined) throw malformed("a number exceeds 64 bits");
    if (count === 0 && size !== 0) throw malformed(`0 objects with ${size} bytes`);
    if (count === 0) {
      values.push(0, 0);
      return;
    }
    blockSize = divide(size, count);
    values.push(...(header.isSampled ? unsample(count, size, header.period) : [count, size]));
  };
  if (header.hasAllocations) addValues(allocatedObjects, allocatedBytes);
  addValues(objects, bytes);

  const addresses = parseAddresses(stack);
  if (!addresses) throw malformed("an address exceeds 64 bits");
  // Addresses are return addresses; the call is before them.
  for (const address of addresses) samples.frame(addressBefore(address));
  samples.end(values, blockSize);
}
