import { int64At, isZeroAt } from "../profile/columns.js";
import { compareUtf8 } from "../profile/utf8.js";
import { abs, compare, type Int64, truncate } from "../units/int64.js";
import type { NodeAttributes, NodeIndex } from "../view/nodes.js";
import type { NodeValues } from "./node-values.js";
import { sumAt } from "./sums.js";

/** How many nodes are shown, and in which order. */
export interface TrimOptions {
  sort: "flat" | "cum";
  /** At most so many nodes; 0 is no limit. */
  nodeCount: number;
  /** Nodes with a cum below this share of the whole go. */
  nodeFraction: number;
  /** Edges below this share of the whole go. */
  edgeFraction: number;
  /** Nodes with negative values go. */
  dropNegative: boolean;
}

/** The nodes that a report shows. */
export interface TrimmedNodes {
  /** In the order asked for. */
  readonly shown: readonly NodeIndex[];
  /** How many nodes there were with a value large enough. */
  readonly candidates: number;
  /** How many nodes had a value too small. */
  readonly dropped: number;
  /** Edges with a lower absolute weight are not shown. */
  readonly edgeCutoff: Int64;
  /**
   * Whether edges go around the nodes that are not shown, from shown caller to shown
   * callee. As in pprof that is so once any node was too small or too many: nodes that
   * are left out only for adding up to 0 or to less keep their edges.
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

/** The nodes of a graph that are large enough to be shown, and what enough is. */
export interface LargeNodes {
  /** The nodes with a value. */
  readonly present: readonly NodeIndex[];
  /** Those of them whose absolute cum reaches the cut-off. */
  readonly large: readonly NodeIndex[];
  readonly nodeCutoff: Int64;
  readonly edgeCutoff: Int64;
}

/** Selects the nodes that are large enough, in no particular order. */
export function largeNodes(
  values: NodeValues,
  { nodeFraction, edgeFraction, dropNegative }: TrimOptions,
): LargeNodes {
  const present = presentNodes(values, dropNegative);
  // The cut-off is a share of the sum over the nodes, which filters change. What the
  // report prints as cut-off is a share of its total, which they do not.
  const sum = sumAt(values.flat, present);
  const nodeCutoff = cutoff(sum, nodeFraction);
  const large =
    nodeCutoff > 0
      ? present.filter((node) => abs(int64At(values.cum, node)) >= nodeCutoff)
      : present;
  return { present, large, nodeCutoff, edgeCutoff: cutoff(sum, edgeFraction) };
}

/** The part `fraction` of `total`, rounded towards zero, without its sign. */
export function cutoff(total: Int64, fraction: number): Int64 {
  return abs(truncate(Number(total) * fraction));
}

/** The nodes that have a value at all; without the negative ones, if these are dropped. */
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
 * Largest absolute value first; equal ones by address and name. pprof leaves the order
 * open where even the names are equal; here the other value decides, and then what else
 * tells the nodes apart.
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

/** Orders nodes by address, where both have one, and then by name. */
export function compareNames(nodes: NodeAttributes, a: NodeIndex, b: NodeIndex): number {
  if (nodes.hasAddresses) {
    const x = nodes.address(a);
    const y = nodes.address(b);
    if (x !== y && x !== 0n && y !== 0n) return x < y ? -1 : 1;
  }
  return compareUtf8(nodes.name(a), nodes.name(b));
}
