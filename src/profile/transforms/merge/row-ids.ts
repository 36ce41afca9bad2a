import type { Uint64Column } from "../../columns.js";

/** The ids 1, 2, 3 and so on for `count` rows. */
export function rowIds(count: number): Uint64Column {
  return {
    lo: Uint32Array.from({ length: count }, (_, row) => row + 1),
    hi: new Uint32Array(count),
  };
}
