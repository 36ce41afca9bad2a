import { UserError, usageError } from "../errors/user-error.js";
import { int64At } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";
import { startColumns } from "../profile/start-columns.js";
import { add, type Int64 } from "../units/int64.js";
import { areConvertible, scale } from "../units/scale.js";
import { meanOf, selectSampleValue } from "../view/sample-value.js";
import { threadsOf } from "../view/threads.js";
import { filteredProfile } from "./filtered-profile.js";
import type { ReportInput } from "./input.js";
import { scaleByRatio } from "./value-format.js";

/** A function as JavaScript profile formats describe it. Unknown numbers are 0. */
export interface ConvertedFrame {
  readonly name: string;
  readonly file: string;
  /** The first line of the function, counted from 1. */
  readonly startLine: Int64;
  readonly startColumn: Int64;
}

/** The values of the samples whose leaf is at one line. */
export interface ValueAtLine {
  /** 0 if the line is not known. */
  readonly line: Int64;
  value: Int64;
  /** The number of samples; 1 if the profile does not count them. */
  count: Int64;
}

/** A node of the call tree: the stack of its parent, and one more function. */
export interface ConvertedNode {
  /** The row of the caller. The root is row 0; it has parent -1 and no frame. */
  readonly parent: number;
  readonly frame: number;
  /** By line, in order of appearance: the values of the samples that end at this node. */
  readonly ownByLine: Map<Int64, ValueAtLine>;
}

/** The samples of one thread in order of time, none of which overlap. */
export interface ConvertedThread {
  /** Empty if it has no name. */
  readonly name: string;
  readonly nodes: readonly number[];
  /** Nanoseconds since the recording began. */
  readonly times: readonly number[];
  readonly values: readonly Int64[];
}

/** One sample type of a profile as a call tree. Callers precede their callees. */
export interface ConvertedTree {
  readonly type: string;
  readonly unit: string;
  readonly frames: readonly ConvertedFrame[];
  readonly nodes: readonly ConvertedNode[];
  /** The samples with their times; undefined if times are unknown, or values are no times. */
  readonly threads: readonly ConvertedThread[] | undefined;
}

/**
 * Makes the tree for a format without labels and addresses. Throws a {@link UserError} for negative
 * values; its message names `baseOption`, the option that subtracted a profile, if there is one.
 */
export function buildConvertedTree(
  input: ReportInput,
  format: string,
  baseOption?: string,
): ConvertedTree {
  const profile = filteredProfile(input);
  const { samples, locations } = profile;
  const { index, type, unit } = input.value;
  const { values, divisors } = input.value.divisors
    ? selectSampleValue(profile, String(index), true)
    : { values: samples.values[index], divisors: undefined };
  const frames = new FrameTable(profile);
  const counts = countColumn(profile, index) ?? observationCounts(profile);
  const nodes: ConvertedNode[] = [{ parent: -1, frame: -1, ownByLine: new Map() }];
  const children = new Map<number, number>();
  const childOf = (parent: number, frame: number) => {
    const key = parent * 2 ** 26 + frame;
    let node = children.get(key);
    if (node === undefined) {
      node = nodes.push({ parent, frame, ownByLine: new Map() }) - 1;
      children.set(key, node);
    }
    return node;
  };
  const nodeOfSample = new Int32Array(samples.length).fill(-1);
  for (let sample = 0; sample < samples.length; sample++) {
    const sum = int64At(values, sample);
    const divisor = divisors ? int64At(divisors, sample) : 0;
    const value = scaleByRatio(meanOf(sum, divisor), input.ratio);
    if (value < 0) {
      const problem = `${format} cannot hold negative values`;
      if (baseOption === undefined) throw new UserError(`${problem}, and the profile has some`);
      throw usageError(`${problem}; leave out ${baseOption}`);
    }
    let node = 0;
    let line: Int64 = 0;
    for (let i = samples.stackOffsets[sample + 1] - 1; i >= samples.stackOffsets[sample]; i--) {
      const location = samples.stackLocations[i];
      const start = locations.lineOffsets[location];
      const end = locations.lineOffsets[location + 1];
      if (start === end) {
        node = childOf(node, frames.ofLocation(location));
        line = 0;
      }
      for (let row = end - 1; row >= start; row--) {
        node = childOf(node, frames.ofFunction(profile.lines.function[row]));
        line = int64At(profile.lines.line, row);
      }
    }
    const count = counts ? int64At(counts, sample) : 1;
    if (value === 0 && (!counts || count === 0)) continue;
    nodeOfSample[sample] = node;
    const { ownByLine } = nodes[node];
    const atLine = ownByLine.get(line);
    if (atLine) {
      atLine.value = add(atLine.value, value);
      if (counts) atLine.count = add(atLine.count, count);
    } else {
      ownByLine.set(line, { line, value, count });
    }
  }
  const isPlain = !divisors && input.ratio === 1;
  const threads = isPlain ? threadsInTime(profile, index, nodeOfSample) : undefined;
  return { type, unit, frames: frames.rows, nodes, threads };
}

/**
 * Returns the samples of each thread in order of time. Returns undefined if they overlap, or if the
 * profile does not know the times of all of them.
 */
function threadsInTime(
  profile: Profile,
  index: number,
  nodeOfSample: Int32Array,
): ConvertedThread[] | undefined {
  const { observations, sampleTypes, samples, strings } = profile;
  const nanosPerUnit = nanosecondsIn(strings.get(sampleTypes[index].unit));
  if (!observations || nanosPerUnit === undefined) return undefined;
  const { ofSample, names } = threadsOf(profile);
  const threads = names.map(
    (name) => ({ name, nodes: [], times: [], values: [] }) as MutableThread,
  );
  const ends = names.map(() => Number.NEGATIVE_INFINITY);
  const isTimed = new Uint8Array(samples.length);
  for (let i = 0; i < observations.length; i++) {
    const sample = observations.sample[i];
    isTimed[sample] = 1;
    if (nodeOfSample[sample] < 0) continue;
    const row = ofSample[sample];
    const time = observations.time[i];
    const value = int64At(observations.values[index], i);
    if (time < ends[row] - ROUNDING_NS) return undefined;
    ends[row] = time + Number(value) * nanosPerUnit;
    threads[row].nodes.push(nodeOfSample[sample]);
    threads[row].times.push(time);
    threads[row].values.push(value);
  }
  if (nodeOfSample.some((node, sample) => node >= 0 && isTimed[sample] === 0)) return undefined;
  return threads.filter(({ nodes }) => nodes.length > 0);
}

type MutableThread = {
  -readonly [Key in keyof ConvertedThread]: ConvertedThread[Key] extends readonly (infer Item)[]
    ? Item[]
    : ConvertedThread[Key];
};

/** Formats round times to whole microseconds, so samples may overlap by as much, in nanoseconds. */
const ROUNDING_NS = 1000;

/** Returns the number of nanoseconds in a unit of time; undefined for other units. */
function nanosecondsIn(unit: string): number | undefined {
  return areConvertible(unit, "ns") ? scale(1, unit, "ns").value : undefined;
}

/** The maximum number of samples to write one by one. */
const MAX_SAMPLE_COUNT = 5_000_000;

/** Returns the column with counts of samples, unless it is `index` or they are too many. */
function countColumn({ sampleTypes, strings, samples }: Profile, index: number) {
  const row = sampleTypes.findIndex(({ type }) => strings.get(type) === "samples");
  if (row < 0 || row === index) return undefined;
  const column = samples.values[row];
  let sum = 0;
  for (let sample = 0; sample < column.length; sample++) {
    if (column[sample] < 0) return undefined;
    sum += Number(column[sample]);
  }
  return sum <= MAX_SAMPLE_COUNT ? column : undefined;
}

/** Returns how often each sample was observed; undefined if not all of them were. */
function observationCounts({ observations, samples }: Profile): Float64Array | undefined {
  if (!observations) return undefined;
  const counts = new Float64Array(samples.length);
  for (let i = 0; i < observations.length; i++) counts[observations.sample[i]]++;
  return counts.includes(0) ? undefined : counts;
}

/** The functions of a profile, and placeholders for locations without a function. */
class FrameTable {
  readonly rows: ConvertedFrame[] = [];
  readonly #profile: Profile;
  readonly #ofFunction: Int32Array;
  readonly #ofLocation = new Map<number, number>();

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#ofFunction = new Int32Array(profile.functions.length).fill(-1);
  }

  ofFunction(fn: number): number {
    let row = this.#ofFunction[fn];
    if (row < 0) {
      const { functions, strings } = this.#profile;
      row = this.rows.length;
      this.rows.push({
        name: strings.get(functions.name[fn]),
        file: strings.get(functions.filename[fn]),
        startLine: int64At(functions.startLine, fn),
        startColumn: int64At(startColumns(this.#profile), fn),
      });
      this.#ofFunction[fn] = row;
    }
    return row;
  }

  /** Returns the row of a location without functions, named after its address or its binary. */
  ofLocation(location: number): number {
    let row = this.#ofLocation.get(location);
    if (row === undefined) {
      const { locations, mappings, strings } = this.#profile;
      const { hi, lo } = locations.address;
      const address = (BigInt(hi[location]) << 32n) | BigInt(lo[location]);
      const mapping = locations.mapping[location];
      const file = mapping < 0 ? "" : strings.get(mappings.file[mapping]);
      const name = address !== 0n ? `0x${address.toString(16)}` : file || "[unknown]";
      row = this.rows.push({ name, file, startLine: 0, startColumn: 0 }) - 1;
      this.#ofLocation.set(location, row);
    }
    return row;
  }
}
