import { int64At, uint64At } from "../profile/columns.js";
import { ProfileError } from "../profile/errors.js";
import { NO_MAPPING, type StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { StringInterner } from "../profile/strings.js";
import { compareUtf8 } from "../profile/utf8.js";
import { add, compare, type Int64, negate, sum } from "../units/int64.js";

/** A call from a line of one function to another function, as Go's compiler identifies it. */
export interface WeighedCall {
  readonly caller: string;
  readonly callee: string;
  /** The line of the call minus the first line of the caller. */
  readonly offset: Int64;
  /** One of the caller's first lines in the profile, with the matching line of the call. */
  readonly startLine: Int64;
  readonly line: Int64;
  /** One of the callee's first lines in the profile. */
  readonly calleeStartLine: Int64;
  readonly weights: readonly Int64[];
}

/** All calls with their weights, heaviest first. */
export interface CallWeights {
  readonly calls: readonly WeighedCall[];
  /** The sum of the first weights of all calls. */
  readonly total: Int64;
}

/** Go's compiler uses this many locations of a stack, from the leaf on, with all inlined calls. */
const LOCATIONS_USED = 2;

/**
 * Sums up the weight of each call as Go's compiler (since 1.21) does. Only the leaf of a stack and
 * its caller count, since calls further up, such as a server's loop, are not repeated for each
 * sample. A sample counts once for a caller and callee at the same positions (function, line,
 * address), however often its stack contains them. A position that calls itself is no call. Calls
 * between the same two names at the same offset are merged. Equal weights are ordered by names,
 * then by offset.
 *
 * `columns` are rows of the sample types. Samples with the value 0 in the first of them are
 * ignored.
 */
export function callWeights(profile: Profile, columns: readonly number[]): CallWeights {
  const { samples } = profile;
  const positions = new Positions(profile);
  const calls = new Calls(positions, columns.length);
  const [first] = columns;
  for (let sample = 0; sample < samples.length; sample++) {
    const weights = columns.map((column) => int64At(samples.values[column], sample));
    if (int64At(samples.values[first], sample) === 0) continue;
    let parent = -1;
    const leaf = samples.stackOffsets[sample];
    const root = samples.stackOffsets[sample + 1] - 1;
    for (let i = Math.min(root, leaf + LOCATIONS_USED - 1); i >= leaf; i--) {
      const frames = positions.of(samples.stackLocations[i]);
      for (let frame = frames.length - 1; frame >= 0; frame--) {
        const position = frames[frame];
        if (parent >= 0 && parent !== position) calls.count(parent, position, sample, weights);
        parent = position;
      }
    }
  }
  return calls.finish();
}

interface Position {
  readonly name: StringIndex;
  readonly startLine: Int64;
  readonly line: Int64;
}

/** The maximum number of entries of a Map. No real program has as many calls. */
const MAX_CALLS = 2 ** 24 - 1;

function checkCount(count: number): void {
  if (count >= MAX_CALLS) throw new ProfileError("too many different calls");
}

/** The distinct positions of locations. */
class Positions {
  readonly #profile: Profile;
  readonly #interner: StringInterner;
  readonly #numbers = new Map<string, number>();
  readonly #positions: Position[] = [];
  /** By location: its positions, innermost first. */
  readonly #ofLocation: (readonly number[] | undefined)[] = [];

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#interner = new StringInterner(profile.strings);
  }

  at(position: number): Position {
    return this.#positions[position];
  }

  name(index: StringIndex): string {
    return this.#profile.strings.get(index);
  }

  of(location: number): readonly number[] {
    this.#ofLocation[location] ??= this.#find(location);
    return this.#ofLocation[location];
  }

  #find(location: number): number[] {
    const { locations, lines, functions, mappings } = this.#profile;
    const address = uint64At(locations.address, location);
    const mapping = locations.mapping[location];
    const binary = mapping === NO_MAPPING ? 0 : this.#interner.canonical(mappings.file[mapping]);
    const start = locations.lineOffsets[location];
    const end = locations.lineOffsets[location + 1];
    if (start === end) {
      const unknown = { name: 0 as StringIndex, startLine: 0, line: 0 };
      return [this.#intern(`${address} ${binary}`, unknown)];
    }
    const found: number[] = [];
    for (let row = start; row < end; row++) {
      const fn = lines.function[row];
      const name = this.#interner.canonical(functions.name[fn]);
      const file = this.#interner.canonical(functions.filename[fn]);
      const startLine = int64At(functions.startLine, fn);
      const line = int64At(lines.line, row);
      // Functions without a name are distinguished by binary.
      const parts = [address, name, file, startLine, line, name === 0 ? binary : 0];
      found.push(this.#intern(parts.join(" "), { name, startLine, line }));
    }
    return found;
  }

  #intern(key: string, position: Position): number {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      checkCount(this.#numbers.size);
      number = this.#positions.push(position) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

interface Call {
  readonly caller: StringIndex;
  readonly callee: StringIndex;
  readonly offset: Int64;
  startLine: Int64;
  calleeStartLine: Int64;
  readonly weights: Int64[];
}

class Calls {
  readonly #positions: Positions;
  readonly #columns: number;
  /** By the two positions: the row in {@link #callOfPair} and {@link #lastSample}. */
  readonly #pairs = new Map<number, number>();
  readonly #callOfPair: number[] = [];
  /** By pair: the last sample that counted for it. */
  readonly #lastSample: number[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #calls: Call[] = [];

  constructor(positions: Positions, columns: number) {
    this.#positions = positions;
    this.#columns = columns;
  }

  count(caller: number, callee: number, sample: number, weights: readonly Int64[]): void {
    const key = caller * MAX_CALLS + callee;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      checkCount(this.#pairs.size);
      pair = this.#callOfPair.push(this.#callBetween(caller, callee)) - 1;
      this.#pairs.set(key, pair);
      this.#lastSample.push(-1);
    }
    if (this.#lastSample[pair] === sample) return;
    this.#lastSample[pair] = sample;
    const call = this.#calls[this.#callOfPair[pair]];
    for (let i = 0; i < weights.length; i++) call.weights[i] = add(call.weights[i], weights[i]);
  }

  finish(): CallWeights {
    const calls = this.#calls.map(
      (call): WeighedCall => ({
        ...call,
        caller: this.#positions.name(call.caller),
        callee: this.#positions.name(call.callee),
        line: add(call.startLine, call.offset),
      }),
    );
    calls.sort(
      (a, b) =>
        compare(b.weights[0], a.weights[0]) ||
        compareUtf8(a.caller, b.caller) ||
        compareUtf8(a.callee, b.callee) ||
        compare(a.offset, b.offset),
    );
    return { calls, total: sum(calls.map(({ weights }) => weights[0])) };
  }

  #callBetween(callerPosition: number, calleePosition: number): number {
    const caller = this.#positions.at(callerPosition);
    const callee = this.#positions.at(calleePosition);
    const offset = add(caller.line, negate(caller.startLine));
    const key = `${caller.name} ${callee.name} ${offset}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      // The result must not depend on the order of samples.
      const call = this.#calls[known];
      call.startLine = least(call.startLine, caller.startLine);
      call.calleeStartLine = least(call.calleeStartLine, callee.startLine);
      return known;
    }
    const row = this.#calls.push({
      caller: caller.name,
      callee: callee.name,
      offset,
      startLine: caller.startLine,
      calleeStartLine: callee.startLine,
      weights: new Array<Int64>(this.#columns).fill(0),
    });
    this.#byKey.set(key, row - 1);
    return row - 1;
  }
}

function least(a: Int64, b: Int64): Int64 {
  return compare(a, b) <= 0 ? a : b;
}
