import type { Budget } from "../../profile/budget.js";
import { wordsFor } from "./graph.js";
import type { RetainingEdges } from "./retaining-edges.js";

/** No position: positions count from 1. */
const NONE = 0;

/** The position of the root. */
export const ROOT_POSITION = 1;

/** A dominator tree. Nodes have positions in the order of a depth-first search, from 1 on. */
export interface DominatorTree {
  /** By position: the node. Entry 0 is unused. */
  readonly order: Uint32Array;
  /** By position: the position of the immediate dominator, which is smaller; 0 for the root. */
  readonly dominator: Uint32Array;
  /** The number of nodes that can be reached from the root. They have the first positions. */
  readonly reachable: number;
}

/**
 * Computes immediate dominators by the algorithm of Lengauer and Tarjan ("A fast algorithm for
 * finding dominators in a flowgraph", 1979) in its simple version, in O(edges · log(nodes)). The
 * root also counts as a retainer of unreachable nodes: of all nodes without a retainer, and of the
 * first node of a cycle that nothing else retains.
 */
export function dominatorTree(
  { first, to }: RetainingEdges,
  root: number,
  budget: Budget,
): DominatorTree {
  const nodeCount = first.length - 1;
  const lastRetainer = wordsFor(budget, nodeCount + 1);
  for (let edge = 0; edge < to.length; edge++) lastRetainer[to[edge]]++;
  const search = new Search(first, to, budget);
  search.from(root);
  const reachable = search.count;
  for (let node = 0; node < nodeCount; node++) if (lastRetainer[node] === 0) search.from(node);
  for (let node = 0; node < nodeCount; node++) search.from(node);
  const { order, parent, semi } = search;
  for (let node = 1; node <= nodeCount; node++) lastRetainer[node] += lastRetainer[node - 1];
  // Filling the lists from their ends turns these into the beginnings.
  const firstRetainer = lastRetainer;
  const retainers = wordsFor(budget, to.length);
  for (let position = nodeCount; position >= 1; position--) {
    const node = order[position];
    for (let edge = first[node]; edge < first[node + 1]; edge++) {
      retainers[--firstRetainer[to[edge]]] = position;
    }
  }
  const paths = new Paths(semi, budget);
  const { ancestor } = paths;
  const dominator = wordsFor(budget, nodeCount + 1);
  // The positions whose semidominator is the index, as linked lists.
  const bucket = wordsFor(budget, nodeCount + 1);
  const nextInBucket = wordsFor(budget, nodeCount + 1);
  for (let position = nodeCount; position > ROOT_POSITION; position--) {
    const node = order[position];
    const above = parent[position];
    const isStart = position > reachable && above === ROOT_POSITION;
    let least = isStart ? ROOT_POSITION : semi[position];
    for (let i = firstRetainer[node]; i < firstRetainer[node + 1]; i++) {
      const candidate = semi[paths.best(retainers[i])];
      if (candidate < least) least = candidate;
    }
    semi[position] = least;
    nextInBucket[position] = bucket[least];
    bucket[least] = position;
    ancestor[position] = above;
    for (let other = bucket[above]; other !== NONE; other = nextInBucket[other]) {
      const best = paths.best(other);
      dominator[other] = semi[best] < semi[other] ? best : above;
    }
    bucket[above] = NONE;
  }
  for (let position = ROOT_POSITION + 1; position <= nodeCount; position++) {
    const found = dominator[position];
    if (found !== semi[position]) dominator[position] = dominator[found];
  }
  return { order, dominator, reachable };
}

/** A depth-first search in several parts; each part hangs below the root, which comes first. */
class Search {
  readonly order: Uint32Array;
  /** By position: the position of the node that led to it. */
  readonly parent: Uint32Array;
  /** By position: the position itself, which is the first value of the semidominator. */
  readonly semi: Uint32Array;
  count = 0;
  readonly #first: Uint32Array;
  readonly #to: Uint32Array;
  /** By node: its next edge. */
  readonly #edge: Uint32Array;
  readonly #isFound: Uint8Array;

  constructor(first: Uint32Array, to: Uint32Array, budget: Budget) {
    const nodeCount = first.length - 1;
    this.order = wordsFor(budget, nodeCount + 1);
    this.parent = wordsFor(budget, nodeCount + 1);
    this.semi = wordsFor(budget, nodeCount + 1);
    budget.charge(nodeCount * 5);
    this.#edge = first.slice();
    this.#isFound = new Uint8Array(nodeCount);
    this.#first = first;
    this.#to = to;
  }

  from(start: number): void {
    if (this.#isFound[start] === 1) return;
    const edges = this.#edge;
    let at = this.#add(start, this.count === 0 ? NONE : ROOT_POSITION);
    const top = this.parent[at];
    while (at !== top) {
      const node = this.order[at];
      const end = this.#first[node + 1];
      let edge = edges[node];
      while (edge < end && this.#isFound[this.#to[edge]] === 1) edge++;
      edges[node] = edge;
      at = edge < end ? this.#add(this.#to[edge], at) : this.parent[at];
    }
  }

  #add(node: number, parent: number): number {
    const position = ++this.count;
    this.#isFound[node] = 1;
    this.order[position] = node;
    this.parent[position] = parent;
    this.semi[position] = position;
    return position;
  }
}

/** The forest of the algorithm, with path compression. */
class Paths {
  /** By position: its parent in the forest, or one further up. */
  readonly ancestor: Uint32Array;
  readonly #semi: Uint32Array;
  readonly #label: Uint32Array;
  readonly #open: Uint32Array;

  constructor(semi: Uint32Array, budget: Budget) {
    this.ancestor = wordsFor(budget, semi.length);
    this.#open = wordsFor(budget, semi.length);
    this.#label = wordsFor(budget, semi.length);
    for (let position = 0; position < semi.length; position++) this.#label[position] = position;
    this.#semi = semi;
  }

  /** Returns the position with the least semidominator on the path, without the root of its tree. */
  best(position: number): number {
    const { ancestor } = this;
    if (ancestor[position] === NONE) return position;
    const label = this.#label;
    const semi = this.#semi;
    const open = this.#open;
    let count = 0;
    let at = position;
    while (ancestor[ancestor[at]] !== NONE) {
      open[count++] = at;
      at = ancestor[at];
    }
    while (count > 0) {
      const below = open[--count];
      const above = ancestor[below];
      if (semi[label[above]] < semi[label[below]]) label[below] = label[above];
      ancestor[below] = ancestor[above];
    }
    return label[position];
  }
}
