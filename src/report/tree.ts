import { UserError } from "../errors/user-error.js";
import { buildCallGraph, type CallGraph } from "../graph/call-graph.js";
import { cumOf, flatOf } from "../graph/node-values.js";
import { int64At } from "../profile/columns.js";
import { encodeUtf8 } from "../profile/utf8.js";
import type { Int64 } from "../units/int64.js";
import type { Pattern } from "../view/matcher.js";
import type { NodeAttributes, NodeIndex } from "../view/node-table.js";
import { type ReportHeader, reportHeader } from "./header.js";
import type { ReportInput } from "./input.js";
import { type NodeRef, nodeRef } from "./node-ref.js";

export interface TreeCall extends NodeRef {
  readonly weight: Int64;
  /** Whether every call was inlined. */
  readonly isInline: boolean;
}

/** A node with its callers and callees, heaviest first. */
export interface TreeEntry extends NodeRef {
  readonly flat: Int64;
  readonly cum: Int64;
  readonly callers: readonly TreeCall[];
  readonly callees: readonly TreeCall[];
}

export interface TreeReport extends ReportHeader {
  /** The number of edges below the cutoff, and the cutoff. */
  readonly droppedEdges: { readonly edges: number; readonly cutoff: Int64 };
  readonly entries: readonly TreeEntry[];
}

export function tree(input: ReportInput): TreeReport {
  const graph = buildCallGraph(input);
  return makeReport(input, graph, graph.trimmed.shown);
}

/** Makes the report about the nodes whose name matches. Throws if there are none. */
export function peek(input: ReportInput, pattern: Pattern, patternText: string): TreeReport {
  const matching = new Set<NodeIndex>();
  const graph = buildCallGraph(input, (nodes, node) => {
    const matches = matchesNode(pattern, nodes, node);
    if (matches) matching.add(node);
    return matches;
  });
  if (matching.size === 0) throw new UserError(`no matches found for regexp: ${patternText}`);
  return makeReport(
    input,
    graph,
    graph.trimmed.shown.filter((node) => matching.has(node)),
  );
}

/** Tests the printed name and, if it contains the position of the function, the name without it. */
function matchesNode(pattern: Pattern, nodes: NodeAttributes, node: NodeIndex): boolean {
  if (pattern.test(encodeUtf8(nodes.name(node)))) return true;
  return nodes.isDefinition(node) && pattern.test(encodeUtf8(nodes.functionName(node)));
}

function makeReport(input: ReportInput, graph: CallGraph, shown: readonly NodeIndex[]): TreeReport {
  const { nodes, values, trimmed, edges, calls } = graph;
  const call = (node: NodeIndex, edge: number): TreeCall => ({
    ...nodeRef(nodes, node),
    weight: int64At(edges.weight, edge),
    isInline: edges.inline[edge] === 1,
  });
  return {
    ...reportHeader(input, values, trimmed),
    droppedEdges: { edges: calls.dropped, cutoff: trimmed.edgeCutoff },
    entries: shown.map((node) => ({
      ...nodeRef(nodes, node),
      flat: flatOf(values, node),
      cum: cumOf(values, node),
      callers: calls.into(node).map((edge) => call(edges.caller[edge], edge)),
      callees: calls.outOf(node).map((edge) => call(edges.callee[edge], edge)),
    })),
  };
}
