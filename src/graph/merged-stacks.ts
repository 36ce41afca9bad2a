import { ProfileError } from "../profile/errors.js";
import { compareUtf8 } from "../profile/utf8.js";
import type { NodeIndex, NodeTable } from "../view/node-table.js";
import type { View } from "../view/view.js";

/**
 * The distinct stacks of a view, where equal names are equal frames. The stacks are sorted frame by
 * frame in the byte order of the names, so stacks with common callers are adjacent.
 */
export interface MergedStacks {
  readonly length: number;
  /** The distinct names of frames, sorted. */
  readonly names: readonly string[];
  /** Stack `s` is `frames[starts[s], ends[s])`, root first, as positions in {@link names}. */
  readonly frames: Uint32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** By sample: its stack, or -1 if the sample is not selected or has no frames. */
  readonly stackOf: Int32Array;
}

/** Half of the engine's limit for arrays. With inlined calls a small file can reach it. */
const MAX_FRAMES = 2 ** 29;

/**
 * Merges the stacks of `view`. With `joinsRepeats`, equal frames that follow each other on a stack are
 * one. Throws a {@link ProfileError} if the stacks have too many frames.
 */
export function mergeStacks(
  view: View,
  nodes: NodeTable,
  nameOf: (node: NodeIndex) => string,
  joinsRepeats = false,
): MergedStacks {
  const offsets = stackOffsets(view, nodes);
  const { names, ofNode } = nameNodes(usedNodes(view, nodes), nameOf);
  const frames = framesRootFirst(view, nodes, offsets, ofNode);
  const stackEnds = joinsRepeats ? joinRepeats(frames, offsets) : offsets.subarray(1);
  const rows = rowsWithFrames(offsets);
  const compare = (a: number, b: number) => {
    const startA = offsets[a];
    const startB = offsets[b];
    const shorter = Math.min(stackEnds[a] - startA, stackEnds[b] - startB);
    for (let i = 0; i < shorter; i++) {
      const difference = frames[startA + i] - frames[startB + i];
      if (difference !== 0) return difference;
    }
    return stackEnds[a] - startA - (stackEnds[b] - startB);
  };
  rows.sort(compare);

  const stackOf = new Int32Array(view.samples.length).fill(-1);
  const firsts = new Uint32Array(rows.length);
  let length = 0;
  for (let i = 0; i < rows.length; i++) {
    if (i === 0 || compare(rows[i - 1], rows[i]) !== 0) firsts[length++] = rows[i];
    stackOf[rows[i]] = length - 1;
  }
  const distinct = firsts.subarray(0, length);
  return {
    length,
    names,
    frames,
    starts: distinct.map((row) => offsets[row]),
    ends: distinct.map((row) => stackEnds[row]),
    stackOf,
  };
}

/** Returns by sample: the start of its frames in one array. Unselected samples have no frames. */
function stackOffsets(view: View, { locationOffsets }: NodeTable): Uint32Array {
  const { samples, stackStart, stackEnd } = view;
  const { stackLocations } = view.profile.samples;
  const offsets = new Uint32Array(samples.length + 1);
  let count = 0;
  for (let sample = 0; sample < samples.length; sample++) {
    if (samples[sample]) {
      for (let i = stackStart[sample]; i < stackEnd[sample]; i++) {
        const location = stackLocations[i];
        count += locationOffsets[location + 1] - locationOffsets[location];
      }
    }
    if (count > MAX_FRAMES)
      throw new ProfileError(
        `the stacks have more than ${MAX_FRAMES} frames; select fewer with -focus`,
      );
    offsets[sample + 1] = count;
  }
  return offsets;
}

/** Moves the frames of each stack together so that none equals the one before; returns the ends. */
function joinRepeats(frames: Uint32Array, offsets: Uint32Array): Uint32Array {
  const ends = offsets.slice(1);
  for (let row = 0; row < ends.length; row++) {
    let end = offsets[row];
    for (let at = end; at < offsets[row + 1]; at++) {
      if (end > offsets[row] && frames[end - 1] === frames[at]) continue;
      frames[end++] = frames[at];
    }
    ends[row] = end;
  }
  return ends;
}

function rowsWithFrames(offsets: Uint32Array): Uint32Array {
  const rows = new Uint32Array(offsets.length - 1);
  let count = 0;
  for (let row = 0; row < rows.length; row++) {
    if (offsets[row + 1] > offsets[row]) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

function framesRootFirst(
  view: View,
  { locationOffsets, locationNodes }: NodeTable,
  offsets: Uint32Array,
  ofNode: Uint32Array,
): Uint32Array {
  const { samples, stackStart, stackEnd } = view;
  const { stackLocations } = view.profile.samples;
  const frames = new Uint32Array(offsets[samples.length]);
  let next = 0;
  for (let sample = 0; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    for (let i = stackEnd[sample] - 1; i >= stackStart[sample]; i--) {
      const location = stackLocations[i];
      const innermost = locationOffsets[location];
      for (let j = locationOffsets[location + 1] - 1; j >= innermost; j--) {
        frames[next++] = ofNode[locationNodes[j]];
      }
    }
  }
  return frames;
}

/** Returns by node: 1 if a stack contains it. */
function usedNodes(view: View, { length, locationOffsets, locationNodes }: NodeTable): Uint8Array {
  const { samples, stackStart, stackEnd } = view;
  const { stackLocations } = view.profile.samples;
  const isUsed = new Uint8Array(locationOffsets.length - 1);
  for (let sample = 0; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    for (let i = stackStart[sample]; i < stackEnd[sample]; i++) isUsed[stackLocations[i]] = 1;
  }
  const used = new Uint8Array(length);
  isUsed.forEach((any, location) => {
    if (!any) return;
    const end = locationOffsets[location + 1];
    for (let j = locationOffsets[location]; j < end; j++) used[locationNodes[j]] = 1;
  });
  return used;
}

/** Returns the sorted names of the used nodes, and by node the position of its name. */
function nameNodes(
  used: Uint8Array,
  nameOf: (node: NodeIndex) => string,
): { names: string[]; ofNode: Uint32Array } {
  const nameOfNode = Array.from(used, (any, node) => (any ? nameOf(node as NodeIndex) : undefined));
  const distinct = new Set(nameOfNode);
  distinct.delete(undefined);
  const names = ([...distinct] as string[]).sort(compareUtf8);
  const numbers = new Map(names.map((name, number) => [name, number]));
  const ofNode = Uint32Array.from(nameOfNode, (name) => numbers.get(name ?? "") ?? 0);
  return { names, ofNode };
}
