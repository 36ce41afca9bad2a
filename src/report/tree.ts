import { UserError } from "../errors/user-error.js";
import { buildCallGraph, type CallGraph } from "../graph/call-graph.js";
import { cumOf, flatOf } from "../graph/node-values.js";
import { int64At } from "../profile/columns.js";
import { encodeUtf8 } from "../profile/utf8.js";
import type { Int64 } from "../units/int64.js";
import type { Pattern } from "../view/matcher.js";
import { type ReportHeader, reportHeader } from "./header.js";
import type { ReportInput } from "./input.js";

/** A call to or from a place. */
export interface TreeCall {
  readonly name: string;
  readonly weight: Int64;
  /** Whether every call was inlined. */
  readonly isInline: boolean;
}

/** A place with its callers and the places that it calls, the heaviest first. */
export interface TreeEntry {
  readonly name: string;
  readonly flat: Int64;
  readonly cum: Int64;
  readonly callers: readonly TreeCall[];
  readonly callees: readonly TreeCall[];
}

/** Places between their callers and their callees. */
export interface TreeReport extends ReportHeader {
  /** How many calls were left out for being light, and the least weight of one that is shown. */
  readonly droppedEdges: { readonly edges: number; readonly cutoff: Int64 };
  readonly entries: readonly TreeEntry[];
}

/** Makes the report on all nodes that are shown. */
export function tree(input: ReportInput): TreeReport {
  const graph = buildCallGraph(input);
  return report(input, graph, graph.trimmed.shown);
}

/** Makes the report on the nodes whose names match; throws where there are none. */
export function peek(input: ReportInput, pattern: Pattern, patternText: string): TreeReport {
  const matching = new Set<number>();
  const graph = buildCallGraph(input, (nodes, node) => {
    const matches = pattern.test(encodeUtf8(nodes.name(node)));
    if (matches) matching.add(node);
    return matches;
  });
  if (matching.size === 0) throw new UserError(`no matches found for regexp: ${patternText}`);
  return report(
    input,
    graph,
    graph.trimmed.shown.filter((node) => matching.has(node)),
  );
}

function report(input: ReportInput, graph: CallGraph, shown: readonly number[]): TreeReport {
  const { nodes, values, trimmed, edges, calls } = graph;
  const call = (node: number, edge: number): TreeCall => ({
    name: nodes.name(node),
    weight: int64At(edges.weight, edge),
    isInline: edges.inline[edge] === 1,
  });
  return {
    ...reportHeader(input, values, trimmed),
    droppedEdges: { edges: calls.dropped, cutoff: trimmed.edgeCutoff },
    entries: shown.map((node) => ({
      name: nodes.name(node),
      flat: flatOf(values, node),
      cum: cumOf(values, node),
      callers: calls.into(node).map((edge) => call(edges.caller[edge], edge)),
      callees: calls.outOf(node).map((edge) => call(edges.callee[edge], edge)),
    })),
  };
}
