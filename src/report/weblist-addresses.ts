import { exactSums } from "../graph/sums.js";
import { Int64Builder, type Int64Column, int64At, uint64At } from "../profile/columns.js";
import type { FunctionIndex, LocationIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { add, type Int64 } from "../units/int64.js";
import { type FunctionNames, functionNames } from "../view/function-names.js";
import { type Pattern, StringMatcher } from "../view/matcher.js";
import { printedNamesOf } from "../view/printed-names.js";
import type { SampleValue } from "../view/sample-value.js";
import { meanOf } from "../view/sample-value.js";
import type { View } from "../view/view.js";
import type { ReportInput } from "./input.js";

export interface SampledAddress {
  readonly address: bigint;
  readonly flat: Int64;
  readonly cum: Int64;
}

/** An address of samples that a matching function contains. */
export interface InterestingAddress {
  readonly address: bigint;
  readonly location: LocationIndex;
  /** The frames of the location, innermost first. */
  readonly frames: readonly ShownFrame[];
}

export interface ShownFrame {
  /** With the position of the function if that identifies it. */
  readonly name: string;
  /** Whether the function's definition identifies it. */
  readonly isDefinition?: true;
  readonly file: string;
  /** 0 if the line is not known or not a safe integer. */
  readonly line: number;
}

export interface FoundAddresses {
  /** All addresses of samples, sorted. */
  readonly sampled: readonly SampledAddress[];
  readonly interesting: readonly InterestingAddress[];
  /** The names of the functions to show, and their linker names. */
  readonly interest: ReadonlySet<string>;
  /** By linker name: the readable name of a function. */
  readonly readableNames: ReadonlyMap<string, string>;
}

/** Finds the addresses of samples, and the functions that match or contain `address`. */
export function findAddresses(
  { view, value, nodes }: ReportInput,
  pattern: Pattern,
  address: bigint | undefined,
): FoundAddresses {
  const { profile, frames } = view;
  const { functions, lines, locations, strings } = profile;
  const matcher = new StringMatcher(
    profile,
    pattern,
    printedNamesOf(profile, { ...nodes, granularity: "files" }),
  );
  const order = locationsInOrder(view);
  const names = functionNames(profile, nodes.identity, nodes);
  const [flat, cum] = exactSums(sampleWeights(value), (weights) => sumLocations(view, weights));
  const addressOf = makeAddressLookup(profile, order);

  const sums = new Map<bigint, { flat: Int64; cum: Int64 }>();
  const interesting = new Map<bigint, InterestingAddress>();
  const interest = new Set<string>();
  const readableNames = new Map<string, string>();
  for (const location of order) {
    const at = addressOf(location);
    const before = sums.get(at) ?? { flat: 0, cum: 0 };
    sums.set(at, {
      flat: add(before.flat, int64At(flat, location)),
      cum: add(before.cum, int64At(cum, location)),
    });
    const start = frames.offsets[location];
    const end = frames.offsets[location + 1];
    const isBinary = matcher.mapping(locations.mapping[location]);
    const matchesAt = (row: number) => {
      const fn = lines.function[frames.lines[row]];
      return (
        (row === start && isBinary) ||
        matcher.function(fn) ||
        matcher.string(functions.systemName[fn])
      );
    };
    for (let row = start; row < end; row++) {
      const fn = lines.function[frames.lines[row]];
      const name = frameName(names, profile, fn);
      const systemName = strings.get(functions.systemName[fn]);
      if (names.identity(fn) !== "definition") readableNames.set(systemName, name);
      const isWanted = at === address ? row === end - 1 : matchesAt(row);
      if (!isWanted) continue;
      interest.add(name);
      if (names.identity(fn) !== "definition") interest.add(systemName);
      if (!interesting.has(at)) {
        interesting.set(at, { address: at, location, frames: shownFrames(view, location, names) });
      }
    }
  }
  return {
    sampled: [...sums].map(([at, sum]) => ({ address: at, ...sum })).sort(byAddress),
    interesting: [...interesting.values()].sort(byAddress),
    interest,
    readableNames,
  };
}

function byAddress(a: { address: bigint }, b: { address: bigint }): number {
  return a.address < b.address ? -1 : a.address > b.address ? 1 : 0;
}

/** Returns the weights of samples. As in pprof, means are computed for each sample here. */
function sampleWeights({ values, divisors }: SampleValue): Int64Column {
  if (!divisors) return values;
  const weights = new Int64Builder();
  for (let sample = 0; sample < values.length; sample++) {
    const value = int64At(values, sample);
    const divisor = int64At(divisors, sample);
    weights.push(meanOf(value, divisor));
  }
  return weights.finish();
}

/** Returns flat and cum of each location. As in pprof, each occurrence on a stack counts. */
function sumLocations(view: View, weights: Float64Array): Float64Array[] {
  const { stackLocations } = view.profile.samples;
  const { hidden } = view.frames;
  const flat = new Float64Array(hidden.length);
  const cum = new Float64Array(hidden.length);
  for (let sample = 0; sample < weights.length; sample++) {
    if (!view.samples[sample]) continue;
    let isLeaf = true;
    const end = view.stackEnd[sample];
    for (let i = view.stackStart[sample]; i < end; i++) {
      const location = stackLocations[i];
      if (hidden[location]) continue;
      cum[location] += weights[sample];
      if (isLeaf) flat[location] += weights[sample];
      isLeaf = false;
    }
  }
  return [flat, cum];
}

/** Returns the locations of selected samples as they first occur, from the root of each stack. */
function locationsInOrder(view: View): LocationIndex[] {
  const { samples } = view.profile;
  const seen = Uint8Array.from(view.frames.hidden);
  const order: LocationIndex[] = [];
  for (let sample = 0; sample < samples.length; sample++) {
    if (!view.samples[sample]) continue;
    for (let i = view.stackEnd[sample] - 1; i >= view.stackStart[sample]; i--) {
      const location = samples.stackLocations[i];
      if (seen[location]) continue;
      seen[location] = 1;
      order.push(location);
    }
  }
  return order;
}

/** Returns a lookup of addresses. A location without one gets an unused one beyond all mappings. */
function makeAddressLookup(
  { locations, mappings }: Profile,
  order: readonly LocationIndex[],
): (location: LocationIndex) => bigint {
  let free = 1n;
  for (let row = 0; row < mappings.length; row++) {
    const limit = uint64At(mappings.limit, row);
    if (limit > free) free = limit;
  }
  const made = new Map<LocationIndex, bigint>();
  for (const location of order) {
    if (uint64At(locations.address, location) === 0n) made.set(location, free++);
  }
  return (location) => made.get(location) ?? uint64At(locations.address, location);
}

/** Returns the name, with the position of the function if that identifies it. */
function frameName(names: FunctionNames, { functions, strings }: Profile, fn: FunctionIndex) {
  return names.identity(fn) === "definition"
    ? names.printedName(fn)
    : strings.get(functions.name[fn]);
}

function shownFrames(
  { profile, frames }: View,
  location: LocationIndex,
  names: FunctionNames,
): ShownFrame[] {
  const { functions, lines, strings } = profile;
  const shown: ShownFrame[] = [];
  for (let row = frames.offsets[location]; row < frames.offsets[location + 1]; row++) {
    const line = frames.lines[row];
    const fn = lines.function[line];
    const number = int64At(lines.line, line);
    shown.push({
      name: frameName(names, profile, fn),
      ...(names.identity(fn) === "definition" && { isDefinition: true as const }),
      file: strings.get(functions.filename[fn]),
      line: typeof number === "number" ? number : 0,
    });
  }
  return shown;
}
