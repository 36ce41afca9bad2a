import { uint64At } from "../../profile/columns.js";
import type { MappingIndex } from "../../profile/indices.js";
import type { Profile } from "../../profile/profile.js";

/** The addresses of a part of a binary in the memory of the profiled process. */
export interface MappedRange {
  readonly start: bigint;
  readonly limit: bigint;
  /** The position in the file at which the mapping starts. */
  readonly offset: bigint;
  /** For a kernel, the symbol at `start` if it is known; otherwise empty. */
  readonly kernelSymbol: string;
}

/** Returns the range of a profile's mapping. */
export function mappedRange(
  { mappings }: Profile,
  mapping: MappingIndex,
  kernelSymbol: string,
): MappedRange {
  return {
    start: uint64At(mappings.start, mapping),
    limit: uint64At(mappings.limit, mapping),
    offset: uint64At(mappings.offset, mapping),
    kernelSymbol,
  };
}
