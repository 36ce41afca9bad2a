import { uint64At } from "../../profile/columns.js";
import type { MappingIndex } from "../../profile/indices.js";
import type { Profile } from "../../profile/profile.js";

/** Where a part of a binary lay in the memory of the process that was profiled. */
export interface MappedRange {
  readonly start: bigint;
  readonly limit: bigint;
  /** Where in the file the mapping starts. */
  readonly offset: bigint;
  /** For a kernel: the name of the symbol that `start` is the address of, where it is known. */
  readonly kernelSymbol: string;
}

/** Where a mapping of a profile lay. */
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
