import { Uint32Builder } from "../profile/columns.js";
import type { SampleIndex } from "../profile/indices.js";
import type { NodeTable } from "../view/node-table.js";
import { hasValue, type SampleValue } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import { EdgeBuilder, type EdgeTable } from "./edge-builder.js";
import { exactSums } from "./sums.js";

/** The edges to collect. */
export interface EdgeScope {
  /**
   * 1 for each node that edges may come from. Edges bypass the other nodes and connect their caller
   * with their callee.
   */
  readonly callers: Uint8Array;
  /** 1 for each node whose incoming edges are collected. */
  readonly callees: Uint8Array;
  /** 1 for each node whose outgoing edges are collected as well. No outgoing edges by default. */
  readonly outgoing?: Uint8Array;
}

/**
 * Collects the edges into `scope.callees` and out of `scope.outgoing`. A sample counts once for
 * each edge, however often its stack contains it. Recursive calls of a node are not edges.
 */
export function buildEdges(
  view: View,
  nodes: NodeTable,
  value: SampleValue,
  scope: EdgeScope,
): EdgeTable {
  let builder = new EdgeBuilder();
  const collect = (weights: Float64Array) => {
    // The edges depend only on the stacks, so every pass of exactSums finds the same ones.
    builder = new EdgeBuilder();
    collectEdges(view, collectShownFrames(nodes, scope), value, scope, weights, builder);
    return [builder.weights()];
  };
  const [weight] = exactSums(value.values, collect);
  const [divisor] = value.divisors ? exactSums(value.divisors, collect) : [];
  return builder.finish(weight, divisor);
}

/** The shown frames of each location. */
interface ShownFrames {
  /** Location `l` shows `frames[offsets[l], offsets[l + 1])`, outermost first. */
  offsets: Uint32Array;
  /** The node, shifted by {@link FLAG_BITS}, with {@link IS_INLINED} and {@link IS_RESIDUAL}. */
  frames: Uint32Array;
  /** By location: a combination of the roles below. Most locations need no further lookup. */
  roles: Uint8Array;
  /** By position in {@link frames}: the last caller, and the edge from it. A cache. */
  lastCaller: Int32Array;
  lastEdge: Int32Array;
}

const NO_CALLER = -1;

/** Some node of the location is shown. */
const IS_CALLER = 1;
/** The location has a node whose incoming edges may be collected. */
const IS_CALLEE = 2;
/** The innermost node of the location is hidden, so edges bypass it. */
const ENDS_RESIDUAL = 4;

const FLAG_BITS = 2;
/** The frame was inlined into its caller. */
const IS_INLINED = 1;
/** A hidden node of the same location calls this frame, so edges bypass that node. */
const IS_RESIDUAL = 2;

function collectShownFrames(
  nodes: NodeTable,
  { callers, callees, outgoing }: EdgeScope,
): ShownFrames {
  const { locationOffsets, locationNodes } = nodes;
  const offsets = new Uint32Array(locationOffsets.length);
  const roles = new Uint8Array(locationOffsets.length);
  const frames = new Uint32Builder();
  for (let location = 0; location + 1 < locationOffsets.length; location++) {
    const outermost = locationOffsets[location + 1] - 1;
    let around = 0;
    for (let i = outermost; i >= locationOffsets[location]; i--) {
      const node = locationNodes[i];
      if (!callers[node]) {
        around = IS_RESIDUAL;
        continue;
      }
      frames.push((node << FLAG_BITS) | (i === outermost ? 0 : IS_INLINED) | around);
      around = 0;
      // With outgoing edges, any callee may be needed, depending on its caller.
      roles[location] |= callees[node] || outgoing ? IS_CALLER | IS_CALLEE : IS_CALLER;
    }
    if (around) roles[location] |= ENDS_RESIDUAL;
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
  value: SampleValue,
  { callees, outgoing = new Uint8Array(callees.length) }: EdgeScope,
  weights: Float64Array,
  builder: EdgeBuilder,
): void {
  const { samples, stackStart, stackEnd } = view;
  const { stackLocations } = view.profile.samples;
  for (let sample = 0 as SampleIndex; sample < weights.length; sample++) {
    if (!samples[sample]) continue;
    if (!hasValue(value, sample)) continue;
    const weight = weights[sample];
    const start = stackStart[sample];
    /** The innermost location so far that has a shown node. */
    let outer = -1;
    /** Whether hidden nodes lie between that location and the current one. */
    let around = false;
    for (let i = stackEnd[sample] - 1; i >= start; i--) {
      const location = stackLocations[i];
      const role = roles[location];
      if (role & IS_CALLEE) {
        let caller = outer < 0 ? NO_CALLER : frames[offsets[outer + 1] - 1] >>> FLAG_BITS;
        const stop = offsets[location + 1];
        for (let j = offsets[location]; j < stop; j++) {
          const frame = frames[j];
          const callee = frame >>> FLAG_BITS;
          if (caller >= 0 && caller !== callee && (callees[callee] || outgoing[caller])) {
            // Inlined frames nearly always have a single caller, and other frames often do.
            if (lastCaller[j] !== caller) {
              lastCaller[j] = caller;
              lastEdge[j] = builder.find(caller, callee);
            }
            const inlined = (frame & IS_INLINED) !== 0;
            builder.add(
              lastEdge[j],
              weight,
              sample,
              inlined,
              around || (frame & IS_RESIDUAL) !== 0,
            );
          }
          around = false;
          caller = callee;
        }
      }
      if (role & IS_CALLER) {
        outer = location;
        around = (role & ENDS_RESIDUAL) !== 0;
      } else if (role !== 0) {
        around = true;
      }
    }
  }
}
