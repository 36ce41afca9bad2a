import { int64At } from "../profile/columns.js";
import { abs, type Int64 } from "../units/int64.js";
import { buildNodes, type NodeAttributes, type NodeIndex } from "../view/nodes.js";
import type { GraphInput } from "./call-graph.js";
import { buildCallTree, type CallTree, treeEdges } from "./call-tree.js";
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
import { thinStacks } from "./thin-stacks.js";
import { type LargeNodes, largeNodes } from "./trim.js";
import { TreeCalls } from "./trim-tree.js";

/** The call graph as it is drawn: the nodes and calls that tell most, and tags. */
export interface DrawnGraph {
  readonly nodes: NodeAttributes;
  readonly values: NodeValues;
  /** The nodes, the most telling first. */
  readonly shown: readonly NodeIndex[];
  /** How many nodes there were with a value large enough. */
  readonly candidates: number;
  /** How many nodes had a value too small, and how many calls between nodes that were left. */
  readonly dropped: number;
  readonly droppedEdges: number;
  readonly edges: EdgeTable;
  /**
   * The calls that are drawn. Where no node was too small or too many, calls of nodes
   * that are left out for adding up to 0, or to less, are among them, as in pprof.
   */
  readonly calls: NodeEdges;
  /** By set number, its labels: see {@link SampleTags}. */
  readonly tagLabels: SampleTags["labels"];
  tagsOf(node: NodeIndex): NodeTags;
  /** Whether some tag of `node` has a flat value. */
  hasFlatTags(node: NodeIndex): boolean;
}

/** What a drawn graph is built from. */
export interface DrawnGraphInput extends GraphInput {
  /** Keys of labels that make no tags. */
  readonly hiddenTags: readonly string[];
  /** Writes the number of a tag. */
  readonly tagName: (number: Int64) => string;
}

/** How many text tags, and how many numbers of each, are drawn at a node. */
export const MAX_TAGS = 4;

/** Builds the graph of places. */
export function buildDrawnGraph(input: DrawnGraphInput): DrawnGraph {
  const { view, value, trim } = input;
  const nodes = buildNodes(view, input.nodes);
  const values = sumNodes(view, nodes, value);
  const large = largeNodes(values, trim);
  let read = view;
  const edgesOf = (list: readonly NodeIndex[]) => {
    const wanted = maskOf(nodes.length, list);
    // Nodes left out only for adding up to 0 or to less keep their calls.
    const callers = list.length < large.present.length ? wanted : wanted.map(() => 1);
    return buildEdges(read, nodes, value, { callers, callees: wanted, outgoing: wanted });
  };
  const stacks = (wanted: Uint8Array) => graphStacks(read, nodes, wanted);
  const drawing = new Drawing(input, { nodes, values, large, stacks });

  let edges = edgesOf(large.large);
  let shown = sortByEntropy(large.large, nodes, values, edges);
  let droppedEdges: number | undefined;
  if (trim.nodeCount > 0) {
    // What is drawn is among these: the rest of the stacks need not be read again and again.
    read = thinStacks(view, nodes, maskOf(nodes.length, shown.slice(0, trim.nodeCount)));
  }
  const count = drawing.select(shown);
  if (count < shown.length) {
    edges = edgesOf(shown.slice(0, count));
    shown = sortByEntropy(shown.slice(0, count), nodes, values, edges);
  } else if (trim.nodeCount > 0) {
    // pprof has left the light ones out before it counts.
    droppedEdges = 0;
  }
  return drawing.finish(shown, edges, droppedEdges);
}

/** Builds the graph in which every context of a place is a node of its own. */
export function buildDrawnTree(input: DrawnGraphInput): DrawnGraph {
  const { view, value, trim } = input;
  const tree = buildCallTree(view, buildNodes(view, input.nodes), value);
  const { nodes, values } = tree;
  const large = largeNodes(values, trim);
  const calls = new TreeCalls(tree);
  const keep = (list: readonly NodeIndex[]) => {
    const kept = maskOf(nodes.length, list);
    // Nodes left out only for adding up to 0 or to less stay between the others.
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

/** The calls of `tree` that enter or leave nodes with a 1 in `wanted`. */
function edgesAt(tree: CallTree, calls: TreeCalls, wanted: Uint8Array): EdgeTable {
  const callers = calls.callers.map((caller, node) =>
    caller >= 0 && (wanted[node] || wanted[caller]) ? caller : -1,
  );
  return treeEdges(callers, tree.values, calls.inlined, calls.residual);
}

/** What graphs and trees have in common. */
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

  /** How many of the sorted nodes are drawn: tags count like nodes. */
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

  /** `droppedEdges` where it is not the number of light ones among `edges`. */
  finish(shown: readonly NodeIndex[], edges: EdgeTable, droppedEdges?: number): DrawnGraph {
    const { nodes, values, large } = this.#graph;
    const isShown = maskOf(nodes.length, shown);
    // As in pprof, calls of nodes that are not shown are kept, however light.
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

/** How many tags a node has with a flat value: about as many as are drawn. */
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
