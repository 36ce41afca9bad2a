import type { NodeIndex } from "../view/node-table.js";
import type { EdgeTable } from "./edge-builder.js";
import type { NodeEdges } from "./node-edges.js";

/**
 * The maximum number of edges examined, which takes a few seconds. A graph of 80 nodes needs a few
 * thousand; tens of thousands of nodes would take hours.
 */
const MAX_STEPS = 20_000_000;

/**
 * Finds the residual edges to leave out because the caller also reaches the callee through other
 * edges. Goes through the nodes from last to first, and through the incoming edges of each from the
 * lightest on. Stops at the first edge that is not residual: a graph that omits a heavier edge but
 * shows a lighter one would mislead. Keeps all further edges after `maxSteps`.
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

  /** Whether `from` reaches `to` through the remaining edges. */
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
