import { type IndexColumn, indexColumn } from "../profile/columns.js";
import type { NodeIndex } from "../view/node-table.js";
import type { View } from "../view/view.js";
import { PairInterner } from "./pair-interner.js";
import type { NodeColumns } from "./stack-rows.js";

/** No frame: an empty stack, or a sample that the view does not select. */
export const NO_FRAME = -1;

/** The stacks of a view as a tree. Stacks with the same callers share frames. */
export interface StackTree {
  readonly length: number;
  /** By frame: its caller, or {@link NO_FRAME}. Callers come before their callees. */
  readonly callers: Int32Array;
  readonly nodes: IndexColumn<NodeIndex>;
  /** By frame: the number of its callers. */
  readonly depths: Uint32Array;
  /** By sample: the innermost frame, or {@link NO_FRAME}. */
  readonly leaves: Int32Array;
}

/**
 * Merges the stacks of all selected samples. With `joinsRepeats`, frames of the same node that
 * follow each other are one. Takes linear time in the size of the stacks.
 */
export function stackTree(view: View, nodes: NodeColumns, joinsRepeats: boolean): StackTree {
  const { samples, stackStart, stackEnd, profile } = view;
  const { stackLocations } = profile.samples;
  const { locationOffsets, locationNodes } = nodes;
  const leaves = new Int32Array(samples.length).fill(NO_FRAME);
  /** Pairs of a caller plus one and a node. */
  const frames = new PairInterner();
  for (let sample = 0; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    let frame = NO_FRAME;
    for (let i = stackEnd[sample] - 1; i >= stackStart[sample]; i--) {
      const location = stackLocations[i];
      const innermost = locationOffsets[location];
      for (let at = locationOffsets[location + 1] - 1; at >= innermost; at--) {
        const node = locationNodes[at];
        if (joinsRepeats && frame !== NO_FRAME && frames.second(frame) === node) continue;
        frame = frames.intern(frame + 1, node);
      }
    }
    leaves[sample] = frame;
  }
  const { length } = frames;
  const callers = Int32Array.from(frames.firsts, (callerPlusOne) => callerPlusOne - 1);
  const depths = new Uint32Array(length);
  for (let frame = 0; frame < length; frame++) {
    if (callers[frame] !== NO_FRAME) depths[frame] = depths[callers[frame]] + 1;
  }
  return {
    length,
    callers,
    nodes: indexColumn(frames.seconds),
    depths,
    leaves,
  };
}
