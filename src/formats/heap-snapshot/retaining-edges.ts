import type { Budget } from "../../profile/budget.js";
import { bytesFor, EDGE_FLAG_BITS, type HeapGraph, NOT_RETAINING, wordsFor } from "./graph.js";

/** The edges that retain nodes. Node `n` retains `to[first[n], first[n + 1])`. */
export interface RetainingEdges {
  readonly first: Uint32Array;
  readonly to: Uint32Array;
}

/** The name of the node of all documents, which is an entry into the objects of a page. */
const DOCUMENTS = "(Document DOM trees)";

/**
 * Removes the edges of a graph that do not retain their nodes, as Chrome DevTools does: shortcuts
 * that do not begin at the root, edges from a node to itself, the edge from a WeakMap to a value
 * (the key's remains), and edges to objects of the page from others. Overwrites the edges of
 * `graph`, which are not valid afterwards.
 */
export function retainingEdges(graph: HeapGraph, budget: Budget): RetainingEdges {
  const { nodeCount, root, firstEdge, edges } = graph;
  const isOfPage = nodesOfPage(graph, budget);
  let kept = 0;
  let edge = 0;
  for (let node = 0; node < nodeCount; node++) {
    const end = firstEdge[node + 1];
    firstEdge[node] = kept;
    for (; edge < end; edge++) {
      const to = edges[edge] >>> EDGE_FLAG_BITS;
      const retains =
        node === root || ((edges[edge] & NOT_RETAINING) === 0 && isOfPage[node] >= isOfPage[to]);
      if (retains && to !== node) edges[kept++] = to;
    }
  }
  firstEdge[nodeCount] = kept;
  return { first: firstEdge, to: edges.subarray(0, kept) };
}

/** Returns 1 for each node that can be reached from a global object or a document, or else 0. */
function nodesOfPage(graph: HeapGraph, budget: Budget): Uint8Array {
  const { nodeCount, root, firstEdge, edges, name, strings } = graph;
  const isOfPage = bytesFor(budget, nodeCount);
  const open = wordsFor(budget, nodeCount);
  let count = 0;
  const add = (node: number) => {
    if (isOfPage[node] === 1) return;
    isOfPage[node] = 1;
    open[count++] = node;
  };
  for (let edge = firstEdge[root]; edge < firstEdge[root + 1]; edge++) {
    const to = edges[edge] >>> EDGE_FLAG_BITS;
    const isEntry = (edges[edge] & NOT_RETAINING) !== 0 || strings.text(name[to]) === DOCUMENTS;
    if (isEntry) add(to);
  }
  while (count > 0) {
    const node = open[--count];
    for (let edge = firstEdge[node]; edge < firstEdge[node + 1]; edge++) {
      add(edges[edge] >>> EDGE_FLAG_BITS);
    }
  }
  return isOfPage;
}
