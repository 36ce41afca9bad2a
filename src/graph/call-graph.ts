import { int64At } from "../profile/columns.js";
import { abs } from "../units/int64.js";
import {
  NO_NODE,
  type NodeAttributes,
  type NodeIndex,
  type NodeOptions,
} from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import type { SampleValue } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import { buildCallTree } from "./call-tree.js";
import type { EdgeTable } from "./edge-builder.js";
import { buildEdges, type EdgeScope } from "./edges.js";
import { maskOf } from "./mask.js";
import { NodeEdges } from "./node-edges.js";
import { type NodeValues, sumNodes } from "./node-values.js";
import { type TrimmedNodes, type TrimOptions, trimNodes } from "./trim.js";

/** The nodes of a report and the edges between them. */
export interface CallGraph {
  readonly nodes: NodeAttributes;
  readonly values: NodeValues;
  readonly trimmed: TrimmedNodes;
  readonly edges: EdgeTable;
  /** The edges above the cutoff, by node. */
  readonly calls: NodeEdges;
  /**
   * The caller of a node of a call tree; {@link NO_NODE} for a root, and for all nodes of a graph,
   * which may have many callers.
   */
  callerOf(node: NodeIndex): NodeIndex;
}

export interface GraphInput {
  readonly view: View;
  readonly value: SampleValue;
  readonly nodes: NodeOptions;
  readonly trim: TrimOptions;
}

/** Builds the graph of the shown nodes. Collects only the edges of nodes that pass `isWanted`. */
export function buildCallGraph(
  { view, value, nodes: options, trim }: GraphInput,
  isWanted?: (nodes: NodeAttributes, node: NodeIndex) => boolean,
): CallGraph {
  const nodes = buildNodes(view, options);
  const values = sumNodes(view, nodes, value);
  const trimmed = trimNodes(nodes, values, trim);
  const wanted = maskOf(
    nodes.length,
    isWanted ? trimmed.shown.filter((node) => isWanted(nodes, node)) : trimmed.shown,
  );
  const isShown = maskOf(nodes.length, trimmed.shown);
  // Nodes that are hidden only because their values add up to 0 or less keep their edges.
  const callers = trimmed.edgesGoAround ? isShown : isShown.map(() => 1);
  const scope: EdgeScope = { callers, callees: wanted, outgoing: wanted };
  const edges = buildEdges(view, nodes, value, scope);
  const calls = heavyCalls(nodes, edges, trimmed);
  return { nodes, values, trimmed, edges, calls, callerOf: () => NO_NODE };
}

/** Builds the call tree, with a node for each context of a function. Trims no nodes. */
export function buildTreeGraph({ view, value, nodes: options, trim }: GraphInput): CallGraph {
  const { nodes, values, edges, callers } = buildCallTree(view, buildNodes(view, options), value);
  const all = { ...trim, nodeCount: 0, nodeFraction: 0, edgeFraction: 0 };
  const trimmed = trimNodes(nodes, values, all);
  const calls = heavyCalls(nodes, edges, trimmed);
  return { nodes, values, trimmed, edges, calls, callerOf: (node) => callers[node] as NodeIndex };
}

/** Selects the edges above the cutoff. As in pprof, edges into hidden nodes stay even below it. */
function heavyCalls(nodes: NodeAttributes, edges: EdgeTable, trimmed: TrimmedNodes): NodeEdges {
  const { shown, edgeCutoff } = trimmed;
  const isShown = maskOf(nodes.length, shown);
  return new NodeEdges(
    nodes,
    edges,
    (edge) => !isShown[edges.callee[edge]] || abs(int64At(edges.weight, edge)) >= edgeCutoff,
  );
}
