import { type IndexColumn, int64At } from "../profile/columns.js";
import { abs, add, compare, type Int64, truncate } from "../units/int64.js";
import type { NodeAttributes, NodeIndex } from "../view/node-table.js";
import type { EdgeTable } from "./edge-builder.js";
import type { NodeValues } from "./node-values.js";
import { compareNames } from "./trim.js";

/**
 * Sorts nodes by their importance in a drawing, as pprof does. The score is cum * (entropy of
 * incoming edges + entropy of outgoing edges and the flat value) + flat, with the entropy in bits.
 * A node that only passes its value on scores low. The entropy of a side without edges is 1. Nodes
 * with equal keys keep their order.
 */
export function sortByEntropy(
  list: readonly NodeIndex[],
  nodes: NodeAttributes,
  values: NodeValues,
  edges: EdgeTable,
): NodeIndex[] {
  const scores = entropyScores(values, edges);
  const rows = list.map((node) => ({ node, score: abs(scores(node)) }));
  rows.sort(
    (a, b) =>
      compare(b.score, a.score) ||
      compareNames(nodes, a.node, b.node) ||
      compare(abs(int64At(values.flat, b.node)), abs(int64At(values.flat, a.node))) ||
      nodes.compareOrigins(a.node, b.node),
  );
  return rows.map(({ node }) => node);
}

/** Returns a function that computes scores as Go does, with its wrap-around and NaN. */
function entropyScores({ flat, cum }: NodeValues, edges: EdgeTable): (node: NodeIndex) => Int64 {
  const incoming = new Entropies(edges, edges.callee, cum.length);
  const outgoing = new Entropies(edges, edges.caller, cum.length, (node) => int64At(flat, node));
  return (node) => {
    const entropy = (incoming.of(node) ?? 1) + (outgoing.of(node) ?? 1);
    return add(truncate(entropy * Number(int64At(cum, node))), int64At(flat, node));
  };
}

/** The entropy of the incoming or outgoing edges of each node. */
class Entropies {
  /** By node, as int64 with wrap-around. A double would round it. */
  readonly #totals: Int64[];
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  readonly #self: ((node: NodeIndex) => Int64) | undefined;

  /** `nodeOf` is the node of each edge; `self` is a value that counts in addition to the edges. */
  constructor(
    { length, weight }: EdgeTable,
    nodeOf: IndexColumn<NodeIndex>,
    nodeCount: number,
    self?: (node: NodeIndex) => Int64,
  ) {
    this.#self = self;
    this.#totals = Array.from({ length: nodeCount }, (_, node) => self?.(node as NodeIndex) ?? 0);
    this.#sums = new Float64Array(nodeCount);
    this.#counts = new Uint32Array(nodeCount);
    for (let edge = 0; edge < length; edge++) {
      const node = nodeOf[edge];
      this.#counts[node]++;
      if (weight[edge] > 0) this.#totals[node] = add(this.#totals[node], int64At(weight, edge));
    }
    for (let edge = 0; edge < length; edge++) {
      const node = nodeOf[edge];
      const share = Number(abs(int64At(weight, edge))) / Number(this.#totals[node]);
      this.#sums[node] += -share * Math.log2(share);
    }
  }

  /** Returns bits; undefined for a node without edges, and 0 if the total is 0. */
  of(node: NodeIndex): number | undefined {
    if (this.#counts[node] === 0) return undefined;
    const total = this.#totals[node];
    if (total === 0) return 0;
    const self = Number(this.#self?.(node) ?? 0);
    if (self <= 0) return this.#sums[node];
    const share = self / Number(total);
    return this.#sums[node] - share * Math.log2(share);
  }
}
