import type { NodeIndex } from "../view/nodes.js";
import type { EdgeTable } from "./edge-builder.js";
import type { NodeEdges } from "./node-edges.js";

/**
 * How many edges are looked at in all: a few seconds. Graphs of 80 nodes need a few
 * thousand, while tens of thousands of nodes would take hours.
 */
const MAX_STEPS = 20_000_000;

/**
 * Finds residual edges that can go, since the caller reaches the callee by other edges:
 * the lightest ones into each node, from the last node to the first, up to the first one
 * that is not residual, since leaving out a heavier edge than one that stays would
 * confuse. After `maxSteps` all others stay.
 */
export function redundantEdges(
  shown: readonly NodeIndex[],
  edges: EdgeTable,
  calls: NodeEdges,
  maxSteps = MAX_STEPS,
): Set<number> {
  const redundant = new Set<number>();
  if (!edges.residual.includes(1)) return redundant;
  const incoming = new Map(shown.map((node) => [node, calls.into(node)]));
  let steps = 0;
  for (const node of shown.toReversed()) {
    for (const edge of (incoming.get(node) ?? []).toReversed()) {
      if (!edges.residual[edge]) break;
      redundant.add(edge);
      if (!isReached(edges.caller[edge], node)) redundant.delete(edge);
      if (steps > maxSteps) return redundant;
    }
  }
  return redundant;

  /** Whether `to` is called from `from`, through whatever edges are left. */
  function isReached(from: NodeIndex, to: NodeIndex): boolean {
    const seen = new Set([to]);
    for (const node of seen) {
      for (const edge of incoming.get(node) ?? []) {
        if (++steps > maxSteps) return false;
        if (redundant.has(edge)) continue;
        const caller = edges.caller[edge];
        if (caller === from) return true;
        seen.add(caller);
      }
    }
    return false;
  }
}
