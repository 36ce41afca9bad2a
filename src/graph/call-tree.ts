import type { Int64Column } from "../profile/columns.js";
import { type IndexColumn, indexColumn } from "../profile/columns.js";
import type { SampleIndex } from "../profile/indices.js";
import type { NodeAttributes, NodeIndex, NodeTable } from "../view/node-table.js";
import { NO_NODE } from "../view/node-table.js";
import { hasValue, type SampleValue } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import type { EdgeTable } from "./edge-builder.js";
import type { NodeValues } from "./node-values.js";
import { PairInterner } from "./pair-interner.js";
import { exactSums } from "./sums.js";

/** A graph with a node for each context of a function. Callers precede their callees. */
export interface CallTree {
  readonly nodes: NodeAttributes;
  readonly values: NodeValues;
  /** One edge to each node that has a caller. */
  readonly edges: EdgeTable;
  /** By node: its caller, or {@link NO_NODE}. */
  readonly callers: Int32Array;
  /** By sample: the node of its leaf, or {@link NO_NODE}. */
  readonly leaves: Int32Array;
}

/** Builds the tree of all stacks in `view` whose samples have a value. */
export function buildCallTree(view: View, nodes: NodeTable, value: SampleValue): CallTree {
  const { origins, callers, inlined, leaves } = collectPaths(view, nodes, value);
  const sum = (weights: Float64Array) => sumTree(weights, callers, leaves);
  const [flat, cum] = exactSums(value.values, sum);
  const [flatDivisor, cumDivisor] = value.divisors ? exactSums(value.divisors, sum) : [];
  const values = { flat, cum, flatDivisor, cumDivisor, inlinedBound: undefined };
  return {
    nodes: attributesAt(nodes, origins),
    values,
    edges: treeEdges(callers, values, inlined),
    callers,
    leaves,
  };
}

interface TreePaths {
  /** By node of the tree: its node of the report, its caller, and 1 if all calls were inlined. */
  origins: IndexColumn<NodeIndex>;
  callers: Int32Array;
  inlined: Uint8Array;
  leaves: Int32Array;
}

function collectPaths(view: View, nodes: NodeTable, value: SampleValue): TreePaths {
  const { samples, stackStart, stackEnd } = view;
  const { stackLocations } = view.profile.samples;
  const { locationOffsets, locationNodes } = nodes;
  /** Nodes of the tree as pairs of caller + 1 and origin. */
  const pairs = new PairInterner();
  const leaves = new Int32Array(samples.length).fill(NO_NODE);
  const called: number[] = [];
  for (let sample = 0 as SampleIndex; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    if (!hasValue(value, sample)) continue;
    let node: number = NO_NODE;
    for (let i = stackEnd[sample] - 1; i >= stackStart[sample]; i--) {
      const location = stackLocations[i];
      const outermost = locationOffsets[location + 1] - 1;
      for (let j = outermost; j >= locationOffsets[location]; j--) {
        node = pairs.intern(node + 1, locationNodes[j]);
        called[node] = (called[node] ?? 0) | (j === outermost ? 1 : 0);
      }
    }
    leaves[sample] = node;
  }
  const callers = Int32Array.from(pairs.firsts, (first) => first - 1);
  return {
    origins: indexColumn(pairs.seconds),
    callers,
    inlined: Uint8Array.from(called, (any) => 1 - any),
    leaves,
  };
}

function sumTree(weights: Float64Array, callers: Int32Array, leaves: Int32Array): Float64Array[] {
  const flat = new Float64Array(callers.length);
  for (let sample = 0 as SampleIndex; sample < leaves.length; sample++) {
    if (leaves[sample] >= 0) flat[leaves[sample]] += weights[sample];
  }
  const cum = flat.slice();
  // Callees follow their callers, so the sum of a callee is complete before it is added to its
  // caller.
  for (let node = callers.length - 1; node >= 0; node--) {
    if (callers[node] >= 0) cum[callers[node]] += cum[node];
  }
  return [flat, cum];
}

/** Returns the edge to each node that has a caller. It has the cum of the node as its weight. */
export function treeEdges(
  callers: Int32Array,
  { cum, cumDivisor }: NodeValues,
  inlined: Uint8Array,
  residual?: Uint8Array,
): EdgeTable {
  const callees: number[] = [];
  for (let node = 0 as NodeIndex; node < callers.length; node++)
    if (callers[node] >= 0) callees.push(node);
  const callee = Uint32Array.from(callees);
  return {
    length: callee.length,
    caller: indexColumn(callee.map((node) => callers[node])),
    callee: indexColumn(callee),
    weight: columnAt(cum, callees),
    divisor: cumDivisor && columnAt(cumDivisor, callees),
    inline: Uint8Array.from(callee, (node) => inlined[node]),
    residual: Uint8Array.from(callee, (node) => residual?.[node] ?? 0),
  };
}

function columnAt(column: Int64Column, rows: readonly number[]): Int64Column {
  return column instanceof Float64Array
    ? Float64Array.from(rows, (row) => column[row])
    : BigInt64Array.from(rows, (row) => column[row]);
}

/** Returns the attributes of the nodes `origins[0]`, `origins[1]` and so on. */
function attributesAt(nodes: NodeAttributes, origins: IndexColumn<NodeIndex>): NodeAttributes {
  return {
    length: origins.length,
    hasAddresses: nodes.hasAddresses,
    name: (node) => nodes.name(origins[node]),
    address: (node) => nodes.address(origins[node]),
    functionName: (node) => nodes.functionName(origins[node]),
    file: (node) => nodes.file(origins[node]),
    line: (node) => nodes.line(origins[node]),
    column: (node) => nodes.column(origins[node]),
    startLine: (node) => nodes.startLine(origins[node]),
    printedFunction: (node) => nodes.printedFunction(origins[node]),
    filterName: (node) => nodes.filterName(origins[node]),
    isDefinition: (node) => nodes.isDefinition(origins[node]),
    startColumn: (node) => nodes.startColumn(origins[node]),
    binary: (node) => nodes.binary(origins[node]),
    exampleFunction: (node) => nodes.exampleFunction(origins[node]),
    nameParts: (node) => nodes.nameParts(origins[node]),
    compareOrigins: (a, b) => nodes.compareOrigins(origins[a], origins[b]),
  };
}
