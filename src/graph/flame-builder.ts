import type { Int64Column } from "../profile/columns.js";
import type { SampleTable } from "../profile/profile.js";
import type { NodeTable } from "../view/nodes.js";
import { type View, wholeProfile } from "../view/view.js";
import { type Amounts, type FlameTree, FrameFlags, flameTree } from "./flame-tree.js";
import { type StackRoots, stackRoots } from "./stack-roots.js";

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
  /** Where stacks are read; from their roots to their leaves, where it is left out. */
  readonly walk?: StackWalk;
}

/** A part of each stack, in one direction: what a place calls, or what calls it. */
export interface StackWalk {
  readonly direction: "callees" | "callers";
  /**
   * By sample: the first location as a position in the stacks, and which of its nodes comes
   * first, as a position in the table of nodes; -1 for samples that take no part.
   */
  readonly locations: Int32Array;
  readonly nodes: Int32Array;
}

/** What is to be known of nodes: the columns of a {@link NodeTable}. */
export type NodeColumns = Pick<NodeTable, "length" | "locationOffsets" | "locationNodes">;

/**
 * Merges the stacks of all samples of `view` that have a value. Profiles may have
 * millions of distinct stacks that no picture can show. So the samples of a frame are
 * divided by what they call only when it is its turn, the heaviest frame first, until
 * there are enough: what is left out is lighter than all that is divided.
 */
export function buildFlame(
  view: View,
  nodes: NodeColumns,
  values: Int64Column,
  options: FlameOptions,
): BuiltFlame {
  const { plus, minus } = splitSigns(view, values);
  const rows = new Rows(view, nodes, sizesOf(plus, minus), options.walk);
  const builder = new Builder(rows, nodes.length);
  builder.grow(options.limit);
  return builder.finish(options, plus, minus);
}

/** No further frame: the stack of a sample ends. */
const NOTHING = -1;

/** Several nodes, which have to be looked up one by one. */
const SEVERAL = -1;

/**
 * The samples that count, a row each, and how far the stack of each is read. Rows are put
 * together by frames again and again, and are no more than a position in {@link StackRoots},
 * by which all else is known: rows of one frame mostly have positions that are side by side.
 */
class Rows {
  readonly positions: Int32Array;
  /** By row: the node plus one that comes next, once it was read; 0 where the stack ends. */
  readonly next: Int32Array;
  /** By row: whether that node and the one before it are of one location, and so an inlined call. */
  readonly inlined: Uint8Array;
  /** By position. */
  readonly weights: Float64Array;
  readonly roots: StackRoots;
  /** By position: the location that is read, counted from the root of the stack, and the one not to read. */
  readonly #depths: Int32Array;
  readonly #stops: Int32Array;
  /** By position: how many nodes are left of the location. */
  readonly #left: Int32Array;
  readonly #step: 1 | -1;
  readonly #stackLocations: SampleTable["stackLocations"];
  readonly #nodes: NodeColumns;
  /** By location: its node plus one, 0 for none, or {@link SEVERAL}. */
  readonly #single: Int32Array;

  constructor(view: View, nodes: NodeColumns, sizes: Float64Array, walk: StackWalk | undefined) {
    const { stackStart, stackEnd } = view;
    const whole = wholeProfile(view.profile);
    const roots = stackRoots(view.profile);
    const { count, samples, ends, lengths } = roots;
    this.roots = roots;
    this.weights = new Float64Array(count);
    this.#depths = new Int32Array(count);
    this.#stops = new Int32Array(count);
    this.#left = new Int32Array(count);
    this.#nodes = nodes;
    this.#single = singleNodes(nodes);
    this.#stackLocations = view.profile.samples.stackLocations;
    this.#step = walk?.direction === "callers" ? -1 : 1;
    const positions = new Int32Array(count);
    const isWhole = stackStart === whole.stackStart && stackEnd === whole.stackEnd;
    let length = 0;
    for (let position = 0; position < count; position++) {
      const sample = samples[position];
      if (sizes[sample] === 0 || (walk && walk.locations[sample] < 0)) continue;
      positions[length++] = position;
      this.weights[position] = sizes[sample];
      const first = isWhole ? 0 : ends[position] - stackEnd[sample];
      const last = isWhole ? lengths[position] : ends[position] - stackStart[sample];
      this.#depths[position] = first - 1;
      this.#stops[position] = this.#step > 0 ? last : first - 1;
      if (!walk) continue;
      this.#begin(position, ends[position] - 1 - walk.locations[sample], walk.nodes[sample]);
    }
    this.positions = positions.subarray(0, length);
    this.next = new Int32Array(length);
    this.inlined = new Uint8Array(length);
  }

  get length(): number {
    return this.positions.length;
  }

  /** Lets a stack begin at a depth with one of the nodes there. */
  #begin(position: number, depth: number, node: number): void {
    const { locationOffsets } = this.#nodes;
    const location = this.#locationAt(position, depth);
    const first = locationOffsets[location];
    const end = locationOffsets[location + 1];
    const left = this.#step > 0 ? node - first + 1 : end - node;
    // A location that is read from its start is not begun yet.
    const isWhole = left === end - first;
    this.#depths[position] = isWhole ? depth - this.#step : depth;
    this.#left[position] = isWhole ? 0 : left;
  }

  #locationAt(position: number, depth: number): number {
    const { columns, count, depths, ends } = this.roots;
    if (depth < depths) return columns[depth * count + position];
    return this.#stackLocations[ends[position] - 1 - depth];
  }

  /** Reads the next node of the rows `[start, end)` into {@link next}. */
  advance(start: number, end: number): void {
    const { positions, next, inlined } = this;
    const depths = this.#depths;
    const stops = this.#stops;
    const left = this.#left;
    const step = this.#step;
    const single = this.#single;
    const { columns, count, depths: known, ends } = this.roots;
    const stackLocations = this.#stackLocations;
    for (let row = start; row < end; row++) {
      const position = positions[row];
      if (left[position] > 0) {
        inlined[row] = 1;
        next[row] = this.#take(position, this.#locationAt(position, depths[position]));
        continue;
      }
      inlined[row] = 0;
      const stop = stops[position];
      let depth = depths[position] + step;
      let location = 0;
      let node = 0;
      // Locations may be hidden, and then have no nodes.
      for (; depth !== stop; depth += step) {
        location =
          depth < known
            ? columns[depth * count + position]
            : stackLocations[ends[position] - 1 - depth];
        node = single[location];
        if (node !== 0) break;
      }
      depths[position] = depth === stop ? stop - step : depth;
      if (node === SEVERAL) {
        left[position] = this.#nodeCount(location);
        node = this.#take(position, location);
      }
      next[row] = node;
    }
  }

  #nodeCount(location: number): number {
    const { locationOffsets } = this.#nodes;
    return locationOffsets[location + 1] - locationOffsets[location];
  }

  /** The next of the nodes of a location that are left, plus one. */
  #take(position: number, location: number): number {
    const { locationOffsets, locationNodes } = this.#nodes;
    const left = this.#left[position]--;
    const at =
      this.#step > 0 ? locationOffsets[location] + left - 1 : locationOffsets[location + 1] - left;
    return locationNodes[at] + 1;
  }

  /** Whether there is a further node of a row. */
  hasNext(row: number): boolean {
    const position = this.positions[row];
    if (this.#left[position] > 0) return true;
    const stop = this.#stops[position];
    for (let depth = this.#depths[position] + this.#step; depth !== stop; depth += this.#step) {
      if (this.#single[this.#locationAt(position, depth)] !== 0) return true;
    }
    return false;
  }
}

/** For each location its node plus one, if it has just one; 0 if it has none. */
function singleNodes({ locationOffsets, locationNodes }: NodeColumns): Int32Array {
  const single = new Int32Array(locationOffsets.length - 1);
  for (let location = 0; location < single.length; location++) {
    const start = locationOffsets[location];
    const count = locationOffsets[location + 1] - start;
    if (count > 0) single[location] = count === 1 ? locationNodes[start] + 1 : SEVERAL;
  }
  return single;
}

/** What is known of frames, in the order in which they are made; those of one caller side by side. */
class FrameColumns {
  length = 0;
  place = new Int32Array(1 << 12);
  flags = new Uint8Array(1 << 12);
  /** The rows of the frame. */
  first = new Int32Array(1 << 12);
  count = new Int32Array(1 << 12);
  total = new Float64Array(1 << 12);
  /** The frames that it calls; 0 of them unless it was its turn. */
  callees = new Int32Array(1 << 12);
  calleeCount = new Int32Array(1 << 12);

  add(place: number): number {
    if (this.length === this.place.length) this.#grow();
    this.place[this.length] = place;
    return this.length++;
  }

  #grow(): void {
    const size = this.length * 2;
    const grown = (column: Int32Array) => {
      const larger = new Int32Array(size);
      larger.set(column);
      return larger;
    };
    this.place = grown(this.place);
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

class Builder {
  readonly #rows: Rows;
  readonly #frames = new FrameColumns();
  /** By node + 1: the frame for it, while the rows of one frame are divided. */
  readonly #frameOf: Int32Array;
  /** Where rows are put together. */
  readonly #spare: Int32Array;
  readonly #heap = new Heap();

  constructor(rows: Rows, nodeCount: number) {
    this.#rows = rows;
    this.#frameOf = new Int32Array(nodeCount + 1).fill(NOTHING);
    this.#spare = new Int32Array(rows.length);
    const root = this.#frames.add(0);
    this.#frames.count[root] = rows.length;
    this.#heap.push(root, 0);
  }

  grow(limit: number): void {
    while (this.#heap.length > 0 && this.#frames.length < limit) this.#divide(this.#heap.pop());
  }

  /** Makes the frames that `frame` calls. */
  #divide(frame: number): void {
    const frames = this.#frames;
    const frameOf = this.#frameOf;
    const { positions, next, weights, inlined } = this.#rows;
    const start = frames.first[frame];
    const end = start + frames.count[frame];
    const created = frames.length;
    this.#rows.advance(start, end);
    let ended = 0;
    let before = NOTHING;
    let isSorted = true;
    for (let row = start; row < end; row++) {
      const place = next[row];
      if (place === 0) {
        ended++;
        isSorted &&= before < 0;
        continue;
      }
      let callee = frameOf[place];
      if (callee < 0) {
        callee = frames.add(place);
        frameOf[place] = callee;
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
      frameOf[frames.place[callee]] = NOTHING;
      this.#heap.push(callee, frames.total[callee]);
    }
    // Those that are left are the ones that end here.
    frames.count[frame] = ended;
  }

  /** Gives the frames from `created` on their rows, from `first` on. */
  #setFirst(first: number, created: number): void {
    const frames = this.#frames;
    let next = first;
    for (let callee = created; callee < frames.length; callee++) {
      frames.first[callee] = next;
      next += frames.count[callee];
    }
  }

  /** Puts the rows that end first, and those of each frame called behind them side by side. */
  #sortRows(start: number, end: number, created: number): void {
    const frames = this.#frames;
    const { positions, next: places } = this.#rows;
    const spare = this.#spare;
    const write = frames.first.slice(created, frames.length);
    let own = start;
    for (let row = start; row < end; row++) {
      const place = places[row];
      const to = place === 0 ? own++ : write[this.#frameOf[place] - created]++;
      spare[to] = positions[row];
    }
    positions.set(spare.subarray(start, end), start);
  }

  finish({ compareNodes }: FlameOptions, plus: Amounts, minus: Amounts | undefined): BuiltFlame {
    const frames = this.#frames;
    while (this.#heap.length > 0) this.#closeCut(this.#heap.pop());
    const { order, depths } = this.#depthFirst(compareNodes);
    const flags = Uint8Array.from(order, (frame) => frames.flags[frame]);
    const tree = flameTree({
      depths,
      places: order.map((frame) => frames.place[frame]),
      flags,
      selfPlus: this.#ownSums(plus, order),
      selfMinus: minus && this.#ownSums(minus, order),
    });
    const cutFrames = flags.reduce((count, flag) => count + (flag & FrameFlags.cut ? 1 : 0), 0);
    return { tree, cutFrames };
  }

  /** Marks a frame whose turn never came, unless all of its samples end at it anyway. */
  #closeCut(frame: number): void {
    const frames = this.#frames;
    const end = frames.first[frame] + frames.count[frame];
    for (let row = frames.first[frame]; row < end; row++) {
      if (!this.#rows.hasNext(row)) continue;
      frames.flags[frame] |= FrameFlags.cut;
      return;
    }
  }

  #depthFirst(compareNodes: FlameOptions["compareNodes"]) {
    const { length, place, total, callees, calleeCount } = this.#frames;
    const order = new Uint32Array(length);
    const depths = new Uint32Array(length);
    // The one to come first goes last on the pile.
    const lighterFirst = (a: number, b: number) =>
      total[a] - total[b] || compareNodes(place[b] - 1, place[a] - 1) || b - a;
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

  /** What ends at each frame; all that a frame takes whose turn never came. */
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

/** By sample, the size of its value: what frames are ordered by. */
function sizesOf(plus: Amounts, minus: Amounts | undefined): Float64Array {
  if (plus instanceof Float64Array && !minus) return plus;
  const sizes = new Float64Array(plus.length);
  for (let sample = 0; sample < sizes.length; sample++) {
    sizes[sample] = Number(plus[sample]) + (minus ? Number(minus[sample]) : 0);
  }
  return sizes;
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
      const sizes = new Float64Array(values.length);
      for (let i = 0; i < sizes.length; i++) {
        if (samples[i] && values[i] * sign > 0) sizes[i] = values[i] * sign;
      }
      return sizes;
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
