import {
  type Amounts,
  type FlameFunctionIndex,
  type FlameTree,
  FrameFlags,
  spansOf,
} from "../../graph/flame-tree.js";
import type { Int64 } from "../../units/int64.js";

const ALL_SAMPLES = 0 as FlameFunctionIndex;

/** A frame that can be drawn: a place on a line that is as long as everything. */
export interface Frame {
  /** For frames of the tree their number there. */
  readonly index: number;
  readonly place: FlameFunctionIndex;
  /** What it is drawn next to; undefined for the frame that stands for everything. */
  readonly parent: Frame | undefined;
  readonly depth: number;
  readonly start: number;
  readonly end: number;
}

/** What a frame takes, exactly. Of values below 0 the sizes are counted. */
export interface FrameAmounts {
  readonly plus: Int64;
  readonly minus: Int64;
  /** What ends at the frame itself; undefined where that makes no sense, or is not known. */
  readonly own: { readonly plus: Int64; readonly minus: Int64 } | undefined;
  /** {@link FrameFlags} or-ed together. */
  readonly flags: number;
}

/** Frames as they lie above each other: what they call, or who calls them. */
export interface FrameSource {
  readonly root: Frame;
  /** The frames next to `frame` that are at least so wide, from its start on. */
  next(frame: Frame, narrowest: number): Frame[];
  amounts(frame: Frame): FrameAmounts;
  /** How many frames lie beyond `frame`, however far; undefined where that is not known. */
  countBeyond(frame: Frame): number | undefined;
}

/** The frames of a tree, each next to its caller. */
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
      place: this.#tree.places[index],
      parent,
      depth: this.#tree.depths[index],
      start: this.#starts[index],
      end: this.#ends[index],
    };
  }
}

/** A frame of {@link Callers}, with what it is made of. */
interface CallerFrame extends Frame {
  /** Frames of the tree at which samples end, and how far each was followed to its root. */
  readonly leaves: Uint32Array;
  readonly reached: Uint32Array;
  /** The frames next to it that were asked for, and how wide the others are at most. */
  known: ReadonlyMap<FlameFunctionIndex, CallerFrame>;
  knownFrom: number;
}

/**
 * The frames of a tree merged from where samples end: next to everything are the places
 * that take something themselves, next to each its callers. Only what is asked for is
 * worked out, since all of it may be far larger than the tree.
 */
export class Callers implements FrameSource {
  readonly #tree: FlameTree;
  readonly #weights: Float64Array;
  readonly root: CallerFrame;
  #count = 0;

  constructor(tree: FlameTree, minusScale: number) {
    this.#tree = tree;
    this.#weights = weightsOf(tree, minusScale);
    const ending = tree.places.map((_, frame) => frame).filter((frame) => this.#weights[frame] > 0);
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

  /** By place, the heaviest first; a frame that was known before stays the same. */
  #callersOf(frame: CallerFrame, narrowest: number): Map<FlameFunctionIndex, CallerFrame> {
    const weights = new Map<FlameFunctionIndex, number>();
    const step = (row: number) => this.#step(frame, row);
    for (let row = 0; row < frame.leaves.length; row++) {
      const fn = this.#tree.places[step(row)];
      if (fn === 0) continue;
      weights.set(fn, (weights.get(fn) ?? 0) + this.#weights[frame.leaves[row]]);
    }
    const rows = this.#rowsOf(frame, weights, narrowest);
    const callers = new Map<FlameFunctionIndex, CallerFrame>();
    let start = frame.start;
    for (const [fn, weight] of [...weights].sort(([a, x], [b, y]) => y - x || a - b)) {
      // Sums may be rounded differently in another order.
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

  /** The rows of the frames that are wide enough, by place. */
  #rowsOf(
    frame: CallerFrame,
    weights: ReadonlyMap<FlameFunctionIndex, number>,
    narrowest: number,
  ): Map<FlameFunctionIndex, number[]> {
    const rows = new Map<FlameFunctionIndex, number[]>();
    for (const [fn, weight] of weights) if (weight >= narrowest) rows.set(fn, []);
    for (let row = 0; row < frame.leaves.length; row++) {
      rows.get(this.#tree.places[this.#step(frame, row)])?.push(row);
    }
    return rows;
  }

  /** The frame of the tree that comes next on the way to the root; 0 behind the last. */
  #step(frame: CallerFrame, row: number): number {
    // What is next to everything are the frames themselves at which samples end.
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
    return { index, place: fn, parent, depth, start, end, leaves, reached, known, knownFrom };
  }
}

/** By frame, what ends there: what is below 0 by its size, times `minusScale`. */
export function weightsOf({ selfPlus, selfMinus }: FlameTree, minusScale: number): Float64Array {
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
