import {
  buildDrawnGraph,
  buildDrawnTree,
  type DrawnGraph,
  type DrawnGraphInput,
} from "../graph/drawn-graph.js";
import { cumOf, flatOf } from "../graph/node-values.js";
import { cutoff } from "../graph/trim.js";
import { BASE_LABEL } from "../profile/base-label.js";
import { int64At } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";
import type { Int64 } from "../units/int64.js";
import { scaledLabel } from "../units/scale.js";
import { hasLinkerName } from "../view/linker-name.js";
import type { NodeIndex } from "../view/node-table.js";
import { meanOf } from "../view/sample-value.js";
import { type TagBoxes, tagBoxes } from "./dot-tags.js";
import { type ReportHeader, reportHeader } from "./header.js";
import type { ReportInput } from "./input.js";

export interface DotNode {
  /** The name in a line of text. */
  readonly name: string;
  /** The name by which filters find the function, if it differs from {@link name}. */
  readonly filterName?: string;
  /** The whole path of the source file; empty if it is not known. */
  readonly file: string;
  /** The name in a box, line by line. Source files are without their folders. */
  readonly parts: readonly DotNamePart[];
  readonly flat: Int64;
  readonly cum: Int64;
  readonly boxes: TagBoxes;
}

/** A part of a name: an address, the name of a function, or a file and line. */
export interface DotNamePart {
  readonly text: string;
  readonly isFunction: boolean;
  /** Whether it is a linker's name, which boxes shorten and split at dots and `::`. */
  readonly isLinkerName: boolean;
  /** Whether the function is identified by its definition: its name is not a linker's. */
  readonly isDefinition: boolean;
}

export interface DotEdge {
  /** Positions in the list of nodes, from 0; -1 for a hidden callee. */
  readonly caller: number;
  readonly callee: number;
  readonly callerName: string;
  readonly calleeName: string;
  /** A sum, or the mean with `-mean`. */
  readonly weight: Int64;
  readonly isInline: boolean;
  /** Whether some calls go through hidden nodes. */
  readonly isResidual: boolean;
}

/** The call graph as pprof draws it. */
export interface DotReport extends ReportHeader {
  /** The name of the main binary; empty if it is not known. */
  readonly title: string;
  readonly droppedEdges: { readonly edges: number; readonly cutoff: Int64 };
  readonly nodes: readonly DotNode[];
  /** Heaviest first. */
  readonly edges: readonly DotEdge[];
}

/** Makes the report. With `callTree`, every context of a function is a node of its own. */
export function dot(input: ReportInput): DotReport {
  const numberUnit = input.labelUnits.get("bytes") ?? "";
  const graphInput: DrawnGraphInput = {
    ...input,
    hiddenTags: [BASE_LABEL.key],
    tagName: (number) => scaledLabel(number, numberUnit, input.unit),
  };
  const graph = input.callTree ? buildDrawnTree(graphInput) : buildDrawnGraph(graphInput);
  const header = reportHeader(input, graph.values, graph);
  return {
    ...header,
    title: header.legend.file,
    droppedEdges: {
      edges: graph.droppedEdges,
      cutoff: cutoff(input.total, input.trim.edgeFraction),
    },
    nodes: graph.shown.map((node) => dotNode(graph, node, input)),
    edges: dotEdges(graph),
  };
}

const NO_BOXES: TagBoxes = { tags: [], numbers: [] };

function dotNode(graph: DrawnGraph, node: NodeIndex, { view, labelUnits }: ReportInput): DotNode {
  const { nodes, values, calls } = graph;
  const callsOthers = calls.outOf(node).length > 0;
  const context = { labels: graph.tagLabels, unit: labelUnits.get("bytes") ?? "", callsOthers };
  const name = nodes.name(node);
  const filterName = nodes.filterName(node);
  return {
    name,
    ...(filterName !== name && { filterName }),
    file: nodes.file(node),
    parts: boxParts(graph, view.profile, node),
    flat: flatOf(values, node),
    cum: cumOf(values, node),
    // Nodes with callees show only flat values of tags, and most of them have none.
    boxes:
      callsOthers && !graph.hasFlatTags(node) ? NO_BOXES : tagBoxes(graph.tagsOf(node), context),
  };
}

function boxParts({ nodes }: DrawnGraph, profile: Profile, node: NodeIndex): DotNamePart[] {
  const { address, function: name, basePosition } = nodes.nameParts(node);
  const fn = nodes.exampleFunction(node);
  const isLinkerName = fn !== undefined && hasLinkerName(profile, fn);
  const other = { isFunction: false, isLinkerName: false, isDefinition: false };
  const parts = [
    { text: address, ...other },
    { text: name, isFunction: true, isLinkerName, isDefinition: nodes.isDefinition(node) },
    { text: basePosition, ...other },
  ];
  return parts.filter(({ text }) => text !== "");
}

function dotEdges({ nodes, shown, edges, calls }: DrawnGraph): DotEdge[] {
  const positions = new Map(shown.map((node, position) => [node, position]));
  return calls.outOfAny(shown).map((edge) => {
    const [caller, callee] = [edges.caller[edge], edges.callee[edge]];
    const divisor = edges.divisor ? int64At(edges.divisor, edge) : 0;
    const weight = int64At(edges.weight, edge);
    return {
      caller: positions.get(caller) ?? -1,
      callee: positions.get(callee) ?? -1,
      callerName: nodes.name(caller),
      calleeName: nodes.name(callee),
      weight: meanOf(weight, divisor),
      isInline: edges.inline[edge] === 1,
      isResidual: edges.residual[edge] === 1,
    };
  });
}
