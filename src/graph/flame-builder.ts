import { type IndexColumn, type Int64Column, indexColumn } from "../profile/columns.js";
import { NO_NODE, type NodeIndex } from "../view/node-table.js";
import type { View } from "../view/view.js";
import { type Amounts, FrameFlags, type FrameTree, frameTree } from "./flame-tree.js";
import { FrameHeap } from "./frame-heap.js";
import { sizesOf, splitSigns } from "./signed-values.js";
import { type NodeColumns, StackRows, type StackWalk } from "./stack-rows.js";

/** A flame graph whose frames refer to the nodes of a report. */
export interface BuiltFlame {
  readonly tree: FrameTree;
  /** By frame: its node; {@link NO_NODE} for frame 0, which covers all samples. */
  readonly nodes: IndexColumn<NodeIndex>;
  /** The number of frames whose callees were left out. */
  readonly cutFrames: number;
  /** Returns by sample: the frame at which its stack ends; {@link NO_FRAME} if it has none. */
  framesOfSamples(): Int32Array;
}

export interface FlameOptions {
  /** The approximate maximum number of frames. The heaviest are kept. */
  readonly limit: number;
  /** Orders the callees of a frame that have the same value. */
  compareNodes(a: NodeIndex, b: NodeIndex): number;
  /** Whether calls within a node are left out: its frames on a stack that follow each other are one. */
  readonly joinsRepeats?: boolean;
  /** The part of the stacks to merge; all of each stack, from root to leaf, by default. */
  readonly walk?: StackWalk;
}

/**
 * Merges the stacks of all samples of `view` that have a value. A profile may have millions of
 * distinct stacks, more than a picture can show. So the builder expands one frame at a time, the
 * heaviest first, until it has `limit` frames. Every frame left unexpanded is lighter than all
 * expanded ones.
 */
export function buildFlame(
  view: View,
  nodes: NodeColumns,
  values: Int64Column,
  options: FlameOptions,
): BuiltFlame {
  const { plus, minus } = splitSigns(view, values);
  const rows = new StackRows(view, nodes, sizesOf(plus, minus), options.walk);
  const builder = new Builder(rows, nodes.length, options.joinsRepeats ?? false);
  builder.grow(options.limit);
  return builder.finish(options, plus, minus);
}

const MIN_FRAMES = 1 << 12;

/** Frames in the order in which they are made. The callees of one frame are consecutive. */
class FrameColumns {
  length = 0;
  /** The node plus one; 0 for the first frame, which covers all samples. */
  nodePlusOne = new Int32Array(MIN_FRAMES);
  flags = new Uint8Array(MIN_FRAMES);
  /** The frame has rows `[first, first + count)`. */
  first = new Int32Array(MIN_FRAMES);
  count = new Int32Array(MIN_FRAMES);
  total = new Float64Array(MIN_FRAMES);
  /** An expanded frame calls frames `[callees, callees + calleeCount)`. */
  callees = new Int32Array(MIN_FRAMES);
  calleeCount = new Int32Array(MIN_FRAMES);

  add(nodePlusOne: number): number {
    if (this.length === this.nodePlusOne.length) this.#grow();
    this.nodePlusOne[this.length] = nodePlusOne;
    return this.length++;
  }

  #grow(): void {
    const size = this.length * 2;
    const grown = (column: Int32Array) => {
      const larger = new Int32Array(size);
      larger.set(column);
      return larger;
    };
    this.nodePlusOne = grown(this.nodePlusOne);
    this.first = grown(this.first);
    this.count = grown(this.count);
    this.callees = grown(this.callees);
    this.calleeCount = grown(this.calleeCount);
    const { flags, total } = this;
    this.flags = new Uint8Array(size);
    this.flags.set(flags);
    this.total = new Float64Array(size);
    this.total.set(total);
  }
}

export const NO_FRAME = -1;

class Builder {
  readonly #rows: StackRows;
  readonly #frames = new FrameColumns();
  /** By node plus one: its frame among the callees of the frame that is being expanded. */
  readonly #frameOf: Int32Array;
  /** A buffer for sorting rows. */
  readonly #spare: Int32Array;
  readonly #heap = new FrameHeap();
  readonly #joinsRepeats: boolean;

  constructor(rows: StackRows, nodeCount: number, joinsRepeats: boolean) {
    this.#rows = rows;
    this.#joinsRepeats = joinsRepeats;
    this.#frameOf = new Int32Array(nodeCount + 1).fill(NO_FRAME);
    this.#spare = new Int32Array(rows.length);
    const root = this.#frames.add(0);
    this.#frames.count[root] = rows.length;
    this.#heap.push(root, 0);
  }

  grow(limit: number): void {
    while (this.#heap.length > 0 && this.#frames.length < limit) this.#expand(this.#heap.pop());
  }

  /** Makes the callees of `frame`. */
  #expand(frame: number): void {
    const frames = this.#frames;
    const frameOf = this.#frameOf;
    const { positions, next, weights, inlined } = this.#rows;
    const start = frames.first[frame];
    const end = start + frames.count[frame];
    const created = frames.length;
    this.#rows.advance(start, end);
    if (this.#joinsRepeats) this.#skipRepeats(start, end, frames.nodePlusOne[frame]);
    let ended = 0;
    let before = NO_FRAME;
    let isSorted = true;
    for (let row = start; row < end; row++) {
      const nodePlusOne = next[row];
      if (nodePlusOne === 0) {
        ended++;
        isSorted &&= before < 0;
        continue;
      }
      let callee = frameOf[nodePlusOne];
      if (callee < 0) {
        callee = frames.add(nodePlusOne);
        frameOf[nodePlusOne] = callee;
      }
      isSorted &&= callee >= before;
      before = callee;
      frames.count[callee]++;
      frames.total[callee] += weights[positions[row]];
      frames.flags[callee] |= inlined[row] === 0 ? FrameFlags.called : FrameFlags.inlined;
    }
    frames.callees[frame] = created;
    frames.calleeCount[frame] = frames.length - created;
    this.#setFirst(start + ended, created);
    if (!isSorted) this.#sortRows(start, end, created);
    for (let callee = created; callee < frames.length; callee++) {
      frameOf[frames.nodePlusOne[callee]] = NO_FRAME;
      this.#heap.push(callee, frames.total[callee]);
    }
    // The rows that stay with the frame are the samples whose stack ends here.
    frames.count[frame] = ended;
  }

  /** Reads on in rows whose next node is the one of the frame itself. */
  #skipRepeats(start: number, end: number, nodePlusOne: number): void {
    if (nodePlusOne === 0) return;
    const { next } = this.#rows;
    for (let row = start; row < end; row++) {
      while (next[row] === nodePlusOne) this.#rows.advance(row, row + 1);
    }
  }

  /** Assigns consecutive rows, beginning at `first`, to the frames from `created` on. */
  #setFirst(first: number, created: number): void {
    const frames = this.#frames;
    let next = first;
    for (let callee = created; callee < frames.length; callee++) {
      frames.first[callee] = next;
      next += frames.count[callee];
    }
  }

  /** Sorts rows `[start, end)`: first the stacks that end here, then the rows of each callee. */
  #sortRows(start: number, end: number, created: number): void {
    const frames = this.#frames;
    const { positions, next } = this.#rows;
    const spare = this.#spare;
    const write = frames.first.slice(created, frames.length);
    let own = start;
    for (let row = start; row < end; row++) {
      const nodePlusOne = next[row];
      const to = nodePlusOne === 0 ? own++ : write[this.#frameOf[nodePlusOne] - created]++;
      spare[to] = positions[row];
    }
    positions.set(spare.subarray(start, end), start);
  }

  finish({ compareNodes }: FlameOptions, plus: Amounts, minus: Amounts | undefined): BuiltFlame {
    const frames = this.#frames;
    while (this.#heap.length > 0) this.#markCut(this.#heap.pop());
    const { order, depths } = this.#depthFirst(compareNodes);
    const flags = Uint8Array.from(order, (frame) => frames.flags[frame]);
    const tree = frameTree({
      depths,
      flags,
      selfPlus: this.#ownSums(plus, order),
      selfMinus: minus && this.#ownSums(minus, order),
    });
    const cutFrames = flags.reduce((count, flag) => count + (flag & FrameFlags.cut ? 1 : 0), 0);
    const nodes = Int32Array.from(order, (frame) => frames.nodePlusOne[frame] - 1);
    return {
      tree,
      nodes: indexColumn(nodes),
      cutFrames,
      framesOfSamples: () => this.#framesOfSamples(order, plus.length),
    };
  }

  #framesOfSamples(order: Uint32Array, sampleCount: number): Int32Array {
    const { first, count } = this.#frames;
    const { positions, roots } = this.#rows;
    const found = new Int32Array(sampleCount).fill(NO_FRAME);
    order.forEach((built, frame) => {
      const end = first[built] + count[built];
      for (let row = first[built]; row < end; row++) found[roots.samples[positions[row]]] = frame;
    });
    return found;
  }

  /** Marks an unexpanded frame as cut, unless the stacks of all of its samples end there. */
  #markCut(frame: number): void {
    const frames = this.#frames;
    const end = frames.first[frame] + frames.count[frame];
    for (let row = frames.first[frame]; row < end; row++) {
      if (!this.#rows.hasNext(row)) continue;
      frames.flags[frame] |= FrameFlags.cut;
      return;
    }
  }

  #depthFirst(compareNodes: FlameOptions["compareNodes"]) {
    const { length, nodePlusOne, total, callees, calleeCount } = this.#frames;
    const nodeOf = (frame: number) => (nodePlusOne[frame] - 1) as NodeIndex;
    const order = new Uint32Array(length);
    const depths = new Uint32Array(length);
    // The lightest callee goes onto the stack first, so that the heaviest is popped first.
    const lighterFirst = (a: number, b: number) =>
      total[a] - total[b] || compareNodes(nodeOf(b), nodeOf(a)) || b - a;
    const waiting = [0];
    const waitingDepths = [0];
    for (let at = 0; waiting.length > 0; at++) {
      const frame = waiting.pop() as number;
      const depth = waitingDepths.pop() as number;
      order[at] = frame;
      depths[at] = depth;
      const called: number[] = [];
      for (let i = 0; i < calleeCount[frame]; i++) called.push(callees[frame] + i);
      if (called.length > 1) called.sort(lighterFirst);
      for (const callee of called) {
        waiting.push(callee);
        waitingDepths.push(depth + 1);
      }
    }
    return { order, depths };
  }

  /** Returns the sum of the samples that end at each frame; of all samples if it is unexpanded. */
  #ownSums(amounts: Amounts, order: Uint32Array): Amounts {
    const { first, count } = this.#frames;
    const {
      positions,
      roots: { samples },
    } = this.#rows;
    const sumOf = <T extends number | bigint>(frame: number, zero: T, column: ArrayLike<T>) => {
      let sum = zero;
      const end = first[frame] + count[frame];
      for (let row = first[frame]; row < end; row++) {
        sum = ((sum as number) + (column[samples[positions[row]]] as number)) as T;
      }
      return sum;
    };
    return amounts instanceof Float64Array
      ? Float64Array.from(order, (frame) => sumOf<number>(frame, 0, amounts))
      : Array.from(order, (frame) => sumOf<bigint>(frame, 0n, amounts));
  }
}
