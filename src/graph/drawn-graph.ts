import { int64At } from "../profile/columns.js";
import { abs, type Int64 } from "../units/int64.js";
import type { NodeAttributes, NodeIndex } from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import type { GraphInput } from "./call-graph.js";
import { buildCallTree, type CallTree, treeEdges } from "./call-tree.js";
import { collapseStacks } from "./collapse-stacks.js";
import type { EdgeTable } from "./edge-builder.js";
import { buildEdges } from "./edges.js";
import { sortByEntropy } from "./entropy.js";
import { maskOf } from "./mask.js";
import { NodeEdges } from "./node-edges.js";
import { type NodeTags, TagsByNode } from "./node-tags.js";
import { type NodeValues, sumNodes } from "./node-values.js";
import { redundantEdges } from "./redundant-edges.js";
import { type SampleTags, sampleTags } from "./sample-tags.js";
import { graphStacks, type StackNodes, treeStacks } from "./stack-nodes.js";
import { type LargeNodes, largeNodes } from "./trim.js";
import { TreeCalls } from "./trim-tree.js";

/** The call graph as it is drawn: the most important nodes and edges, and their tags. */
export interface DrawnGraph {
  readonly nodes: NodeAttributes;
  readonly values: NodeValues;
  /** The drawn nodes, most important first. */
  readonly shown: readonly NodeIndex[];
  /** The number of nodes above the cutoff. */
  readonly candidates: number;
  /** The number of nodes below the cutoff, and of edges between other nodes below theirs. */
  readonly dropped: number;
  readonly droppedEdges: number;
  readonly edges: EdgeTable;
  /**
   * The edges that are drawn. As in pprof, if no node was too small or too many, these include the
   * edges of nodes that are hidden because their values add up to 0 or less.
   */
  readonly calls: NodeEdges;
  /** By number of a set: its labels, see {@link SampleTags}. */
  readonly tagLabels: SampleTags["labels"];
  tagsOf(node: NodeIndex): NodeTags;
  hasFlatTags(node: NodeIndex): boolean;
}

export interface DrawnGraphInput extends GraphInput {
  /** The keys of labels that are not drawn as tags. */
  readonly hiddenTags: readonly string[];
  readonly tagName: (number: Int64) => string;
}

/** The maximum number of text tags drawn at a node, and of numbers at each of them. */
export const MAX_TAGS = 4;

/** Builds the graph, in which all contexts of a function share a node. */
export function buildDrawnGraph(input: DrawnGraphInput): DrawnGraph {
  const { view, value, trim } = input;
  const nodes = buildNodes(view, input.nodes);
  const values = sumNodes(view, nodes, value);
  const large = largeNodes(values, trim);
  let read = view;
  const edgesOf = (list: readonly NodeIndex[]) => {
    const wanted = maskOf(nodes.length, list);
    // Nodes that are hidden only because their values add up to 0 or less keep their edges.
    const callers = list.length < large.present.length ? wanted : wanted.map(() => 1);
    return buildEdges(read, nodes, value, { callers, callees: wanted, outgoing: wanted });
  };
  const stacks = (wanted: Uint8Array) => graphStacks(read, nodes, wanted);
  const drawing = new Drawing(input, { nodes, values, large, stacks });

  let edges = edgesOf(large.large);
  let shown = sortByEntropy(large.large, nodes, values, edges);
  let droppedEdges: number | undefined;
  if (trim.nodeCount > 0) {
    // All drawn nodes are among these, so later passes can skip the other frames.
    read = collapseStacks(view, nodes, maskOf(nodes.length, shown.slice(0, trim.nodeCount)));
  }
  const count = drawing.select(shown);
  if (count < shown.length) {
    edges = edgesOf(shown.slice(0, count));
    shown = sortByEntropy(shown.slice(0, count), nodes, values, edges);
  } else if (trim.nodeCount > 0) {
    // In this case pprof removes the edges below the cutoff before it counts.
    droppedEdges = 0;
  }
  return drawing.finish(shown, edges, droppedEdges);
}

/** Builds the call tree, in which every context of a function is a node of its own. */
export function buildDrawnTree(input: DrawnGraphInput): DrawnGraph {
  const { view, value, trim } = input;
  const tree = buildCallTree(view, buildNodes(view, input.nodes), value);
  const { nodes, values } = tree;
  const large = largeNodes(values, trim);
  const calls = new TreeCalls(tree);
  const keep = (list: readonly NodeIndex[]) => {
    const kept = maskOf(nodes.length, list);
    // Nodes that are hidden only because their values add up to 0 or less stay in the tree.
    calls.remove(maskOf(nodes.length, large.present).map((present, node) => present & ~kept[node]));
  };
  const edgesOf = (list: readonly NodeIndex[]) => edgesAt(tree, calls, maskOf(nodes.length, list));
  const stacks = (wanted: Uint8Array) => treeStacks(tree, wanted);
  const drawing = new Drawing(input, { nodes, values, large, stacks });

  keep(large.large);
  let shown = sortByEntropy(large.large, nodes, values, edgesOf(large.large));
  if (trim.nodeCount > 0) {
    const count = drawing.select(shown);
    calls.cutLight(shown, values.cum, large.edgeCutoff);
    if (count < shown.length) {
      shown = shown.slice(0, count);
      keep(shown);
      shown = sortByEntropy(shown, nodes, values, edgesOf(shown));
    }
  }
  return drawing.finish(shown, edgesOf(shown));
}

/** Returns the edges of `tree` to and from the nodes with a 1 in `wanted`. */
function edgesAt(tree: CallTree, calls: TreeCalls, wanted: Uint8Array): EdgeTable {
  const callers = calls.callers.map((caller, node) =>
    caller >= 0 && (wanted[node] || wanted[caller]) ? caller : -1,
  );
  return treeEdges(callers, tree.values, calls.inlined, calls.residual);
}

/** The data that the drawing of a graph and of a tree share. */
interface Drawable {
  readonly nodes: NodeAttributes;
  readonly values: NodeValues;
  readonly large: LargeNodes;
  readonly stacks: (wanted: Uint8Array) => StackNodes;
}

class Drawing {
  readonly #input: DrawnGraphInput;
  readonly #graph: Drawable;
  readonly #sampleTags: SampleTags;
  #tags: TagsByNode | undefined;

  constructor(input: DrawnGraphInput, graph: Drawable) {
    this.#input = input;
    this.#graph = graph;
    this.#sampleTags = sampleTags(input.view, input.hiddenTags);
  }

  /** Returns the number of sorted nodes to draw. Tags count towards the limit like nodes. */
  select(sorted: readonly NodeIndex[]): number {
    const { nodeCount } = this.#input.trim;
    if (nodeCount === 0) return sorted.length;
    const first = sorted.slice(0, nodeCount);
    const tags = this.#tagsOf(first);
    let count = 0;
    for (let i = 0; i < first.length; i++) {
      count += 1;
      if (tags.hasFlat(first[i])) count += Math.min(MAX_TAGS, countTags(tags.of(first[i])));
      if (count >= nodeCount) return i + 1;
    }
    return first.length;
  }

  /** `droppedEdges` replaces the number of edges below the cutoff among `edges`. */
  finish(shown: readonly NodeIndex[], edges: EdgeTable, droppedEdges?: number): DrawnGraph {
    const { nodes, values, large } = this.#graph;
    const isShown = maskOf(nodes.length, shown);
    // As in pprof, edges to hidden nodes are kept even below the cutoff.
    const isLight = (edge: number) =>
      isShown[edges.callee[edge]] === 1 && abs(int64At(edges.weight, edge)) < large.edgeCutoff;
    const light = countWhere(edges.length, isLight);
    const heavy = new NodeEdges(nodes, edges, (edge) => !isLight(edge));
    const redundant = redundantEdges(shown, edges, heavy);
    const tags = this.#tags ?? this.#tagsOf(shown);
    return {
      nodes,
      values,
      shown,
      candidates: large.large.length,
      dropped: large.present.length - large.large.length,
      droppedEdges: droppedEdges ?? light,
      edges,
      calls: new NodeEdges(nodes, edges, (edge) => !isLight(edge) && !redundant.has(edge)),
      tagLabels: (set) => this.#sampleTags.labels(set),
      tagsOf: (node) => tags.of(node),
      hasFlatTags: (node) => tags.hasFlat(node),
    };
  }

  #tagsOf(list: readonly NodeIndex[]): TagsByNode {
    const { nodes, large, stacks } = this.#graph;
    const { value, tagName } = this.#input;
    const wanted = stacks(maskOf(nodes.length, list));
    this.#tags = new TagsByNode(this.#sampleTags, value, wanted, large.nodeCutoff, tagName);
    return this.#tags;
  }
}

/** Returns the number of tags with a flat value, an estimate of the number drawn. */
function countTags({ texts, numbers }: NodeTags): number {
  let count = 0;
  for (const tags of [texts, ...numbers.values()]) {
    for (const { flat } of tags) if (flat !== 0) count++;
  }
  return count;
}

function countWhere(length: number, isCounted: (row: number) => boolean): number {
  let count = 0;
  for (let row = 0; row < length; row++) if (isCounted(row)) count++;
  return count;
}
