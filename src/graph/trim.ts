import { int64At, isZeroAt } from "../profile/columns.js";
import { compareUtf8 } from "../profile/utf8.js";
import { abs, compare, type Int64, truncate } from "../units/int64.js";
import type { NodeAttributes, NodeIndex } from "../view/node-table.js";
import type { NodeValues } from "./node-values.js";
import { sumAt } from "./sums.js";

/** The choice and the order of the nodes that a report shows. */
export interface TrimOptions {
  sort: "flat" | "cum";
  /** The maximum number of nodes; 0 for no limit. */
  nodeCount: number;
  /** Nodes with a cum below this fraction of the sum are hidden. */
  nodeFraction: number;
  /** Edges with a weight below this fraction of the sum are hidden. */
  edgeFraction: number;
  /** Nodes with negative values are hidden. */
  dropNegative: boolean;
}

export interface TrimmedNodes {
  /** Sorted as the options ask. */
  readonly shown: readonly NodeIndex[];
  /** The number of nodes above the cutoff. */
  readonly candidates: number;
  /** The number of nodes below the cutoff. */
  readonly dropped: number;
  /** Edges with a lower absolute weight are hidden. */
  readonly edgeCutoff: Int64;
  /**
   * Whether edges bypass hidden nodes and connect shown callers with shown callees. As in pprof,
   * this is so if any node was too small or too many. Nodes that are hidden only because their
   * values add up to 0 or less keep their edges.
   */
  readonly edgesGoAround: boolean;
}

/** Selects and sorts the nodes with values. */
export function trimNodes(
  nodes: NodeAttributes,
  values: NodeValues,
  options: TrimOptions,
): TrimmedNodes {
  const { present, large, edgeCutoff } = largeNodes(values, options);
  const kept = sortNodes(large, nodes, values, options.sort);
  const shown = options.nodeCount > 0 ? kept.slice(0, options.nodeCount) : kept;
  return {
    shown,
    candidates: kept.length,
    dropped: present.length - kept.length,
    edgeCutoff,
    edgesGoAround: shown.length < present.length,
  };
}

/** The nodes of a graph above the cutoff, and the cutoffs. */
export interface LargeNodes {
  /** The nodes that have a value. */
  readonly present: readonly NodeIndex[];
  /** The nodes among these whose absolute cum reaches the cutoff. */
  readonly large: readonly NodeIndex[];
  readonly nodeCutoff: Int64;
  readonly edgeCutoff: Int64;
}

/** Selects the nodes above the cutoff, in no particular order. */
export function largeNodes(
  values: NodeValues,
  { nodeFraction, edgeFraction, dropNegative }: TrimOptions,
): LargeNodes {
  const present = presentNodes(values, dropNegative);
  // The cutoff is a fraction of the sum over the nodes, which depends on the filters. The cutoff
  // that the report prints is a fraction of its total, which does not.
  const sum = sumAt(values.flat, present);
  const nodeCutoff = cutoff(sum, nodeFraction);
  const large =
    nodeCutoff > 0
      ? present.filter((node) => abs(int64At(values.cum, node)) >= nodeCutoff)
      : present;
  return { present, large, nodeCutoff, edgeCutoff: cutoff(sum, edgeFraction) };
}

/** Returns the absolute value of `fraction` of `total`, rounded towards zero. */
export function cutoff(total: Int64, fraction: number): Int64 {
  return abs(truncate(Number(total) * fraction));
}

/** Returns the nodes that have a value; with `dropNegative`, only those without negative values. */
export function presentNodes({ flat, cum }: NodeValues, dropNegative: boolean): NodeIndex[] {
  const present: NodeIndex[] = [];
  for (let node = 0 as NodeIndex; node < cum.length; node++) {
    const flatIsZero = isZeroAt(flat, node);
    if (flatIsZero && isZeroAt(cum, node)) continue;
    if (dropNegative && (flatIsZero ? cum[node] : flat[node]) < 0) continue;
    present.push(node);
  }
  return present;
}

/**
 * Orders nodes by absolute value, largest first, then by address and name. pprof does not define
 * the order of nodes with equal names; here the other value decides, and then their origins.
 */
function sortNodes(
  list: readonly NodeIndex[],
  nodes: NodeAttributes,
  values: NodeValues,
  by: "flat" | "cum",
): NodeIndex[] {
  const keys = values[by];
  const others = by === "flat" ? values.cum : values.flat;
  const rows = list.map((node) => ({
    node,
    key: abs(int64At(keys, node)),
    other: abs(int64At(others, node)),
  }));
  rows.sort(
    (a, b) =>
      compare(b.key, a.key) ||
      compareNames(nodes, a.node, b.node) ||
      compare(b.other, a.other) ||
      nodes.compareOrigins(a.node, b.node) ||
      a.node - b.node,
  );
  return rows.map(({ node }) => node);
}

/** Orders nodes by address if both have one, and then by name. */
export function compareNames(nodes: NodeAttributes, a: NodeIndex, b: NodeIndex): number {
  if (nodes.hasAddresses) {
    const x = nodes.address(a);
    const y = nodes.address(b);
    if (x !== y && x !== 0n && y !== 0n) return x < y ? -1 : 1;
  }
  return compareUtf8(nodes.name(a), nodes.name(b));
}
