import { buildEdges } from "../graph/edges.js";
import { cumOf, flatOf, type NodeValues, sumNodes } from "../graph/node-values.js";
import { type TrimmedNodes, trimNodes } from "../graph/trim.js";
import { int64At } from "../profile/columns.js";
import { abs, type Int64 } from "../units/int64.js";
import type { NodeIndex, NodeTable } from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import type { SampleValue } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import { type ReportHeader, reportHeader } from "./header.js";
import type { ReportInput } from "./input.js";
import { type NodeRef, nodeRef } from "./node-ref.js";

/** Whether none, some or all of a function's calls were inlined. */
export type Inlining = "none" | "some" | "all";

export interface TopRow extends NodeRef {
  readonly inlining: Inlining;
  readonly flat: Int64;
  readonly cum: Int64;
}

export interface TopReport extends ReportHeader {
  readonly rows: readonly TopRow[];
}

export function top(input: ReportInput): TopReport {
  const { view, value } = input;
  const nodes = buildNodes(view, input.nodes);
  const values = sumNodes(view, nodes, value);
  const trimmed = trimNodes(nodes, values, input.trim);
  const inlining = inliningByNode(view, nodes, value, values, trimmed);
  return {
    ...reportHeader(input, values, trimmed),
    rows: trimmed.shown.map((node) => ({
      ...nodeRef(nodes, node),
      inlining: inlining(node),
      flat: flatOf(values, node),
      cum: cumOf(values, node),
    })),
  };
}

/** Returns a function for the inlining of a node. Collects only edges that may reach the cutoff. */
function inliningByNode(
  view: View,
  nodes: NodeTable,
  value: SampleValue,
  { inlinedBound }: NodeValues,
  { shown, edgeCutoff, edgesGoAround }: TrimmedNodes,
): (node: NodeIndex) => Inlining {
  const isShown = new Uint8Array(nodes.length);
  for (const node of shown) isShown[node] = 1;
  const callees = new Uint8Array(nodes.length);
  let anyInlined = false;
  for (let location = 0; location + 1 < nodes.locationOffsets.length; location++) {
    const last = nodes.locationOffsets[location + 1] - 1;
    for (let i = nodes.locationOffsets[location]; i < last; i++) {
      const node = nodes.locationNodes[i];
      if (!isShown[node] || (inlinedBound && inlinedBound[node] < edgeCutoff)) continue;
      callees[node] = 1;
      anyInlined = true;
    }
  }
  if (!anyInlined) return () => "none";

  const callers = edgesGoAround ? isShown : isShown.map(() => 1);
  const edges = buildEdges(view, nodes, value, { callers, callees });
  const inlined = new Uint8Array(nodes.length);
  const called = new Uint8Array(nodes.length);
  for (let edge = 0; edge < edges.length; edge++) {
    if (abs(int64At(edges.weight, edge)) < edgeCutoff) continue;
    (edges.inline[edge] ? inlined : called)[edges.callee[edge]] = 1;
  }
  return (node) => (inlined[node] ? (called[node] ? "some" : "all") : "none");
}
