import {
  appendIndices,
  appendInt64,
  appendUint64,
  indexColumn,
  int64At,
  Uint32Builder,
  type Uint64Column,
  uint64At,
} from "../profile/columns.js";
import {
  type FunctionIndex,
  type LocationIndex,
  NO_MAPPING,
  type StringIndex,
} from "../profile/indices.js";
import { isStringLabel } from "../profile/labels.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";
import { scaledLabel } from "../units/scale.js";

/** Labels that become frames. */
export interface TagFrames {
  /** Keys whose values become the outermost callers, outermost first. */
  readonly root: readonly string[];
  /** Keys whose values become the innermost callees, innermost last. */
  readonly leaf: readonly string[];
  readonly unit: string;
}

/**
 * Adds frames named after label values to each stack. The file of such a frame is the label's key;
 * its name is empty if a sample has no such label. `matched` says for each end whether any sample
 * had such a label.
 */
export function addTagFrames(
  profile: Profile,
  { root, leaf, unit }: TagFrames,
): { profile: Profile; matched: { root: boolean; leaf: boolean } } {
  const { samples } = profile;
  const frames = new FrameAdder(profile);
  const stack = new Uint32Builder();
  const stackOffsets = new Uint32Builder();
  stackOffsets.push(0);
  const matched = { root: false, leaf: false };
  const framesOf = (sample: number, end: "root" | "leaf"): LocationIndex[] => {
    // Stacks are leaf first, keys are root first.
    return [...(end === "root" ? root : leaf)].reverse().map((key) => {
      const values = labelValues(profile, sample, key, unit);
      if (values.length > 0) matched[end] = true;
      return frames.location(values.join(","), key);
    });
  };
  for (let sample = 0; sample < samples.length; sample++) {
    // Root frames come first, since pprof numbers new locations in this order.
    const callers = framesOf(sample, "root");
    for (const location of framesOf(sample, "leaf")) stack.push(location);
    for (let i = samples.stackOffsets[sample]; i < samples.stackOffsets[sample + 1]; i++) {
      stack.push(samples.stackLocations[i]);
    }
    for (const location of callers) stack.push(location);
    stackOffsets.push(stack.length);
  }
  return {
    profile: {
      ...frames.finish(),
      samples: {
        ...samples,
        stackOffsets: stackOffsets.finish(),
        stackLocations: indexColumn<LocationIndex>(stack.finish()),
      },
    },
    matched,
  };
}

/** Returns the values of a label of a sample as text: string labels first, then numeric ones. */
function labelValues(
  { samples, labels, strings }: Profile,
  sample: number,
  key: string,
  unit: string,
): string[] {
  const texts: string[] = [];
  const numbers: number[] = [];
  for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
    if (strings.get(labels.key[row]) !== key) continue;
    if (isStringLabel(labels, row)) texts.push(strings.get(labels.text[row]));
    else numbers.push(row);
  }
  // Scale numbers only if at least one of them has a unit.
  const to = numbers.some((row) => labels.unit[row] !== 0) ? unit : "";
  return texts.concat(
    numbers.map((row) =>
      scaledLabel(int64At(labels.number, row), strings.get(labels.unit[row]), to),
    ),
  );
}

/** Appends functions, each with one location, to the tables of a profile. */
class FrameAdder {
  readonly #profile: Profile;
  readonly #texts: string[] = [];
  readonly #strings = new Map<string, StringIndex>();
  readonly #locations = new Map<string, LocationIndex>();
  readonly #names: StringIndex[] = [];
  readonly #files: StringIndex[] = [];

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  location(name: string, file: string): LocationIndex {
    const pair = JSON.stringify([name, file]);
    let location = this.#locations.get(pair);
    if (location === undefined) {
      location = (this.#profile.locations.length + this.#names.length) as LocationIndex;
      this.#locations.set(pair, location);
      this.#names.push(this.#string(name));
      this.#files.push(this.#string(file));
    }
    return location;
  }

  #string(text: string): StringIndex {
    if (text === "") return 0 as StringIndex;
    let index = this.#strings.get(text);
    if (index === undefined) {
      index = (this.#profile.strings.length + this.#texts.push(text) - 1) as StringIndex;
      this.#strings.set(text, index);
    }
    return index;
  }

  /** Returns the profile with the new rows; unknown fields are 0. */
  finish(): Profile {
    const { strings, functions, lines, locations } = this.#profile;
    const added = Array.from(this.#names, (_, i) => i);
    const zeros = added.map(() => 0);
    return {
      ...this.#profile,
      strings: strings.extend(this.#texts.map(encodeUtf8)),
      functions: {
        length: functions.length + added.length,
        id: appendUint64(functions.id, freshIds(functions.id, added.length)),
        name: appendIndices(functions.name, this.#names),
        systemName: appendIndices(functions.systemName, zeros as StringIndex[]),
        filename: appendIndices(functions.filename, this.#files),
        startLine: appendInt64(functions.startLine, zeros),
        startColumn: appendInt64(functions.startColumn, zeros),
        firstLabelRow: functions.length,
      },
      lines: {
        length: lines.length + added.length,
        function: appendIndices(
          lines.function,
          added.map((i) => (functions.length + i) as FunctionIndex),
        ),
        line: appendInt64(lines.line, zeros),
        column: appendInt64(lines.column, zeros),
      },
      locations: {
        length: locations.length + added.length,
        id: appendUint64(locations.id, freshIds(locations.id, added.length)),
        mapping: appendIndices(
          locations.mapping,
          added.map(() => NO_MAPPING),
        ),
        address: appendUint64(
          locations.address,
          added.map(() => 0n),
        ),
        lineOffsets: Uint32Array.from([
          ...locations.lineOffsets,
          ...added.map((i) => lines.length + i + 1),
        ]),
        folded: Uint8Array.from([...locations.folded, ...zeros]),
      },
    };
  }
}

/** Returns `count` ids greater than all `ids`. */
function freshIds(ids: Uint64Column, count: number): bigint[] {
  let largest = 0n;
  for (let row = 0; row < ids.lo.length; row++) {
    const id = uint64At(ids, row);
    if (id > largest) largest = id;
  }
  return Array.from({ length: count }, (_, i) => BigInt.asUintN(64, largest + BigInt(i) + 1n));
}
