import type { Budget } from "../../profile/budget.js";
import { bytesFor, EDGE_FLAG_BITS, type HeapGraph, HIDDEN, wordsFor } from "./graph.js";

const ATTACHED = 1;
const DETACHED = 2;

/**
 * Returns 1 for each DOM node that belongs to no document, or else 0; undefined if the snapshot does
 * not say. As in Chrome DevTools, nodes of unknown state have the state of the nodes that refer to
 * them, and attached nodes win. The state passes only between nodes of the type `native`.
 */
export function detachedNodes(graph: HeapGraph, budget: Budget): Uint8Array | undefined {
  const { nodeCount, detachedness, type, types, firstEdge, edges } = graph;
  if (!detachedness?.includes(DETACHED)) return undefined;
  const native = types.indexOf("native");
  const states = bytesFor(budget, nodeCount);
  const open = wordsFor(budget, nodeCount);
  for (const state of [ATTACHED, DETACHED]) {
    let count = 0;
    for (let node = 0; node < nodeCount; node++) {
      if (detachedness[node] !== state || type[node] !== native || states[node] !== 0) continue;
      states[node] = state;
      open[count++] = node;
    }
    while (count > 0) {
      const node = open[--count];
      for (let edge = firstEdge[node]; edge < firstEdge[node + 1]; edge++) {
        const to = edges[edge] >>> EDGE_FLAG_BITS;
        const isOpen = type[to] === native && states[to] === 0 && (edges[edge] & HIDDEN) === 0;
        if (!isOpen || (detachedness[to] !== 0 && state === DETACHED)) continue;
        states[to] = state;
        open[count++] = to;
      }
    }
  }
  for (let node = 0; node < nodeCount; node++) states[node] = states[node] === DETACHED ? 1 : 0;
  return states;
}
