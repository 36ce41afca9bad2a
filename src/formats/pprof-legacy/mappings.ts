import { NO_MAPPING } from "../../profile/indices.js";
import type { Uint64 } from "../../profile/profile-builder.js";
import { trimSpace } from "../lines.js";
import { uint64 } from "../numbers.js";
import { FirstCovering } from "./first-covering.js";
import type { Region } from "./memory-map.js";

/** The mappings of a profile, and the mapping of each address. */
export interface MappedAddresses {
  readonly mappings: readonly Region[];
  /** By address: a row of `mappings`, or `NO_MAPPING`. */
  readonly mappingOf: Int32Array;
}

/**
 * Turns the regions of a memory map into mappings, as pprof does: parts of one file are joined, the
 * main program comes first, and addresses outside of all regions get a mapping of their own. The
 * address 0 has no mapping.
 */
export function mapAddresses(
  regions: readonly Region[],
  addresses: readonly Uint64[],
): MappedAddresses {
  let mappings = joinAdjacent(regions);
  moveMainFirst(mappings);
  // A program on huge pages begins with a copy of itself under this name.
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

/** Returns the mapping for unknown addresses. */
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

/** Tests whether `next` continues the mapping of `region`. Empty names match any name. */
function isContinuedBy(region: Region, next: Region): boolean {
  const agree = (a: string, b: string) => a === "" || b === "" || a === b;
  if (region.limit !== next.start) return false;
  if (!agree(region.file, next.file) || !agree(region.buildId, next.buildId)) return false;
  if (region.offset === 0 || next.offset === 0) return true;
  const end = BigInt(region.offset) + BigInt(region.limit) - BigInt(region.start);
  return BigInt.asUintN(64, end) === BigInt(next.offset);
}

const LIBRARY = /[.]so$|[.]so[._][0-9]+/;

/** Swaps the first region that looks like a program, not a library, with the first one. */
function moveMainFirst(mappings: Region[]): void {
  const main = mappings.findIndex(({ file }) => {
    const name = trimSpace(file.replaceAll("(deleted)", ""));
    return name !== "" && name[0] !== "[" && !LIBRARY.test(name);
  });
  if (main > 0) [mappings[0], mappings[main]] = [mappings[main], mappings[0]];
}

/** The start of programs without address randomization on x86-64. */
const USUAL_START = 0x400000;

/** Moves the start of the main mapping to {@link USUAL_START} if its offset implies that. */
function restoreUsualStart(main: Region | undefined): void {
  if (!main) return;
  const start = BigInt.asUintN(64, BigInt(main.start) - BigInt(main.offset));
  if (start !== BigInt(USUAL_START)) return;
  main.start = USUAL_START;
  main.offset = 0;
}

/** Finds mappings by address in logarithmic time: memory maps are untrusted and may be long. */
class MappingFinder {
  readonly #mappings: readonly Region[];
  readonly #mapped: FirstCovering;
  /** The parts of the files before each mapping. */
  readonly #before: FirstCovering;
  /** Those parts for mappings that were widened. */
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

  find(address: Uint64): number | undefined {
    const mapped = this.#mapped.find(address);
    const widened = this.#widened.find(address);
    if (mapped !== undefined && widened !== undefined) return Math.min(mapped, widened);
    return mapped ?? widened;
  }

  /**
   * Finds a mapping for an address outside of all mappings. Some producers omit the beginning of a
   * file from their memory maps; the first mapping with such a part that contains the address is
   * widened.
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

/** Returns the address of the beginning of the file, or the mapping's start if there is none. */
function fileStart({ start, offset }: Region): Uint64 {
  return offset > start ? start : uint64(BigInt(start) - BigInt(offset));
}
