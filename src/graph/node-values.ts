import { type Int64Column, int64At } from "../profile/columns.js";
import { memoized } from "../profile/memo.js";
import type { Int64 } from "../units/int64.js";
import type { NodeIndex, NodeTable } from "../view/node-table.js";
import type { SampleValue } from "../view/sample-value.js";
import { meanOf } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import { exactSums } from "./sums.js";

/** The values of each node: *flat* for the node itself, *cum* including its callees. */
export interface NodeValues {
  readonly flat: Int64Column;
  readonly cum: Int64Column;
  /** For means: the divisors of the sums. */
  readonly flatDivisor: Int64Column | undefined;
  readonly cumDivisor: Int64Column | undefined;
  /**
   * An upper bound on the absolute weight of any edge of inlined calls to the node. Undefined if
   * the values are too large for exact sums of doubles.
   */
  readonly inlinedBound: Float64Array | undefined;
}

interface KnownSums {
  readonly nodes: NodeTable;
  readonly value: Pick<SampleValue, "values" | "divisors">;
  readonly sums: NodeValues;
}

const MAX_CACHED_SUMS = 4;

const knownSums = memoized((_: View): KnownSums[] => []);

/** Sums samples by node; a node counts once per stack. Caches the last results of each view. */
export function sumNodes(view: View, nodes: NodeTable, value: SampleValue): NodeValues {
  const known = knownSums(view);
  const same = known.find(
    (other) =>
      other.nodes === nodes &&
      other.value.values === value.values &&
      other.value.divisors === value.divisors,
  );
  if (same) return same.sums;
  const sums = sumAll(view, nodes, value);
  known.unshift({ nodes, value, sums });
  known.length = Math.min(known.length, MAX_CACHED_SUMS);
  return sums;
}

function sumAll(view: View, nodes: NodeTable, value: SampleValue): NodeValues {
  const sum = (weights: Float64Array) => sumWeights(view, nodes, weights);
  const [flat, cum, inlined] = exactSums(value.values, sum);
  const [flatDivisor, cumDivisor] = value.divisors ? exactSums(value.divisors, sum) : [];
  const inlinedBound = inlined instanceof Float64Array ? inlined : undefined;
  return { flat, cum, flatDivisor, cumDivisor, inlinedBound };
}

/** Returns flat, cum and the bound on inlined calls of each node, for one column of weights. */
function sumWeights(view: View, nodes: NodeTable, weights: Float64Array): Float64Array[] {
  const { samples, stackStart, stackEnd } = view;
  const { stackLocations } = view.profile.samples;
  const { locationOffsets, locationNodes } = nodes;
  const single = singleNodes(nodes);
  const flat = new Float64Array(nodes.length);
  const cum = new Float64Array(nodes.length);
  const inlined = new Float64Array(nodes.length);
  /** By node: the last sample that counted, plus one. */
  const seenIn = new Uint32Array(nodes.length);
  for (let sample = 0; sample < weights.length; sample++) {
    const weight = weights[sample];
    if (weight === 0 || !samples[sample]) continue;
    const size = Math.abs(weight);
    const stamp = sample + 1;
    const end = stackEnd[sample];
    let isLeaf = true;
    for (let i = stackStart[sample]; i < end; i++) {
      const location = stackLocations[i];
      const only = single[location];
      if (only >= 0 && !isLeaf) {
        if (seenIn[only] !== stamp) {
          seenIn[only] = stamp;
          cum[only] += weight;
        }
        continue;
      }
      const stop = locationOffsets[location + 1];
      for (let j = locationOffsets[location]; j < stop; j++) {
        const node = locationNodes[j];
        if (isLeaf) {
          flat[node] += weight;
          isLeaf = false;
        }
        if (j + 1 < stop) inlined[node] += size;
        if (seenIn[node] !== stamp) {
          seenIn[node] = stamp;
          cum[node] += weight;
        }
      }
    }
  }
  return [flat, cum, inlined];
}

/** Returns by location: its node if it has exactly one, as most do; otherwise -1. */
function singleNodes({ locationOffsets, locationNodes }: NodeTable): Int32Array {
  const single = new Int32Array(locationOffsets.length - 1).fill(-1);
  for (let location = 0; location < single.length; location++) {
    const start = locationOffsets[location];
    if (locationOffsets[location + 1] === start + 1) single[location] = locationNodes[start];
  }
  return single;
}

/** Returns the flat value of a node as printed; for means, divided. */
export function flatOf(values: NodeValues, node: NodeIndex): Int64 {
  return mean(values.flat, values.flatDivisor, node);
}

/** Returns the cumulative value of a node as printed; for means, divided. */
export function cumOf(values: NodeValues, node: NodeIndex): Int64 {
  return mean(values.cum, values.cumDivisor, node);
}

function mean(sums: Int64Column, divisors: Int64Column | undefined, node: NodeIndex): Int64 {
  const sum = int64At(sums, node);
  const divisor = divisors ? int64At(divisors, node) : 0;
  return meanOf(sum, divisor);
}
