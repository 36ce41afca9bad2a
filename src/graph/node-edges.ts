import { type IndexColumn, int64At } from "../profile/columns.js";
import { compareUtf8 } from "../profile/utf8.js";
import { abs, compare, type Int64 } from "../units/int64.js";
import type { NodeAttributes, NodeIndex } from "../view/node-table.js";
import type { EdgeTable } from "./edge-builder.js";

export class NodeEdges {
  readonly #nodes: NodeAttributes;
  readonly #edges: EdgeTable;
  readonly #incoming: Lists;
  readonly #outgoing: Lists;
  /** The number of edges left out. */
  readonly dropped: number;

  /** Keeps the edges for which `isKept` returns true. */
  constructor(nodes: NodeAttributes, edges: EdgeTable, isKept: (edge: number) => boolean) {
    this.#nodes = nodes;
    this.#edges = edges;
    const kept: number[] = [];
    for (let edge = 0; edge < edges.length; edge++) if (isKept(edge)) kept.push(edge);
    this.dropped = edges.length - kept.length;
    this.#incoming = groupBy(edges.callee, kept, nodes.length);
    this.#outgoing = groupBy(edges.caller, kept, nodes.length);
  }

  /** Returns the edges to `node`, heaviest first. */
  into(node: NodeIndex): number[] {
    return this.#sorted(this.#incoming, node);
  }

  /** Returns the edges from `node`, heaviest first. */
  outOf(node: NodeIndex): number[] {
    return this.#sorted(this.#outgoing, node);
  }

  /** Returns the edges from any of `nodes`, heaviest first. */
  outOfAny(nodes: readonly NodeIndex[]): number[] {
    const lists = nodes.map((node) => this.outOf(node));
    return lists.flat().sort((a, b) => this.#compare(a, b));
  }

  #sorted({ offsets, rows }: Lists, node: NodeIndex): number[] {
    const list = Array.from(rows.subarray(offsets[node], offsets[node + 1]));
    return list.sort((a, b) => this.#compare(a, b));
  }

  /** By absolute weight, names and weight, largest first. In pprof, ties have no fixed order. */
  #compare(a: number, b: number): number {
    const { weight, caller, callee } = this.#edges;
    const x: Int64 = int64At(weight, a);
    const y: Int64 = int64At(weight, b);
    return (
      compare(abs(y), abs(x)) ||
      this.#compareNames(caller[a], caller[b]) ||
      this.#compareNames(callee[a], callee[b]) ||
      compare(y, x) ||
      a - b
    );
  }

  #compareNames(a: NodeIndex, b: NodeIndex): number {
    return a === b ? 0 : compareUtf8(this.#nodes.name(a), this.#nodes.name(b));
  }
}

/** The rows of node `n` are `rows[offsets[n], offsets[n + 1])`. */
interface Lists {
  offsets: Uint32Array;
  rows: Uint32Array;
}

function groupBy(
  nodeOf: IndexColumn<NodeIndex>,
  edges: readonly number[],
  nodeCount: number,
): Lists {
  const offsets = new Uint32Array(nodeCount + 1);
  for (const edge of edges) offsets[nodeOf[edge] + 1]++;
  for (let node = 0 as NodeIndex; node < nodeCount; node++) offsets[node + 1] += offsets[node];
  const next = offsets.slice();
  const rows = new Uint32Array(edges.length);
  for (const edge of edges) rows[next[nodeOf[edge]]++] = edge;
  return { offsets, rows };
}
