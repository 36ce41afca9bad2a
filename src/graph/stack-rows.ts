import type { SampleTable } from "../profile/profile.js";
import type { NodeTable } from "../view/node-table.js";
import { hasWholeStacks, type View } from "../view/view.js";
import { type StackRoots, stackRoots } from "./stack-roots.js";

/** The part of each stack on one side of a function: what it calls, or what calls it. */
export interface StackWalk {
  readonly direction: "callees" | "callers";
  /** By sample: the position in `stackLocations` where the walk begins; -1 to skip the sample. */
  readonly locations: Int32Array;
  /** By sample: the position in `locationNodes` of the first node; -1 to skip the sample. */
  readonly nodes: Int32Array;
}

/** The columns of a {@link NodeTable} that a walk along stacks reads. */
export type NodeColumns = Pick<NodeTable, "length" | "locationOffsets" | "locationNodes">;

/** Marks a location with several nodes, which are looked up one by one. */
const SEVERAL = -1;

/**
 * The samples with a value, one row each, and how far the stack of each has been read. The flame
 * builder sorts rows by frame again and again, so a row holds only a position in
 * {@link StackRoots}; all other columns are indexed by position. The rows of one frame mostly have
 * neighbouring positions, which keeps memory access local.
 */
export class StackRows {
  readonly positions: Int32Array;
  /** By row: the node read last, plus one; 0 at the end of the stack. */
  readonly next: Int32Array;
  /** By row: 1 if that node shares its location with the node before it, so the call is inlined. */
  readonly inlined: Uint8Array;
  /** By position: the size of the sample's value. */
  readonly weights: Float64Array;
  readonly roots: StackRoots;
  /** Whether no filter has cut a stack, so the cheaper bounds in {@link StackRoots} apply. */
  readonly isWhole: boolean;
  /** By position: the depth of the current location, counted from the root. */
  readonly #depths: Int32Array;
  /** By position: the depth at which the walk stops; that location is not read. */
  readonly #stops: Int32Array;
  /** By position: the number of nodes of the current location that are still unread. */
  readonly #unread: Int32Array;
  readonly #step: 1 | -1;
  readonly #stackLocations: SampleTable["stackLocations"];
  readonly #nodes: NodeColumns;
  /** By location: its node plus one, 0 if it has none, or {@link SEVERAL}. */
  readonly #single: Int32Array;

  constructor(view: View, nodes: NodeColumns, sizes: Float64Array, walk: StackWalk | undefined) {
    const { stackStart, stackEnd } = view;
    const roots = stackRoots(view.profile);
    const { count, samples, ends, lengths } = roots;
    this.roots = roots;
    this.weights = new Float64Array(count);
    this.#depths = new Int32Array(count);
    this.#stops = new Int32Array(count);
    this.#unread = new Int32Array(count);
    this.#nodes = nodes;
    this.#single = singleNodes(nodes);
    this.#stackLocations = view.profile.samples.stackLocations;
    this.#step = walk?.direction === "callers" ? -1 : 1;
    const positions = new Int32Array(count);
    const isWhole = hasWholeStacks(view);
    this.isWhole = isWhole;
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

  /** Sets the walk along a stack to begin at `depth`, with the node at position `node`. */
  #begin(position: number, depth: number, node: number): void {
    const { locationOffsets } = this.#nodes;
    const location = this.#locationAt(position, depth);
    const first = locationOffsets[location];
    const end = locationOffsets[location + 1];
    const left = this.#step > 0 ? node - first + 1 : end - node;
    // A walk that begins with the first node of the location has read none of it yet.
    const isUnread = left === end - first;
    this.#depths[position] = isUnread ? depth - this.#step : depth;
    this.#unread[position] = isUnread ? 0 : left;
  }

  #locationAt(position: number, depth: number): number {
    const { columns, count, depths, ends } = this.roots;
    if (depth < depths) return columns[depth * count + position];
    return this.#stackLocations[ends[position] - 1 - depth];
  }

  /** Reads the next node of each row in `[start, end)` into {@link next}. */
  advance(start: number, end: number): void {
    const { positions, next, inlined } = this;
    const depths = this.#depths;
    const stops = this.#stops;
    const left = this.#unread;
    const step = this.#step;
    const single = this.#single;
    const { columns, count, depths: known, ends } = this.roots;
    const stackLocations = this.#stackLocations;
    for (let row = start; row < end; row++) {
      const position = positions[row];
      if (left[position] > 0) {
        inlined[row] = 1;
        next[row] = this.#takeNode(position, this.#locationAt(position, depths[position]));
        continue;
      }
      inlined[row] = 0;
      const stop = stops[position];
      let depth = depths[position] + step;
      let location = 0;
      let node = 0;
      // Hidden locations have no nodes.
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
        node = this.#takeNode(position, location);
      }
      next[row] = node;
    }
  }

  #nodeCount(location: number): number {
    const { locationOffsets } = this.#nodes;
    return locationOffsets[location + 1] - locationOffsets[location];
  }

  /** Takes the next unread node of a location and returns it plus one. */
  #takeNode(position: number, location: number): number {
    const { locationOffsets, locationNodes } = this.#nodes;
    const left = this.#unread[position]--;
    const at =
      this.#step > 0 ? locationOffsets[location] + left - 1 : locationOffsets[location + 1] - left;
    return locationNodes[at] + 1;
  }

  /** Whether the stack of a row has a further node. */
  hasNext(row: number): boolean {
    const position = this.positions[row];
    if (this.#unread[position] > 0) return true;
    const stop = this.#stops[position];
    for (let depth = this.#depths[position] + this.#step; depth !== stop; depth += this.#step) {
      if (this.#single[this.#locationAt(position, depth)] !== 0) return true;
    }
    return false;
  }
}

/** Returns by location: its node plus one, 0 if it has none, or {@link SEVERAL}. */
function singleNodes({ locationOffsets, locationNodes }: NodeColumns): Int32Array {
  const single = new Int32Array(locationOffsets.length - 1);
  for (let location = 0; location < single.length; location++) {
    const start = locationOffsets[location];
    const count = locationOffsets[location + 1] - start;
    if (count > 0) single[location] = count === 1 ? locationNodes[start] + 1 : SEVERAL;
  }
  return single;
}
