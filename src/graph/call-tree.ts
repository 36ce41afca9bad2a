import type { Int64Column } from "../profile/columns.js";
import type { NodeAttributes, NodeTable } from "../view/nodes.js";
import { hasValue, type SampleValue } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import type { EdgeTable } from "./edge-builder.js";
import type { NodeValues } from "./node-values.js";
import { PairInterner } from "./pair-interner.js";
import { exactSums } from "./sums.js";

/**
 * A graph in which every context of a place is a node of its own. Callers come before
 * the nodes that they call.
 */
export interface CallTree {
  readonly nodes: NodeAttributes;
  readonly values: NodeValues;
  /** One edge into each node that has a caller. */
  readonly edges: EdgeTable;
  /** By node: its caller, or -1. */
  readonly callers: Int32Array;
  /** By sample: the node of its leaf, or -1. */
  readonly leaves: Int32Array;
}

const NO_CALLER = -1;

/** Builds the tree of all stacks of `view` whose samples have a value. */
export function buildCallTree(view: View, nodes: NodeTable, value: SampleValue): CallTree {
  const { places, callers, inlined, leaves } = collectPaths(view, nodes, value);
  const sum = (weights: Float64Array) => sumTree(weights, callers, leaves);
  const [flat, cum] = exactSums(value.values, sum);
  const [flatDivisor, cumDivisor] = value.divisors ? exactSums(value.divisors, sum) : [];
  const values = { flat, cum, flatDivisor, cumDivisor, inlinedBound: undefined };
  return {
    nodes: attributesAt(nodes, places),
    values,
    edges: treeEdges(callers, values, inlined),
    callers,
    leaves,
  };
}

interface Paths {
  /** By node of the tree: the node that it is a context of, its caller, and 1 if it was always inlined. */
  places: Uint32Array;
  callers: Int32Array;
  inlined: Uint8Array;
  /** By sample: the node of its leaf, or -1. */
  leaves: Int32Array;
}

function collectPaths(view: View, nodes: NodeTable, value: SampleValue): Paths {
  const { samples, stackStart, stackEnd } = view;
  const { stackLocations } = view.profile.samples;
  const { locationOffsets, locationNodes } = nodes;
  /** Nodes of the tree as pairs of caller + 1 and place. */
  const pairs = new PairInterner();
  const leaves = new Int32Array(samples.length).fill(NO_CALLER);
  const called: number[] = [];
  for (let sample = 0; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    if (!hasValue(value, sample)) continue;
    let node = NO_CALLER;
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
    places: pairs.seconds,
    callers,
    inlined: Uint8Array.from(called, (any) => 1 - any),
    leaves,
  };
}

function sumTree(weights: Float64Array, callers: Int32Array, leaves: Int32Array): Float64Array[] {
  const flat = new Float64Array(callers.length);
  for (let sample = 0; sample < leaves.length; sample++) {
    if (leaves[sample] >= 0) flat[leaves[sample]] += weights[sample];
  }
  const cum = flat.slice();
  // What is called comes behind its caller, and is whole before it is added to it.
  for (let node = callers.length - 1; node >= 0; node--) {
    if (callers[node] >= 0) cum[callers[node]] += cum[node];
  }
  return [flat, cum];
}

/** The edges into the nodes that have a caller: every call of a node comes from there. */
export function treeEdges(
  callers: Int32Array,
  { cum, cumDivisor }: NodeValues,
  inlined: Uint8Array,
  residual?: Uint8Array,
): EdgeTable {
  const callees: number[] = [];
  for (let node = 0; node < callers.length; node++) if (callers[node] >= 0) callees.push(node);
  const callee = Uint32Array.from(callees);
  return {
    length: callee.length,
    caller: callee.map((node) => callers[node]),
    callee,
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

/** The attributes of the nodes `places[0]`, `places[1]`, and so on. */
function attributesAt(nodes: NodeAttributes, places: Uint32Array): NodeAttributes {
  return {
    length: places.length,
    hasAddresses: nodes.hasAddresses,
    name: (node) => nodes.name(places[node]),
    address: (node) => nodes.address(places[node]),
    functionName: (node) => nodes.functionName(places[node]),
    file: (node) => nodes.file(places[node]),
    line: (node) => nodes.line(places[node]),
    column: (node) => nodes.column(places[node]),
    startLine: (node) => nodes.startLine(places[node]),
    binary: (node) => nodes.binary(places[node]),
    compareOrigins: (a, b) => nodes.compareOrigins(places[a], places[b]),
  };
}
