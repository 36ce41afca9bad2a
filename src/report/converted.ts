import { UserError, usageError } from "../errors/user-error.js";
import { int64At } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";
import { add, divide, type Int64 } from "../units/int64.js";
import { selectSampleValue } from "../view/sample-value.js";
import { filteredProfile } from "./filtered-profile.js";
import type { ReportInput } from "./input.js";
import { scaleByRatio } from "./value-format.js";

/** A function as formats of scripts know it; 0 is not known. */
export interface ConvertedFrame {
  readonly name: string;
  readonly file: string;
  /** Where it begins, from 1. */
  readonly startLine: Int64;
  readonly startColumn: Int64;
}

/** What was taken in one line of the leaf of a stack. */
export interface TakenAtLine {
  /** 0 where it is not known. */
  readonly line: Int64;
  value: Int64;
  /** How many samples there are; 1 where the profile does not count them. */
  count: Int64;
}

/** A stack: that of the caller, with a function. */
export interface ConvertedNode {
  /** The row of the caller; -1 of the root, which is the first row, and has no frame. */
  readonly parent: number;
  readonly frame: number;
  /** By line, in the order in which they came; none where nothing was taken here. */
  readonly taken: Map<Int64, TakenAtLine>;
}

/** One value of a profile as a tree of functions: callers come before what they call. */
export interface Converted {
  readonly type: string;
  readonly unit: string;
  readonly frames: readonly ConvertedFrame[];
  readonly nodes: readonly ConvertedNode[];
}

/**
 * Makes the tree for formats that have functions, one value, and neither labels nor
 * addresses. Throws a {@link UserError} for negative values, which `format` cannot hold. Its
 * message names `baseOption`, the option that subtracted a profile, if there is one.
 */
export function converted(input: ReportInput, format: string, baseOption?: string): Converted {
  const profile = filteredProfile(input);
  const { samples, locations } = profile;
  const { index, type, unit } = input.value;
  const { values, divisors } = input.value.divisors
    ? selectSampleValue(profile, String(index), true)
    : { values: samples.values[index], divisors: undefined };
  const frames = new FrameTable(profile);
  const counts = countColumn(profile, index);
  const nodes: ConvertedNode[] = [{ parent: -1, frame: -1, taken: new Map() }];
  const children = new Map<number, number>();
  const childOf = (parent: number, frame: number) => {
    const key = parent * 2 ** 26 + frame;
    let node = children.get(key);
    if (node === undefined) {
      node = nodes.push({ parent, frame, taken: new Map() }) - 1;
      children.set(key, node);
    }
    return node;
  };
  for (let sample = 0; sample < samples.length; sample++) {
    const sum = int64At(values, sample);
    const divisor = divisors ? int64At(divisors, sample) : 0;
    const value = scaleByRatio(divisor === 0 ? sum : divide(sum, divisor), input.ratio);
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
    const { taken } = nodes[node];
    const atLine = taken.get(line);
    if (atLine) {
      atLine.value = add(atLine.value, value);
      if (counts) atLine.count = add(atLine.count, count);
    } else {
      taken.set(line, { line, value, count });
    }
  }
  return { type, unit, frames: frames.rows, nodes };
}

/** More samples than a file should have one by one. */
const MAX_COUNT = 5_000_000;

/** The values that count samples, beside those that are asked for, if they are few enough. */
function countColumn({ sampleTypes, strings, samples }: Profile, index: number) {
  const row = sampleTypes.findIndex(({ type }) => strings.get(type) === "samples");
  if (row < 0 || row === index) return undefined;
  const column = samples.values[row];
  let sum = 0;
  for (let sample = 0; sample < column.length; sample++) {
    if (column[sample] < 0) return undefined;
    sum += Number(column[sample]);
  }
  return sum <= MAX_COUNT ? column : undefined;
}

/** The functions of a profile, and what stands for them where there is none. */
class FrameTable {
  readonly rows: ConvertedFrame[] = [];
  readonly #profile: Profile;
  readonly #columns: Int64[];
  readonly #ofFunction: Int32Array;
  readonly #ofLocation = new Map<number, number>();

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#ofFunction = new Int32Array(profile.functions.length).fill(-1);
    this.#columns = startColumns(profile);
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
        startColumn: this.#columns[fn],
      });
      this.#ofFunction[fn] = row;
    }
    return row;
  }

  /** A location without a name goes by its address, or by its binary. */
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

/** By function: the column of its first line, where a location is there. */
function startColumns({ functions, lines }: Profile): Int64[] {
  const columns: Int64[] = Array.from({ length: functions.length }, () => 0);
  for (let row = 0; row < lines.length; row++) {
    const fn = lines.function[row];
    const column = int64At(lines.column, row);
    if (column !== 0 && int64At(lines.line, row) === int64At(functions.startLine, fn)) {
      columns[fn] = column;
    }
  }
  return columns;
}
