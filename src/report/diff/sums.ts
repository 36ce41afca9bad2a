import { cumOf, flatOf, sumNodes } from "../../graph/node-values.js";
import { int64At } from "../../profile/columns.js";
import { add, divide, type Int64 } from "../../units/int64.js";
import { buildNodes, type NodeIndex } from "../../view/nodes.js";
import type { SampleValue } from "../../view/sample-value.js";
import type { ReportInput } from "../input.js";

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
  /** By name. Nodes with equal names are merged. */
  readonly functions: ReadonlyMap<string, FunctionSums>;
}

/** Sums the values and samples of a profile by function. */
export function profileSums(input: ReportInput): ProfileSums {
  const { view, value } = input;
  const nodes = buildNodes(view, input.nodes);
  const sums = sumNodes(view, nodes, value);
  const { counting, counts } = countsOf(input);
  const seen = sumNodes(view, nodes, counts);
  const functions = new Map<string, FunctionSums>();
  for (let node = 0 as NodeIndex; node < nodes.length; node++) {
    const name = nodes.name(node);
    const own: FunctionSums = {
      flat: flatOf(sums, node),
      cum: cumOf(sums, node),
      flatSamples: Number(seen.flat[node]),
      cumSamples: Number(seen.cum[node]),
    };
    if (isEmpty(own)) continue;
    const other = functions.get(name);
    functions.set(name, other ? addSums(other, own) : own);
  }
  let samples = 0;
  for (let sample = 0; sample < view.samples.length; sample++) {
    if (view.samples[sample]) samples += Number(counts.values[sample]);
  }
  const { type, unit } = value;
  return { type, unit, total: input.total, samples, counting, functions };
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
