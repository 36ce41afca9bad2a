import {
  Int64Builder,
  indexColumn,
  int64At,
  Uint32Builder,
  Uint64Builder,
  uint64At,
} from "../../columns.js";
import {
  type FunctionIndex,
  type LocationIndex,
  type MappingIndex,
  NO_MAPPING,
} from "../../indices.js";
import type { LineTable, LocationTable, Profile } from "../../profile.js";
import { RunInterner } from "../../run-interner.js";
import type { FunctionMerger } from "./functions.js";
import type { MappingMerger } from "./mappings.js";
import { rowIds } from "./row-ids.js";
import { setHalves } from "./words.js";

/** Words of a run before those of its lines: mapping, address within it, folded. */
const HEAD = 4;
/** Words a line takes, and the column of the last one. */
const LINE = 3;
const COLUMN = 2;

/** Merges the locations of profiles, and their lines. */
export class LocationMerger {
  readonly #mappings: MappingMerger;
  readonly #functions: FunctionMerger;
  #profile: Profile | undefined;
  /** By location of the profile: the merged one plus one, or 0. */
  #rows = new Uint32Array(0);
  readonly #runs = new RunInterner();
  #run = new Uint32Array(64);

  /** A mapping's row plus one, or 0 for none. */
  readonly #mapping = new Uint32Builder();
  readonly #address = new Uint64Builder();
  readonly #folded = new Uint32Builder();
  readonly #lineOffsets = new Uint32Builder();
  readonly #lineFunction = new Uint32Builder();
  readonly #line = new Int64Builder();
  readonly #column = new Int64Builder();

  constructor(mappings: MappingMerger, functions: FunctionMerger) {
    this.#mappings = mappings;
    this.#functions = functions;
    this.#lineOffsets.push(0);
  }

  get bytes(): number {
    return this.#runs.bytes + this.#address.bytes * 3 + this.#line.bytes * 3;
  }

  /** Goes on with the locations of `profile`; mappings and functions must have begun with it. */
  begin(profile: Profile): void {
    this.#profile = profile;
    this.#rows = new Uint32Array(profile.locations.length);
  }

  /** The merged location that location `index` of the profile is. */
  row(index: LocationIndex): LocationIndex {
    const row = this.#rows[index];
    if (row !== 0) return (row - 1) as LocationIndex;
    const merged = this.#merge(index);
    this.#rows[index] = merged + 1;
    return merged as LocationIndex;
  }

  finish(): { locations: LocationTable; lines: LineTable } {
    const { length } = this.#runs;
    return {
      locations: {
        length,
        id: rowIds(length),
        mapping: indexColumn<MappingIndex>(
          Int32Array.from(this.#mapping.finish(), (row) => row - 1),
        ),
        address: this.#address.finish(),
        lineOffsets: this.#lineOffsets.finish(),
        folded: Uint8Array.from(this.#folded.finish()),
      },
      lines: {
        length: this.#lineFunction.length,
        function: indexColumn<FunctionIndex>(this.#lineFunction.finish()),
        line: this.#line.finish(),
        column: this.#column.finish(),
      },
    };
  }

  #merge(index: LocationIndex): number {
    const { locations, lines, mappings } = this.#profile as Profile;
    const from = locations.mapping[index];
    const mapping = from === NO_MAPPING ? NO_MAPPING : this.#mappings.row(from);
    const start = from === NO_MAPPING ? 0n : uint64At(mappings.start, from);
    // What tells places apart is how far they are into the mapping.
    const within = BigInt.asUintN(64, uint64At(locations.address, index) - start);
    const first = locations.lineOffsets[index];
    const count = locations.lineOffsets[index + 1] - first;
    const length = HEAD + count * LINE + COLUMN;
    if (length > this.#run.length) this.#run = new Uint32Array(length * 2);
    const run = this.#run;
    run[0] = mapping + 1;
    run[1] = Number(within & 0xffffffffn);
    run[2] = Number(within >> 32n);
    run[3] = locations.folded[index];
    for (let i = 0; i < count; i++) {
      const at = HEAD + i * LINE;
      run[at] = this.#functions.row(lines.function[first + i]);
      setHalves(run, at + 1, int64At(lines.line, first + i));
    }
    // As in pprof, of the columns only that of the last line counts.
    setHalves(run, length - COLUMN, count > 0 ? int64At(lines.column, first + count - 1) : 0);
    const row = this.#runs.intern(run, length);
    if (row === this.#mapping.length) this.#push(index, mapping, within);
    return row;
  }

  #push(index: LocationIndex, mapping: MappingIndex, within: bigint): void {
    const { locations, lines } = this.#profile as Profile;
    const start = mapping === NO_MAPPING ? 0n : this.#mappings.start(mapping);
    const address = BigInt.asUintN(64, start + within);
    this.#mapping.push(mapping + 1);
    this.#address.push(Number(address & 0xffffffffn), Number(address >> 32n));
    this.#folded.push(locations.folded[index]);
    for (let line = locations.lineOffsets[index]; line < locations.lineOffsets[index + 1]; line++) {
      this.#lineFunction.push(this.#functions.row(lines.function[line]));
      this.#line.push(int64At(lines.line, line));
      this.#column.push(int64At(lines.column, line));
    }
    this.#lineOffsets.push(this.#lineFunction.length);
  }
}
