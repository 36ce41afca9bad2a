import { NO_MAPPING } from "../profile/indices.js";
import type { Uint64 } from "../profile/profile-builder.js";
import { FirstCovering } from "./first-covering.js";
import { trimSpace } from "./lines.js";
import type { Region } from "./memory-map.js";
import { uint64 } from "./numbers.js";

/** The mappings of a profile, and which of them each address belongs to. */
export interface MappedAddresses {
  readonly mappings: readonly Region[];
  /** By address: a row of `mappings`, or `NO_MAPPING`. */
  readonly mappingOf: Int32Array;
}

/**
 * Turns the regions of a memory map into the mappings of a profile, as pprof does: parts
 * of one file are joined, the main program comes first, and addresses that no region has
 * get a mapping of their own. The address 0 is of none.
 */
export function mapAddresses(
  regions: readonly Region[],
  addresses: readonly Uint64[],
): MappedAddresses {
  let mappings = joinAdjacent(regions);
  moveMainFirst(mappings);
  // A program that runs from huge pages begins with a copy of itself under this name.
  const [first, second] = mappings;
  if (first?.file.startsWith("/anon_hugepage") && first.limit === second?.start) {
    mappings = mappings.slice(1);
  }
  restoreUsualStart(mappings[0]);

  const finder = new MappingFinder(mappings);
  let unknown: number | undefined;
  const mappingOf = Int32Array.from(addresses, (address) => {
    if (address === 0) return NO_MAPPING;
    const found = finder.find(address) ?? unknown ?? finder.widen(address);
    if (found !== undefined) return found;
    unknown = mappings.push(everywhere()) - 1;
    return unknown;
  });
  return { mappings, mappingOf };
}

/** The mapping for addresses of which nothing is known. */
function everywhere(): Region {
  return { start: 0, limit: 2n ** 64n - 1n, offset: 0, file: "", buildId: "" };
}

function joinAdjacent(regions: readonly Region[]): Region[] {
  const joined: Region[] = [];
  for (const region of regions) {
    const last = joined.at(-1);
    if (last && isContinuedBy(last, region)) {
      last.limit = region.limit;
      last.file = region.file || last.file;
      last.buildId = region.buildId || last.buildId;
    } else {
      joined.push({ ...region });
    }
  }
  return joined;
}

/** Whether `next` is the next part of what `region` maps. What is not known may be anything. */
function isContinuedBy(region: Region, next: Region): boolean {
  const agree = (a: string, b: string) => a === "" || b === "" || a === b;
  if (region.limit !== next.start) return false;
  if (!agree(region.file, next.file) || !agree(region.buildId, next.buildId)) return false;
  if (region.offset === 0 || next.offset === 0) return true;
  const end = BigInt(region.offset) + BigInt(region.limit) - BigInt(region.start);
  return BigInt.asUintN(64, end) === BigInt(next.offset);
}

const LIBRARY = /[.]so$|[.]so[._][0-9]+/;

/** Lets the first that looks like a program, and not like a library, change places with the first. */
function moveMainFirst(mappings: Region[]): void {
  const main = mappings.findIndex(({ file }) => {
    const name = trimSpace(file.replaceAll("(deleted)", ""));
    return name !== "" && name[0] !== "[" && !LIBRARY.test(name);
  });
  if (main > 0) [mappings[0], mappings[main]] = [mappings[main], mappings[0]];
}

/** Where programs that are not moved at each start begin, on x86-64. */
const USUAL_START = 0x400000;

/** Lets the main mapping begin at {@link USUAL_START} where that is what its offset leads to. */
function restoreUsualStart(main: Region | undefined): void {
  if (!main) return;
  const start = BigInt.asUintN(64, BigInt(main.start) - BigInt(main.offset));
  if (start !== BigInt(USUAL_START)) return;
  main.start = USUAL_START;
  main.offset = 0;
}

/** Finds mappings by address, in logarithmic time: memory maps may be long, and are untrusted. */
class MappingFinder {
  readonly #mappings: readonly Region[];
  readonly #mapped: FirstCovering;
  /** The parts of the files before each mapping. */
  readonly #before: FirstCovering;
  /** Those of them that their mappings were widened to. */
  readonly #widened: FirstCovering;

  constructor(mappings: readonly Region[]) {
    this.#mappings = mappings;
    const fileStarts = mappings.map(fileStart);
    const starts = mappings.map(({ start }) => start);
    const limits = mappings.map(({ limit }) => limit);
    this.#mapped = new FirstCovering([...starts, ...limits]);
    this.#before = new FirstCovering([...fileStarts, ...starts]);
    this.#widened = new FirstCovering([...fileStarts, ...starts]);
    for (let row = 0; row < mappings.length; row++) {
      this.#mapped.add(starts[row], limits[row], row);
      this.#before.add(fileStarts[row], starts[row], row);
    }
  }

  /** The first mapping that the address is in. */
  find(address: Uint64): number | undefined {
    const mapped = this.#mapped.find(address);
    const widened = this.#widened.find(address);
    if (mapped !== undefined && widened !== undefined) return Math.min(mapped, widened);
    return mapped ?? widened;
  }

  /**
   * For an address that is in no mapping: it may be in the part of a file before one,
   * which some producers leave out of their memory maps. The first mapping that has such
   * a part with the address is widened to all of it.
   */
  widen(address: Uint64): number | undefined {
    const row = this.#before.find(address);
    if (row === undefined) return undefined;
    const mapping = this.#mappings[row];
    const start = fileStart(mapping);
    this.#widened.add(start, mapping.start, row);
    mapping.start = start;
    mapping.offset = 0;
    return row;
  }
}

/** Where the beginning of the file would be mapped to; the mapping's own start where nowhere. */
function fileStart({ start, offset }: Region): Uint64 {
  return offset > start ? start : uint64(BigInt(start) - BigInt(offset));
}
