import { type IndexColumn, indexColumn, isZeroAt } from "../profile/columns.js";
import type { LineIndex } from "../profile/indices.js";
import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";

/** The lines of each location that a view shows. */
export interface FrameMap {
  /** The lines of location `l` are `lines[offsets[l], offsets[l + 1])`, innermost first. */
  readonly offsets: Uint32Array;
  readonly lines: IndexColumn<LineIndex>;
  /** 1 for a location that is removed from all stacks; lack of lines is not a reason. */
  readonly hidden: Uint8Array;
}

/**
 * The part of a profile that a report shows: some of its samples, part of each stack, some lines of
 * each location. Filters do not change the profile. They make a new view from a view and share the
 * columns that they do not change.
 */
export interface View {
  readonly profile: Profile;
  /** 1 for each selected sample. */
  readonly samples: Uint8Array;
  /** Sample `s` has the visible locations of `stackLocations[stackStart[s], stackEnd[s])`. */
  readonly stackStart: Uint32Array;
  readonly stackEnd: Uint32Array;
  readonly frames: FrameMap;
  /** By string index: 1 for a hidden label key. */
  readonly hiddenLabelKeys: Uint8Array | undefined;
}

/**
 * Returns the view of the whole profile: always the same one, so that results can be cached. Samples
 * whose observations cancel out, which are kept for ranges of time, are not selected.
 */
export const wholeProfile = memoized((profile: Profile): View => {
  const { samples, locations, lines } = profile;
  return {
    profile,
    samples: samplesWithValues(profile),
    stackStart: samples.stackOffsets.subarray(0, samples.length),
    stackEnd: samples.stackOffsets.subarray(1),
    frames: {
      offsets: locations.lineOffsets,
      lines: indexColumn(new Uint32Array(lines.length).map((_, line) => line)),
      hidden: new Uint8Array(locations.length),
    },
    hiddenLabelKeys: undefined,
  };
});

function samplesWithValues({ samples, observations }: Profile): Uint8Array {
  const selected = new Uint8Array(samples.length).fill(1);
  // Other profiles keep their samples without values, as in pprof.
  if (!observations) return selected;
  return selected.map((_, row) =>
    samples.values.every((column) => isZeroAt(column, row)) ? 0 : 1,
  );
}

/**
 * Whether no filter has cut a stack: the view uses the profile's own stack offsets. The test
 * compares the memory that the columns share, so it does not depend on which copy of this module
 * made the view.
 */
export function hasWholeStacks({ profile, stackStart, stackEnd }: View): boolean {
  const { buffer, byteOffset, BYTES_PER_ELEMENT } = profile.samples.stackOffsets;
  return (
    stackStart.buffer === buffer &&
    stackStart.byteOffset === byteOffset &&
    stackEnd.buffer === buffer &&
    stackEnd.byteOffset === byteOffset + BYTES_PER_ELEMENT
  );
}
