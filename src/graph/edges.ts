import type { Int64Column } from "../profile/columns.js";
import type { NodeTable } from "../view/nodes.js";
import type { SampleValue } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import { exactSums } from "./sums.js";

/** Calls between nodes. */
export interface EdgeTable {
  readonly length: number;
  readonly caller: Uint32Array;
  readonly callee: Uint32Array;
  readonly weight: Int64Column;
  /** 1 where every call of the edge was inlined. */
  readonly inline: Uint8Array;
}

/** Which nodes edges are wanted of. */
export interface EdgeScope {
  /** 1 for each node that is shown; calls through others join the shown ones around them. */
  readonly shown: Uint8Array;
  /** 1 for each node whose incoming edges are wanted. */
  readonly callees: Uint8Array;
}

/**
 * Collects the edges into `scope.callees`. A sample counts once for an edge however
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
    collectEdges(view, nodes, value, scope, weights, builder);
    return [builder.weights()];
  });
  return builder.finish(weight);
}

function collectEdges(
  view: View,
  nodes: NodeTable,
  { values, divisors }: SampleValue,
  { shown, callees }: EdgeScope,
  weights: Float64Array,
  builder: EdgeBuilder,
): void {
  const { samples, stackStart, stackEnd } = view;
  const { stackLocations } = view.profile.samples;
  const { locationOffsets, locationNodes } = nodes;
  for (let sample = 0; sample < weights.length; sample++) {
    if (!samples[sample]) continue;
    if (isZero(values, sample) && (!divisors || isZero(divisors, sample))) continue;
    let caller = -1;
    for (let i = stackEnd[sample] - 1; i >= stackStart[sample]; i--) {
      const location = stackLocations[i];
      const start = locationOffsets[location];
      const last = locationOffsets[location + 1] - 1;
      for (let j = last; j >= start; j--) {
        const callee = locationNodes[j];
        if (!shown[callee]) continue;
        if (caller >= 0 && caller !== callee && callees[callee]) {
          builder.add(caller, callee, weights[sample], j !== last, sample);
        }
        caller = callee;
      }
    }
  }
}

function isZero(column: Int64Column, row: number): boolean {
  return column[row] === 0 || column[row] === 0n;
}

class EdgeBuilder {
  readonly #index = new Map<number, number>();
  readonly #caller: number[] = [];
  readonly #callee: number[] = [];
  readonly #weight: number[] = [];
  readonly #inline: number[] = [];
  /** The last sample that added to each edge. */
  readonly #seenIn: number[] = [];

  add(caller: number, callee: number, weight: number, inline: boolean, sample: number): void {
    // Node numbers are below 2^26 in any profile that fits into memory.
    const key = caller * 2 ** 26 + callee;
    const edge = this.#index.get(key);
    if (edge === undefined) {
      this.#index.set(key, this.#caller.length);
      this.#caller.push(caller);
      this.#callee.push(callee);
      this.#weight.push(weight);
      this.#inline.push(inline ? 1 : 0);
      this.#seenIn.push(sample);
    } else if (this.#seenIn[edge] !== sample) {
      this.#seenIn[edge] = sample;
      this.#weight[edge] += weight;
      if (!inline) this.#inline[edge] = 0;
    }
  }

  weights(): Float64Array {
    return Float64Array.from(this.#weight);
  }

  finish(weight: Int64Column): EdgeTable {
    return {
      length: this.#caller.length,
      caller: Uint32Array.from(this.#caller),
      callee: Uint32Array.from(this.#callee),
      weight,
      inline: Uint8Array.from(this.#inline),
    };
  }
}
