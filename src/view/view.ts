import { type IndexColumn, indexColumn } from "../profile/columns.js";
import type { LineIndex } from "../profile/indices.js";
import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";

/** Which lines of each location are shown. */
export interface FrameMap {
  /** The lines of location `l` are `lines[offsets[l], offsets[l + 1])`, innermost first. */
  readonly offsets: Uint32Array;
  readonly lines: IndexColumn<LineIndex>;
  /** 1 for a location that is left out of every stack. One without lines is not, by that alone. */
  readonly hidden: Uint8Array;
}

/**
 * What of a profile takes part in a report: some of its samples, a part of each stack,
 * some of the lines of each location. The profile itself stays as it is; filters make
 * a new view from a view and share what they do not change.
 */
export interface View {
  readonly profile: Profile;
  /** 1 for each sample that takes part. */
  readonly samples: Uint8Array;
  /**
   * The stack of sample `s`, leaf first, is `stackLocations[stackStart[s], stackEnd[s])`
   * less the hidden locations.
   */
  readonly stackStart: Uint32Array;
  readonly stackEnd: Uint32Array;
  readonly frames: FrameMap;
  /** By string index: 1 for a label key that is not shown. */
  readonly hiddenLabelKeys: Uint8Array | undefined;
}

/** The view that shows everything; of one profile always the same, so that what is made of it can be kept. */
export const wholeProfile = memoized((profile: Profile): View => {
  const { samples, locations, lines } = profile;
  return {
    profile,
    samples: new Uint8Array(samples.length).fill(1),
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
