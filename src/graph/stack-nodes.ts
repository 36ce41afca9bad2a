import type { NodeTable } from "../view/nodes.js";
import type { View } from "../view/view.js";
import type { CallTree } from "./call-tree.js";

/** The nodes on the stack of one sample, each once; only those that are wanted. */
export class StackNodes {
  readonly list: Uint32Array;
  length = 0;
  /** The node of the leaf, wanted or not; -1 if the stack is empty. */
  leaf = -1;
  readonly #wanted: Uint8Array;
  /** The last reading, counted from 1, that each node was seen in. */
  readonly #seenIn: Uint32Array;
  #readings = 0;
  readonly #read: (nodes: StackNodes, sample: number) => void;

  private constructor(wanted: Uint8Array, read: (nodes: StackNodes, sample: number) => void) {
    this.#wanted = wanted;
    this.#read = read;
    this.#seenIn = new Uint32Array(wanted.length);
    this.list = new Uint32Array(wanted.reduce((count, one) => count + one, 0));
  }

  /** Of a graph; `wanted` has a 1 for each node that matters. */
  static ofGraph(view: View, nodes: NodeTable, wanted: Uint8Array): StackNodes {
    const { stackStart, stackEnd } = view;
    const { stackLocations } = view.profile.samples;
    const { locationOffsets, locationNodes } = nodes;
    return new StackNodes(wanted, (stack, sample) => {
      for (let i = stackStart[sample]; i < stackEnd[sample]; i++) {
        const location = stackLocations[i];
        const end = locationOffsets[location + 1];
        for (let j = locationOffsets[location]; j < end; j++) stack.#add(locationNodes[j]);
      }
    });
  }

  /** Of a call tree. */
  static ofTree({ leaves, callers }: CallTree, wanted: Uint8Array): StackNodes {
    return new StackNodes(wanted, (stack, sample) => {
      for (let node = leaves[sample]; node >= 0; node = callers[node]) stack.#add(node);
    });
  }

  /** Reads the stack of `sample`. */
  read(sample: number): void {
    this.#readings++;
    this.length = 0;
    this.leaf = -1;
    this.#read(this, sample);
  }

  #add(node: number): void {
    if (this.leaf < 0) this.leaf = node;
    if (!this.#wanted[node] || this.#seenIn[node] === this.#readings) return;
    this.#seenIn[node] = this.#readings;
    this.list[this.length++] = node;
  }
}
