import {
  appendIndices,
  appendInt64,
  appendUint64,
  Int64Builder,
  indexColumn,
  int64At,
  Uint32Builder,
  uint64At,
} from "../profile/columns.js";
import type {
  FunctionIndex,
  LocationIndex,
  MappingIndex,
  StringIndex,
} from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";
import type { Int64 } from "../units/int64.js";

/** A function found by symbolization; `name` is the linker's. */
export interface FoundFunction {
  readonly name: string;
  readonly file: string;
  readonly startLine: Int64;
}

export interface FoundLine {
  readonly function: FunctionIndex;
  readonly line: Int64;
  readonly column: Int64;
}

/** Adds functions to a profile, and replaces the lines of locations. */
export class SymbolAdder {
  readonly #profile: Profile;
  readonly #texts: string[] = [];
  readonly #strings = new Map<string, StringIndex>([["", 0 as StringIndex]]);
  readonly #functions: FoundFunction[] = [];
  /** New lines by location; other locations keep their lines. */
  readonly #lines = new Map<number, readonly FoundLine[]>();
  readonly #unfolded = new Set<number>();
  readonly #flags: Uint8Array;

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#flags = profile.mappings.flags.slice();
  }

  /** Adds a function, even if an equal one exists. */
  addFunction(found: FoundFunction): FunctionIndex {
    return (this.#profile.functions.length + this.#functions.push(found) - 1) as FunctionIndex;
  }

  /** Replaces the lines of a location, innermost inlined call first. */
  setLines(location: LocationIndex, lines: readonly FoundLine[]): void {
    this.#lines.set(location, lines);
  }

  unfold(location: LocationIndex): void {
    this.#unfolded.add(location);
  }

  /** Adds {@link MappingFlags} to those of a mapping. */
  addFlags(mapping: MappingIndex, flags: number): void {
    this.#flags[mapping] |= flags;
  }

  finish(): Profile {
    const { mappings, functions, locations, strings } = this.#profile;
    const name = this.#functions.map((fn) => this.#string(fn.name));
    const filename = this.#functions.map((fn) => this.#string(fn.file));
    const folded = locations.folded.slice();
    for (const location of this.#unfolded) folded[location] = 0;
    return {
      ...this.#profile,
      mappings: { ...mappings, flags: this.#flags },
      functions: {
        length: functions.length + name.length,
        id: appendUint64(functions.id, this.#functionIds()),
        name: appendIndices(functions.name, name),
        systemName: appendIndices(functions.systemName, name),
        filename: appendIndices(functions.filename, filename),
        startLine: appendInt64(
          functions.startLine,
          this.#functions.map(({ startLine }) => startLine),
        ),
        startColumn: appendInt64(
          functions.startColumn,
          this.#functions.map(() => 0),
        ),
      },
      ...this.#newLines(folded),
      strings: strings.extend(this.#texts.map(encodeUtf8)),
    };
  }

  #newLines(folded: Uint8Array): Pick<Profile, "locations" | "lines"> {
    const { locations, lines } = this.#profile;
    const lineOffsets = new Uint32Array(locations.length + 1);
    const fn = new Uint32Builder();
    const line = new Int64Builder();
    const column = new Int64Builder();
    const push = (row: FoundLine) => {
      fn.push(row.function);
      line.push(row.line);
      column.push(row.column);
    };
    for (let location = 0; location < locations.length; location++) {
      const found = this.#lines.get(location);
      if (found) {
        for (const row of found) push(row);
      } else {
        const end = locations.lineOffsets[location + 1];
        for (let row = locations.lineOffsets[location]; row < end; row++) {
          push({
            function: lines.function[row],
            line: int64At(lines.line, row),
            column: int64At(lines.column, row),
          });
        }
      }
      lineOffsets[location + 1] = fn.length;
    }
    return {
      locations: { ...locations, lineOffsets, folded },
      lines: {
        length: fn.length,
        function: indexColumn<FunctionIndex>(fn.finish()),
        line: line.finish(),
        column: column.finish(),
      },
    };
  }

  /** Ids of new functions: pprof's numbering, if the existing ids follow it. */
  #functionIds(): bigint[] {
    const { functions } = this.#profile;
    let last = BigInt(functions.length);
    for (let row = 0; row < functions.length; row++) {
      const id = uint64At(functions.id, row);
      if (id > last) last = id;
    }
    return this.#functions.map((_, i) => BigInt.asUintN(64, last + BigInt(i) + 1n));
  }

  #string(text: string): StringIndex {
    let index = this.#strings.get(text);
    if (index === undefined) {
      index = (this.#profile.strings.length + this.#texts.push(text) - 1) as StringIndex;
      this.#strings.set(text, index);
    }
    return index;
  }
}
