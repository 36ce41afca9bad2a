import { type Int64Column, Uint32Builder } from "../profile/columns.js";
import type { NodeTable } from "../view/nodes.js";
import type { SampleValue } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import { EdgeBuilder, type EdgeTable } from "./edge-builder.js";
import { exactSums } from "./sums.js";

/** Which nodes edges are wanted of. */
export interface EdgeScope {
  /** 1 for each node that edges may come from; they go around the others, from caller to callee. */
  readonly callers: Uint8Array;
  /** 1 for each node whose incoming edges are wanted. */
  readonly callees: Uint8Array;
  /** 1 for each node whose outgoing edges are wanted as well; none where it is left out. */
  readonly outgoing?: Uint8Array;
}

/**
 * Collects the edges into `scope.callees`, and out of `scope.outgoing`. A sample counts once for an edge however
 * often its stack has it; calls of a node to itself are no edges.
 */
export function buildEdges(
  view: View,
  nodes: NodeTable,
  value: SampleValue,
  scope: EdgeScope,
): EdgeTable {
  let builder = new EdgeBuilder();
  const [weight] = exactSums(value.values, (weights) => {
    // Which edges there are depends on the stacks only, so every round finds the same.
    builder = new EdgeBuilder();
    collectEdges(view, shownFrames(nodes, scope), value, scope, weights, builder);
    return [builder.weights()];
  });
  return builder.finish(weight);
}

/** What matters of each location for edges. */
interface ShownFrames {
  /** The shown frames of location `l`, outermost first, are `frames[offsets[l], offsets[l + 1])`. */
  offsets: Uint32Array;
  /** Twice the node, and 1 more where the frame was inlined. */
  frames: Uint32Array;
  /** By location: {@link IS_CALLER} and {@link IS_CALLEE}. Most frames need no more than this. */
  roles: Uint8Array;
  /** By position in {@link frames}: the caller that last called it, and the edge between them. */
  lastCaller: Int32Array;
  lastEdge: Int32Array;
}

const NO_CALLER = -1;

/** Some node of the location is shown. */
const IS_CALLER = 1;
/** Edges into some node of the location may be wanted. */
const IS_CALLEE = 2;

function shownFrames(nodes: NodeTable, { callers, callees, outgoing }: EdgeScope): ShownFrames {
  const { locationOffsets, locationNodes } = nodes;
  const offsets = new Uint32Array(locationOffsets.length);
  const roles = new Uint8Array(locationOffsets.length);
  const frames = new Uint32Builder();
  for (let location = 0; location + 1 < locationOffsets.length; location++) {
    const outermost = locationOffsets[location + 1] - 1;
    for (let i = outermost; i >= locationOffsets[location]; i--) {
      const node = locationNodes[i];
      if (!callers[node]) continue;
      frames.push(node * 2 + (i === outermost ? 0 : 1));
      // Where outgoing edges are wanted, it depends on the caller.
      roles[location] |= callees[node] || outgoing ? IS_CALLER | IS_CALLEE : IS_CALLER;
    }
    offsets[location + 1] = frames.length;
  }
  return {
    offsets,
    frames: frames.finish(),
    roles,
    lastCaller: new Int32Array(frames.length).fill(NO_CALLER),
    lastEdge: new Int32Array(frames.length),
  };
}

function collectEdges(
  view: View,
  { offsets, frames, roles, lastCaller, lastEdge }: ShownFrames,
  { values, divisors }: SampleValue,
  { callees, outgoing = new Uint8Array(callees.length) }: EdgeScope,
  weights: Float64Array,
  builder: EdgeBuilder,
): void {
  const { samples, stackStart, stackEnd } = view;
  const { stackLocations } = view.profile.samples;
  for (let sample = 0; sample < weights.length; sample++) {
    if (!samples[sample]) continue;
    if (isZero(values, sample) && (!divisors || isZero(divisors, sample))) continue;
    const weight = weights[sample];
    const start = stackStart[sample];
    /** The innermost location so far that has a shown node. */
    let outer = -1;
    for (let i = stackEnd[sample] - 1; i >= start; i--) {
      const location = stackLocations[i];
      const role = roles[location];
      if (role & IS_CALLEE) {
        let caller = outer < 0 ? NO_CALLER : frames[offsets[outer + 1] - 1] >>> 1;
        const stop = offsets[location + 1];
        for (let j = offsets[location]; j < stop; j++) {
          const callee = frames[j] >>> 1;
          if (caller >= 0 && caller !== callee && (callees[callee] || outgoing[caller])) {
            // An inlined frame nearly always has one caller, others often do.
            if (lastCaller[j] !== caller) {
              lastCaller[j] = caller;
              lastEdge[j] = builder.find(caller, callee);
            }
            builder.add(lastEdge[j], weight, (frames[j] & 1) === 1, sample);
          }
          caller = callee;
        }
      }
      if (role !== 0) outer = location;
    }
  }
}

function isZero(column: Int64Column, row: number): boolean {
  return column[row] === 0 || column[row] === 0n;
}
