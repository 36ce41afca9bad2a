import {
  type Amounts,
  type FlameFunctionIndex,
  type FlameTree,
  FrameFlags,
  spansOf,
} from "../../graph/flame-tree.js";
import type { Int64 } from "../../units/int64.js";

const ALL_SAMPLES = 0 as FlameFunctionIndex;

/** A frame to draw. Its start and end are positions on an axis whose length is the total. */
export interface Frame {
  /** For frames of a {@link FlameTree}: their index in it. */
  readonly index: number;
  readonly functionIndex: FlameFunctionIndex;
  /** The neighbour towards the root; undefined for the root itself, which is all samples. */
  readonly parent: Frame | undefined;
  readonly depth: number;
  readonly start: number;
  readonly end: number;
}

/** The exact sums of a frame. Negative values count by their size. */
export interface FrameAmounts {
  readonly plus: Int64;
  readonly minus: Int64;
  /** The flat values; undefined if they are not known or do not apply. */
  readonly own: { readonly plus: Int64; readonly minus: Int64 } | undefined;
  /** A combination of {@link FrameFlags}. */
  readonly flags: number;
}

/** The frames of a picture, level by level: callees, or callers in an inverted flame graph. */
export interface FrameSource {
  readonly root: Frame;
  /** Returns the frames on top of `frame` that have at least this width, in order of position. */
  next(frame: Frame, narrowest: number): Frame[];
  amounts(frame: Frame): FrameAmounts;
  /** Returns the number of all frames on top of `frame`; undefined if it is not known. */
  countBeyond(frame: Frame): number | undefined;
}

/** The frames of a tree, each on top of its caller. */
export class Callees implements FrameSource {
  readonly #tree: FlameTree;
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  readonly root: Frame;

  constructor(tree: FlameTree, minusScale: number) {
    this.#tree = tree;
    const { starts, ends } = spansOf(tree, minusScale);
    this.#starts = starts;
    this.#ends = ends;
    this.root = this.#frame(0, undefined);
  }

  next(frame: Frame, narrowest: number): Frame[] {
    const { ends } = this.#tree;
    const found: Frame[] = [];
    for (let i = frame.index + 1; i < ends[frame.index]; i = ends[i]) {
      if (this.#ends[i] - this.#starts[i] >= narrowest) found.push(this.#frame(i, frame));
    }
    return found;
  }

  amounts({ index }: Frame): FrameAmounts {
    const { plus, minus, selfPlus, selfMinus, flags } = this.#tree;
    const cut = (flags[index] & FrameFlags.cut) !== 0;
    return {
      plus: plus[index],
      minus: minus?.[index] ?? 0,
      own: cut ? undefined : { plus: selfPlus[index], minus: selfMinus?.[index] ?? 0 },
      flags: flags[index],
    };
  }

  countBeyond({ index }: Frame): number {
    return this.#tree.ends[index] - index - 1;
  }

  #frame(index: number, parent: Frame | undefined): Frame {
    return {
      index,
      functionIndex: this.#tree.functions[index],
      parent,
      depth: this.#tree.depths[index],
      start: this.#starts[index],
      end: this.#ends[index],
    };
  }
}

/** A frame of {@link Callers}, and the stacks that it consists of. */
interface CallerFrame extends Frame {
  /** The leaf frames of the tree, and the frame that each stack has reached towards the root. */
  readonly leaves: Uint32Array;
  readonly reached: Uint32Array;
  /** The callers found so far, and the minimum width for which all are known. */
  known: ReadonlyMap<FlameFunctionIndex, CallerFrame>;
  knownFrom: number;
}

/**
 * The frames of a tree, inverted: functions with a flat value on top of the root, and callers on
 * top of their callees. Computed on demand, because all of it may be far larger than the tree.
 */
export class Callers implements FrameSource {
  readonly #tree: FlameTree;
  readonly #weights: Float64Array;
  readonly root: CallerFrame;
  #count = 0;

  constructor(tree: FlameTree, minusScale: number) {
    this.#tree = tree;
    this.#weights = flatWeights(tree, minusScale);
    const ending = tree.functions
      .map((_, frame) => frame)
      .filter((frame) => this.#weights[frame] > 0);
    const end = ending.reduce((sum, frame) => sum + this.#weights[frame], 0);
    this.root = this.#frame(ALL_SAMPLES, undefined, 0, end, ending, ending);
  }

  next(frame: Frame, narrowest: number): Frame[] {
    const caller = frame as CallerFrame;
    if (narrowest < caller.knownFrom) {
      caller.known = this.#callersOf(caller, narrowest);
      caller.knownFrom = narrowest;
    }
    return [...caller.known.values()].filter(({ start, end }) => end - start >= narrowest);
  }

  amounts(frame: Frame): FrameAmounts {
    const { leaves } = frame as CallerFrame;
    const { selfPlus, selfMinus } = this.#tree;
    return {
      plus: sumAt(selfPlus, leaves),
      minus: selfMinus ? sumAt(selfMinus, leaves) : 0,
      own: undefined,
      flags: 0,
    };
  }

  countBeyond(): undefined {
    return undefined;
  }

  /** Returns the callers by function, heaviest first. Reuses frames that are known already. */
  #callersOf(frame: CallerFrame, narrowest: number): Map<FlameFunctionIndex, CallerFrame> {
    const weights = new Map<FlameFunctionIndex, number>();
    const step = (row: number) => this.#step(frame, row);
    for (let row = 0; row < frame.leaves.length; row++) {
      const fn = this.#tree.functions[step(row)];
      if (fn === 0) continue;
      weights.set(fn, (weights.get(fn) ?? 0) + this.#weights[frame.leaves[row]]);
    }
    const rows = this.#rowsOf(frame, weights, narrowest);
    const callers = new Map<FlameFunctionIndex, CallerFrame>();
    let start = frame.start;
    for (const [fn, weight] of [...weights].sort(([a, x], [b, y]) => y - x || a - b)) {
      // Sums in a different order may round differently.
      const end = Math.min(start + weight, frame.end);
      const own = rows.get(fn);
      if (own) {
        const leaves = Uint32Array.from(own, (row) => frame.leaves[row]);
        const made = () => this.#frame(fn, frame, start, end, leaves, Uint32Array.from(own, step));
        callers.set(fn, frame.known.get(fn) ?? made());
      }
      start = end;
    }
    return callers;
  }

  /** Returns the rows of each function that is wide enough. */
  #rowsOf(
    frame: CallerFrame,
    weights: ReadonlyMap<FlameFunctionIndex, number>,
    narrowest: number,
  ): Map<FlameFunctionIndex, number[]> {
    const rows = new Map<FlameFunctionIndex, number[]>();
    for (const [fn, weight] of weights) if (weight >= narrowest) rows.set(fn, []);
    for (let row = 0; row < frame.leaves.length; row++) {
      rows.get(this.#tree.functions[this.#step(frame, row)])?.push(row);
    }
    return rows;
  }

  /** Returns the next frame of the tree on the way to the root; 0 after the last one. */
  #step(frame: CallerFrame, row: number): number {
    // On top of the root are the leaf frames themselves.
    return frame.parent ? this.#tree.callers[frame.reached[row]] : frame.reached[row];
  }

  #frame(
    fn: FlameFunctionIndex,
    parent: CallerFrame | undefined,
    start: number,
    end: number,
    leaves: Uint32Array,
    reached: Uint32Array,
  ): CallerFrame {
    const depth = parent ? parent.depth + 1 : 0;
    const index = this.#count++;
    const known = new Map<FlameFunctionIndex, CallerFrame>();
    const knownFrom = Number.POSITIVE_INFINITY;
    return {
      index,
      functionIndex: fn,
      parent,
      depth,
      start,
      end,
      leaves,
      reached,
      known,
      knownFrom,
    };
  }
}

/** Returns flat of each frame. Negative values count by their size, times `minusScale`. */
export function flatWeights({ selfPlus, selfMinus }: FlameTree, minusScale: number): Float64Array {
  const weights = new Float64Array(selfPlus.length);
  for (let frame = 0; frame < weights.length; frame++) {
    weights[frame] = Number(selfPlus[frame]);
    if (selfMinus) weights[frame] += Number(selfMinus[frame]) * minusScale;
  }
  return weights;
}

function sumAt(amounts: Amounts, rows: Uint32Array): Int64 {
  if (amounts instanceof Float64Array) return rows.reduce((sum, row) => sum + amounts[row], 0);
  let sum = 0n;
  for (const row of rows) sum += amounts[row];
  return sum;
}
