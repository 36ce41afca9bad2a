import type { SampleIndex } from "../profile/indices.js";
import type { NodeTable } from "../view/node-table.js";
import type { View } from "../view/view.js";
import type { CallTree } from "./call-tree.js";

/** The wanted nodes on the stack of the current sample. */
export interface StackNodes {
  /** The first {@link length} entries are the wanted nodes, without duplicates. */
  readonly list: Uint32Array;
  length: number;
  /** The node of the leaf, even if it is not wanted; -1 if the stack is empty. */
  leaf: number;
  read(sample: SampleIndex): void;
}

/** Returns a reader for the stacks of a graph. `wanted` has a 1 for each wanted node. */
export function graphStacks(view: View, nodes: NodeTable, wanted: Uint8Array): StackNodes {
  const { stackStart, stackEnd } = view;
  const { stackLocations } = view.profile.samples;
  const { locationOffsets, locationNodes } = nodes;
  // Few locations have a wanted node, so the reader can skip most of them.
  const matters = new Uint8Array(locationOffsets.length - 1);
  for (let location = 0; location < matters.length; location++) {
    const end = locationOffsets[location + 1];
    for (let j = locationOffsets[location]; j < end; j++) {
      matters[location] |= wanted[locationNodes[j]];
    }
  }
  const list = bufferFor(wanted);
  /** By node: the last read that found it, counted from 1. */
  const seenIn = new Uint32Array(wanted.length);
  let reading = 0;
  const stack: StackNodes = {
    list,
    length: 0,
    leaf: -1,
    read: (sample) => {
      reading++;
      const end = stackEnd[sample];
      let length = 0;
      let leaf = -1;
      for (let i = stackStart[sample]; i < end; i++) {
        const location = stackLocations[i];
        if (!matters[location] && leaf >= 0) continue;
        const stop = locationOffsets[location + 1];
        for (let j = locationOffsets[location]; j < stop; j++) {
          const node = locationNodes[j];
          if (leaf < 0) leaf = node;
          if (!wanted[node] || seenIn[node] === reading) continue;
          seenIn[node] = reading;
          list[length++] = node;
        }
      }
      stack.length = length;
      stack.leaf = leaf;
    },
  };
  return stack;
}

/** Returns a reader for the stacks of a call tree, where a node occurs at most once on a stack. */
export function treeStacks({ leaves, callers }: CallTree, wanted: Uint8Array): StackNodes {
  const list = bufferFor(wanted);
  const stack: StackNodes = {
    list,
    length: 0,
    leaf: -1,
    read: (sample) => {
      stack.length = 0;
      stack.leaf = leaves[sample];
      for (let node = stack.leaf; node >= 0; node = callers[node]) {
        if (wanted[node]) list[stack.length++] = node;
      }
    },
  };
  return stack;
}

function bufferFor(wanted: Uint8Array): Uint32Array {
  return new Uint32Array(wanted.reduce((count, one) => count + one, 0));
}
