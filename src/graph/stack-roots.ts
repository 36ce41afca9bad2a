import { memoized } from "../profile/memo.js";
import type { SampleTable } from "../profile/profile.js";

/** So many locations of each stack, from its root on, lie together by how deep they are. */
const DEPTHS = 16;

/**
 * Reads stacks from their roots, for walks that go through all samples again and again: where
 * those lie one behind the other, each step of each sample is a miss of all caches.
 */
export interface StackRoots {
  /** Location `depth` of sample `s`, where that is below {@link depths}, is `columns[depth * count + s]`. */
  readonly columns: Uint32Array;
  readonly depths: number;
  readonly count: number;
}

/** The roots of all stacks; made once for a table of samples. */
export const stackRoots = memoized((samples: SampleTable): StackRoots => {
  const { length: count, stackOffsets, stackLocations } = samples;
  let depths = 0;
  for (let sample = 0; sample < count && depths < DEPTHS; sample++) {
    depths = Math.min(DEPTHS, Math.max(depths, stackOffsets[sample + 1] - stackOffsets[sample]));
  }
  const columns = new Uint32Array(depths * count);
  for (let sample = 0; sample < count; sample++) {
    const end = stackOffsets[sample + 1];
    const known = Math.min(depths, end - stackOffsets[sample]);
    for (let depth = 0; depth < known; depth++) {
      columns[depth * count + sample] = stackLocations[end - 1 - depth];
    }
  }
  return { columns, depths, count };
});
