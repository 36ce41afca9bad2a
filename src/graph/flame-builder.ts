import type { Int64Column } from "../profile/columns.js";
import type { NodeTable } from "../view/nodes.js";
import type { View } from "../view/view.js";
import { type Amounts, type FlameTree, FrameFlags, flameTree } from "./flame-tree.js";

/** A {@link FlameTree} whose places are nodes of a report, each plus one; 0 is everything. */
export interface BuiltFlame {
  readonly tree: FlameTree;
  /** How many frames have callees that were left out. */
  readonly cutFrames: number;
}

/** How a flame graph is built. */
export interface FlameOptions {
  /** About how many frames are kept at most: the heaviest ones. */
  readonly limit: number;
  /** Orders frames of one caller that take the same. */
  compareNodes(a: number, b: number): number;
}

/**
 * Merges the stacks of all samples of `view` that have a value. Profiles may have
 * millions of distinct stacks that no picture can show. So the samples of a frame are
 * divided by what they call only when it is its turn, the heaviest frame first, until
 * there are enough: what is left out is lighter than all that is divided.
 */
export function buildFlame(
  view: View,
  nodes: NodeTable,
  values: Int64Column,
  options: FlameOptions,
): BuiltFlame {
  const builder = new Builder(view, nodes, values);
  builder.grow(options.limit);
  return builder.finish(options);
}

/** No further frame: the stack of a sample ends. */
const NOTHING = -1;

class Builder {
  readonly #view: View;
  readonly #nodes: NodeTable;
  readonly #plus: Amounts;
  readonly #minus: Amounts | undefined;
  /** By sample, the size of its value: what frames are ordered by. */
  readonly #weights: Float64Array;
  /** The samples that count; those of a frame lie side by side. */
  readonly #order: Uint32Array;
  readonly #spare: Uint32Array;
  /** By sample: the next location (counted down to the leaf), and the next of its nodes. */
  readonly #location: Int32Array;
  readonly #line: Int32Array;
  /** By sample: the node plus one that its frame calls next, and whether that is inlined into it. */
  readonly #next: Int32Array;
  readonly #inlined: Uint8Array;
  /** By node + 1: the frame for it, while the samples of one frame are divided. */
  readonly #frameOf: Int32Array;
  readonly #heap = new Heap();

  // By frame, in the order in which they are made; those of one caller side by side.
  readonly #place: number[] = [0];
  readonly #flags: number[] = [0];
  /** The samples of the frame in {@link #order}. */
  readonly #first: number[] = [0];
  readonly #count: number[] = [];
  readonly #total: number[] = [0];
  /** The frames that it calls; 0 of them unless it was its turn. */
  readonly #callees: number[] = [0];
  readonly #calleeCount: number[] = [0];

  constructor(view: View, nodes: NodeTable, values: Int64Column) {
    this.#view = view;
    this.#nodes = nodes;
    const { plus, minus } = splitSigns(view, values);
    this.#plus = plus;
    this.#minus = minus;
    const { length } = view.samples;
    this.#weights = Float64Array.from(
      { length },
      (_, sample) => Number(plus[sample]) + (minus ? Number(minus[sample]) : 0),
    );
    const count = this.#weights.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0);
    this.#order = new Uint32Array(count);
    let next = 0;
    for (let sample = 0; sample < length; sample++) {
      if (this.#weights[sample] > 0) this.#order[next++] = sample;
    }
    this.#spare = new Uint32Array(count);
    this.#count.push(count);
    this.#location = Int32Array.from(view.stackEnd);
    this.#line = new Int32Array(length);
    this.#next = new Int32Array(length);
    this.#inlined = new Uint8Array(length);
    this.#frameOf = new Int32Array(nodes.length + 1).fill(NOTHING);
    this.#heap.push(0, 0);
  }

  grow(limit: number): void {
    while (this.#heap.length > 0 && this.#place.length < limit) this.#divide(this.#heap.pop());
  }

  /** Makes the frames that `frame` calls. */
  #divide(frame: number): void {
    // In variables, as this is where the time goes.
    const order = this.#order;
    const weights = this.#weights;
    const frameOf = this.#frameOf;
    const start = this.#first[frame];
    const end = start + this.#count[frame];
    const created = this.#place.length;
    let ended = 0;
    for (let i = start; i < end; i++) {
      const sample = order[i];
      const place = this.#advance(sample) + 1;
      this.#next[sample] = place;
      if (place === 0) {
        ended++;
        continue;
      }
      let callee = frameOf[place];
      if (callee < 0) {
        callee = this.#addFrame(place);
        frameOf[place] = callee;
      }
      this.#count[callee]++;
      this.#total[callee] += weights[sample];
      this.#flags[callee] |= this.#inlined[sample] ? FrameFlags.inlined : FrameFlags.called;
    }
    this.#callees[frame] = created;
    this.#calleeCount[frame] = this.#place.length - created;
    this.#sortSamples(start, end, ended, created);
    for (let callee = created; callee < this.#place.length; callee++) {
      frameOf[this.#place[callee]] = NOTHING;
      this.#heap.push(callee, this.#total[callee]);
    }
    // Those that are left are the ones that end here.
    this.#count[frame] = ended;
  }

  #addFrame(place: number): number {
    this.#flags.push(0);
    this.#first.push(0);
    this.#count.push(0);
    this.#total.push(0);
    this.#callees.push(0);
    this.#calleeCount.push(0);
    return this.#place.push(place) - 1;
  }

  /** Puts the samples that end first, and those of each frame called behind them side by side. */
  #sortSamples(start: number, end: number, ended: number, created: number): void {
    let next = start + ended;
    for (let callee = created; callee < this.#place.length; callee++) {
      this.#first[callee] = next;
      next += this.#count[callee];
    }
    // One frame calls one other most of the time, and all stay where they are.
    if (next === start + ended || (ended === 0 && created + 1 === this.#place.length)) return;
    this.#spare.set(this.#order.subarray(start, end), start);
    const write = this.#first.slice(created);
    let own = start;
    for (let i = start; i < end; i++) {
      const sample = this.#spare[i];
      const place = this.#next[sample];
      if (place === 0) this.#order[own++] = sample;
      else this.#order[write[this.#frameOf[place] - created]++] = sample;
    }
  }

  /** The node that comes next on the stack of `sample`, from the root on. */
  #advance(sample: number): number {
    const { locationOffsets, locationNodes } = this.#nodes;
    const { stackLocations } = this.#view.profile.samples;
    let left = this.#line[sample];
    this.#inlined[sample] = left === 0 ? 0 : 1;
    if (left === 0) {
      const start = this.#view.stackStart[sample];
      let at = this.#location[sample];
      // Locations may be hidden, and then have no nodes.
      while (left === 0) {
        if (at === start) return NOTHING;
        const location = stackLocations[--at];
        left = locationOffsets[location + 1] - locationOffsets[location];
      }
      this.#location[sample] = at;
    }
    this.#line[sample] = left - 1;
    return locationNodes[locationOffsets[stackLocations[this.#location[sample]]] + left - 1];
  }

  finish({ compareNodes }: FlameOptions): BuiltFlame {
    while (this.#heap.length > 0) this.#closeCut(this.#heap.pop());
    const { order, depths } = this.#depthFirst(compareNodes);
    const flags = Uint8Array.from(order, (frame) => this.#flags[frame]);
    const own = (amounts: Amounts) => this.#ownSums(amounts, order);
    const tree = flameTree({
      depths,
      places: order.map((frame) => this.#place[frame]),
      flags,
      selfPlus: own(this.#plus),
      selfMinus: this.#minus && own(this.#minus),
    });
    const cutFrames = flags.reduce((count, flag) => count + (flag & FrameFlags.cut ? 1 : 0), 0);
    return { tree, cutFrames };
  }

  /** Marks a frame whose turn never came, unless all of its samples end at it anyway. */
  #closeCut(frame: number): void {
    const start = this.#first[frame];
    const samples = this.#order.subarray(start, start + this.#count[frame]);
    if (samples.some((sample) => this.#advance(sample) !== NOTHING)) {
      this.#flags[frame] |= FrameFlags.cut;
    }
  }

  #depthFirst(compareNodes: FlameOptions["compareNodes"]) {
    const order = new Uint32Array(this.#place.length);
    const depths = new Uint32Array(this.#place.length);
    // The one to come first goes last on the pile.
    const lighterFirst = (a: number, b: number) =>
      this.#total[a] - this.#total[b] ||
      compareNodes(this.#place[b] - 1, this.#place[a] - 1) ||
      b - a;
    const waiting = [0];
    const waitingDepths = [0];
    for (let length = 0; waiting.length > 0; length++) {
      const frame = waiting.pop() as number;
      const depth = waitingDepths.pop() as number;
      order[length] = frame;
      depths[length] = depth;
      const callees: number[] = [];
      for (let i = 0; i < this.#calleeCount[frame]; i++) callees.push(this.#callees[frame] + i);
      if (callees.length > 1) callees.sort(lighterFirst);
      for (const callee of callees) {
        waiting.push(callee);
        waitingDepths.push(depth + 1);
      }
    }
    return { order, depths };
  }

  /** What ends at each frame; all that a frame takes whose turn never came. */
  #ownSums(amounts: Amounts, order: Uint32Array): Amounts {
    const sumOf = <T extends number | bigint>(frame: number, zero: T, column: ArrayLike<T>) => {
      let sum = zero;
      const end = this.#first[frame] + this.#count[frame];
      for (let i = this.#first[frame]; i < end; i++) {
        sum = ((sum as number) + (column[this.#order[i]] as number)) as T;
      }
      return sum;
    };
    return amounts instanceof Float64Array
      ? Float64Array.from(order, (frame) => sumOf<number>(frame, 0, amounts))
      : Array.from(order, (frame) => sumOf<bigint>(frame, 0n, amounts));
  }
}

/**
 * The sizes of the values by their sign, 0 for samples that do not take part; no second
 * column where none is negative.
 */
function splitSigns(
  { samples }: View,
  values: Int64Column,
): { plus: Amounts; minus: Amounts | undefined } {
  let size = 0;
  let negative = false;
  for (let sample = 0; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    size += Math.abs(Number(values[sample]));
    if (values[sample] < 0) negative = true;
  }
  if (values instanceof Float64Array && size <= Number.MAX_SAFE_INTEGER) {
    const part = (sign: number) => {
      const size = (value: number, i: number) =>
        samples[i] && value * sign > 0 ? value * sign : 0;
      return values.map(size);
    };
    return { plus: part(1), minus: negative ? part(-1) : undefined };
  }
  const part = (sign: bigint) =>
    Array.from(samples, (taken, i) => {
      const amount = BigInt(values[i]) * sign;
      return taken && amount > 0n ? amount : 0n;
    });
  return { plus: part(1n), minus: negative ? part(-1n) : undefined };
}

/** Gives frames heaviest first, and those of one weight in the order of their numbers. */
class Heap {
  readonly #frames: number[] = [];
  readonly #weights: number[] = [];

  get length(): number {
    return this.#frames.length;
  }

  push(frame: number, weight: number): void {
    let at = this.#frames.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(frame, weight, above)) break;
      this.#move(above, at);
      at = above;
    }
    this.#frames[at] = frame;
    this.#weights[at] = weight;
  }

  pop(): number {
    const first = this.#frames[0];
    const frame = this.#frames.pop() as number;
    const weight = this.#weights.pop() as number;
    const length = this.#frames.length;
    if (length === 0) return first;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= length) break;
      const other = below + 1;
      if (other < length && this.#isBefore(this.#frames[other], this.#weights[other], below)) {
        below = other;
      }
      if (this.#isBefore(frame, weight, below)) break;
      this.#move(below, at);
      at = below;
    }
    this.#frames[at] = frame;
    this.#weights[at] = weight;
    return first;
  }

  #isBefore(frame: number, weight: number, slot: number): boolean {
    return (
      weight > this.#weights[slot] || (weight === this.#weights[slot] && frame < this.#frames[slot])
    );
  }

  #move(from: number, to: number): void {
    this.#frames[to] = this.#frames[from];
    this.#weights[to] = this.#weights[from];
  }
}
