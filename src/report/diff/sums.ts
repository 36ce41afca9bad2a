import { cumOf, flatOf, sumNodes } from "../../graph/node-values.js";
import { int64At } from "../../profile/columns.js";
import { add, divide, type Int64 } from "../../units/int64.js";
import type { NodeIndex, NodeTable } from "../../view/node-table.js";
import { buildNodes } from "../../view/nodes.js";
import type { SampleValue } from "../../view/sample-value.js";
import type { ReportInput } from "../input.js";
import { type NodeRef, nodeRef } from "../node-ref.js";

/** A function of one profile. At other granularities, it is another node. */
export interface ProfileFunction {
  readonly node: NodeRef;
  /** Whether file and line are part of the identity, so that they may differ between versions. */
  readonly hasPosition: boolean;
  readonly sums: FunctionSums;
}

/** The values of a function in one profile, and the number of samples that contain it. */
export interface FunctionSums {
  readonly flat: Int64;
  readonly cum: Int64;
  /** The number of samples with the function as their leaf, and with it anywhere on their stack. */
  readonly flatSamples: number;
  readonly cumSamples: number;
}

/** The way in which the samples of a profile are counted. */
export type SampleCounting =
  /** The profile counts them, in a sample type `samples` or in multiples of the period. */
  | "samples"
  /** The records of the file are counted, because the profile does not count samples. */
  | "records";

export interface ProfileSums {
  readonly type: string;
  readonly unit: string;
  readonly total: Int64;
  readonly samples: number;
  readonly counting: SampleCounting;
  /** Nodes with equal names and without positions are merged. */
  readonly functions: readonly ProfileFunction[];
}

/** Sums the values and samples of a profile by function. */
export function profileSums(input: ReportInput): ProfileSums {
  const { view, value } = input;
  const nodes = buildNodes(view, input.nodes);
  const sums = sumNodes(view, nodes, value);
  const { counting, counts } = countsOf(input);
  const seen = sumNodes(view, nodes, counts);
  const byName = new Map<string, ProfileFunction>();
  const functions: ProfileFunction[] = [];
  for (let node = 0 as NodeIndex; node < nodes.length; node++) {
    const own: FunctionSums = {
      flat: flatOf(sums, node),
      cum: cumOf(sums, node),
      flatSamples: Number(seen.flat[node]),
      cumSamples: Number(seen.cum[node]),
    };
    if (isEmpty(own)) continue;
    const ref = nodeRef(nodes, node);
    if (hasPosition(nodes, node)) {
      functions.push({ node: ref, hasPosition: true, sums: own });
      continue;
    }
    const other = byName.get(ref.name);
    const sum = other ? addSums(other.sums, own) : own;
    byName.set(ref.name, { node: ref, hasPosition: false, sums: sum });
  }
  let samples = 0;
  for (let sample = 0; sample < view.samples.length; sample++) {
    if (view.samples[sample]) samples += Number(counts.values[sample]);
  }
  const { type, unit } = value;
  functions.push(...byName.values());
  return { type, unit, total: input.total, samples, counting, functions };
}

/** Whether the file of a node is part of its identity: in functions of scripts, and in files. */
function hasPosition(nodes: NodeTable, node: NodeIndex): boolean {
  const isFile = nodes.functionName(node) === "" && nodes.startLine(node) === 0;
  return nodes.file(node) !== "" && (nodes.isDefinition(node) || isFile);
}

function isEmpty({ flat, cum, cumSamples }: FunctionSums): boolean {
  return flat === 0 && cum === 0 && cumSamples === 0;
}

function addSums(a: FunctionSums, b: FunctionSums): FunctionSums {
  return {
    flat: add(a.flat, b.flat),
    cum: add(a.cum, b.cum),
    flatSamples: a.flatSamples + b.flatSamples,
    cumSamples: a.cumSamples + b.cumSamples,
  };
}

/** Returns the number of samples behind each row of the sample table. */
function countsOf({ view, value }: ReportInput): {
  counting: SampleCounting;
  counts: SampleValue;
} {
  const { profile } = view;
  const { strings, sampleTypes, samples, periodType, period } = profile;
  const named = (values: SampleValue["values"]): SampleValue => ({
    index: value.index,
    type: "samples",
    unit: "count",
    values,
    divisors: undefined,
  });
  const isDrawn = !value.divisors;
  const column = sampleTypes.findIndex(
    ({ type, unit }) => strings.get(type) === "samples" && strings.get(unit) === "count",
  );
  if (isDrawn && column >= 0) {
    return { counting: "samples", counts: named(countsOfDrawn(samples.values[column])) };
  }
  const { type, unit } = sampleTypes[value.index];
  // A period of 1, as in contention profiles, means that every event was recorded.
  const isPeriods =
    period > 1 && strings.equal(periodType.type, type) && strings.equal(periodType.unit, unit);
  // The values of heap profiles are estimates that were scaled up, so they do not count samples.
  if (isDrawn && isPeriods && strings.get(type) !== "space") {
    const counts = Float64Array.from({ length: samples.length }, (_, row) =>
      Number(divide(int64At(samples.values[value.index], row), period)),
    );
    if (counts.some((count) => count > 0)) {
      return { counting: "samples", counts: named(countsOfDrawn(counts)) };
    }
  }
  const records = Float64Array.from({ length: samples.length }, (_, row) =>
    samples.values[value.index][row] ? 1 : 0,
  );
  return { counting: "records", counts: named(records) };
}

/** Converts counts to doubles. Counts in a difference of profiles may be negative. */
function countsOfDrawn(counts: SampleValue["values"]): Float64Array {
  return Float64Array.from(counts as ArrayLike<number | bigint>, (count) =>
    Math.abs(Number(count)),
  );
}
