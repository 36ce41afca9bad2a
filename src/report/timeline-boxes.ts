import { NO_FRAME, type StackTree } from "../graph/stack-tree.js";
import { grown } from "../profile/columns.js";

/** Boxes in rows: row 0 has the roots of stacks. Times are in nanoseconds. */
export interface TimelineRows {
  /** Row `r` has the boxes `[offsets[r], offsets[r + 1])`, sorted by time; they do not overlap. */
  readonly offsets: Uint32Array;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** By box: its function. */
  readonly boxFunctions: Uint32Array;
}

/** Observations that are at most this far apart touch each other: times are rounded. */
const TOUCH_NS = 2;

/**
 * Builds the boxes of one lane from its observations, in the order of time. A box lasts as long as
 * observations touch each other and have the same frame with the same callers.
 */
export class TimelineBoxes {
  readonly #tree: StackTree;
  readonly #functionOf: Uint32Array;
  readonly #limit: number;
  /** The finished boxes, in the order of their ends. */
  #rows = new Uint32Array(64);
  #functions = new Uint32Array(64);
  #starts = new Float64Array(64);
  #ends = new Float64Array(64);
  #length = 0;
  #rowCount = 0;
  /** The frame and the start of the open box of each row. */
  readonly #openFrames: number[] = [];
  readonly #openStarts: number[] = [];
  #openCount = 0;
  /** The end of the observation before. */
  #end = Number.NEGATIVE_INFINITY;

  constructor(tree: StackTree, functionOf: Uint32Array, limit: number) {
    this.#tree = tree;
    this.#functionOf = functionOf;
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  get exceedsLimit(): boolean {
    return this.#length > this.#limit;
  }

  /** Adds an observation. Ignores those without a length or without frames. */
  add(start: number, end: number, leaf: number): void {
    if (leaf === NO_FRAME || !(end > start)) return;
    const { callers, depths } = this.#tree;
    const open = this.#openFrames;
    const touches = start <= this.#end + TOUCH_NS;
    if (!touches) this.#close(0, this.#end);
    // Find the innermost frame that is already open.
    let frame = leaf;
    while (
      frame !== NO_FRAME &&
      (depths[frame] >= this.#openCount || open[depths[frame]] !== frame)
    ) {
      frame = callers[frame];
    }
    this.#close(frame === NO_FRAME ? 0 : depths[frame] + 1, start);
    this.#openCount = depths[leaf] + 1;
    for (let opened = leaf; opened !== frame; opened = callers[opened]) {
      open[depths[opened]] = opened;
      this.#openStarts[depths[opened]] = start;
    }
    this.#end = end;
  }

  finish(): TimelineRows {
    this.#close(0, this.#end);
    const offsets = new Uint32Array(this.#rowCount + 1);
    for (let box = 0; box < this.#length; box++) offsets[this.#rows[box] + 1]++;
    for (let row = 0; row < this.#rowCount; row++) offsets[row + 1] += offsets[row];
    const next = offsets.slice();
    const starts = new Float64Array(this.#length);
    const ends = new Float64Array(this.#length);
    const boxFunctions = new Uint32Array(this.#length);
    for (let box = 0; box < this.#length; box++) {
      const to = next[this.#rows[box]]++;
      starts[to] = this.#starts[box];
      ends[to] = this.#ends[box];
      boxFunctions[to] = this.#functions[box];
    }
    return { offsets, starts, ends, boxFunctions };
  }

  /** Finishes the open boxes from row `first` on, innermost first. */
  #close(first: number, end: number): void {
    for (let row = this.#openCount - 1; row >= first; row--) {
      const box = this.#length++;
      if (box === this.#rows.length) this.#grow();
      this.#rows[box] = row;
      this.#functions[box] = this.#functionOf[this.#openFrames[row]];
      this.#starts[box] = this.#openStarts[row];
      this.#ends[box] = end;
      this.#rowCount = Math.max(this.#rowCount, row + 1);
    }
    this.#openCount = Math.min(this.#openCount, first);
  }

  #grow(): void {
    this.#rows = grown(this.#rows);
    this.#functions = grown(this.#functions);
    this.#starts = grown(this.#starts);
    this.#ends = grown(this.#ends);
  }
}
