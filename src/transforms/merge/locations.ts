import { int64At } from "../../profile/columns.js";
import { type LocationIndex, type MappingIndex, NO_MAPPING } from "../../profile/indices.js";
import { LocationBuilder } from "../../profile/location-builder.js";
import type { LineTable, LocationTable, Profile } from "../../profile/profile.js";
import { RunInterner } from "../../profile/run-interner.js";
import { setHalves } from "../../units/int64.js";
import type { FunctionMerger } from "./functions.js";
import type { MappingMerger } from "./mappings.js";

/** The number of words before the lines in a run: mapping, address within it, folded. */
const HEAD_WORDS = 4;
/** The number of words per line, and of the column of the last line. */
const LINE_WORDS = 3;
const COLUMN_WORDS = 2;

export class LocationMerger {
  readonly #mappings: MappingMerger;
  readonly #functions: FunctionMerger;
  #profile: Profile | undefined;
  /** By location of the current profile: the merged location plus one, or 0. */
  #rows = new Uint32Array(0);
  readonly #runs = new RunInterner();
  #run = new Uint32Array(64);

  readonly #merged = new LocationBuilder();

  constructor(mappings: MappingMerger, functions: FunctionMerger) {
    this.#mappings = mappings;
    this.#functions = functions;
  }

  get bytes(): number {
    return this.#runs.bytes + this.#merged.bytes;
  }

  /** Continues with the locations of `profile`. Call `begin` of mappings and functions first. */
  begin(profile: Profile): void {
    this.#profile = profile;
    this.#rows = new Uint32Array(profile.locations.length);
  }

  row(index: LocationIndex): LocationIndex {
    const row = this.#rows[index];
    if (row !== 0) return (row - 1) as LocationIndex;
    const merged = this.#merge(index);
    this.#rows[index] = merged + 1;
    return merged as LocationIndex;
  }

  finish(): { locations: LocationTable; lines: LineTable } {
    return this.#merged.finish();
  }

  #merge(index: LocationIndex): number {
    const { locations, lines, mappings } = this.#profile as Profile;
    const from = locations.mapping[index];
    const mapping = from === NO_MAPPING ? NO_MAPPING : this.#mappings.row(from);
    const first = locations.lineOffsets[index];
    const count = locations.lineOffsets[index + 1] - first;
    const length = HEAD_WORDS + count * LINE_WORDS + COLUMN_WORDS;
    if (length > this.#run.length) this.#run = new Uint32Array(length * 2);
    const run = this.#run;
    run[0] = mapping + 1;
    // Locations are compared by their offset within the mapping.
    const { lo, hi } = locations.address;
    const startLo = from === NO_MAPPING ? 0 : mappings.start.lo[from];
    const startHi = from === NO_MAPPING ? 0 : mappings.start.hi[from];
    run[1] = lo[index] - startLo;
    run[2] = hi[index] - startHi - (lo[index] < startLo ? 1 : 0);
    run[3] = locations.folded[index];
    for (let i = 0; i < count; i++) {
      const at = HEAD_WORDS + i * LINE_WORDS;
      run[at] = this.#functions.row(lines.function[first + i]);
      setHalves(run, at + 1, int64At(lines.line, first + i));
    }
    // As in pprof, only the column of the last line counts.
    setHalves(run, length - COLUMN_WORDS, count > 0 ? int64At(lines.column, first + count - 1) : 0);
    const row = this.#runs.intern(run, length);
    if (row === this.#merged.length) this.#push(index, mapping, run[1], run[2]);
    return row;
  }

  /** Adds location `index`, at this offset (as halves) within the merged mapping. */
  #push(index: LocationIndex, mapping: MappingIndex, withinLo: number, withinHi: number): void {
    const { locations, lines } = this.#profile as Profile;
    const start = mapping === NO_MAPPING ? 0n : this.#mappings.start(mapping);
    const lo = Number(start & 0xffffffffn) + withinLo;
    const hi = Number(start >> 32n) + withinHi + (lo >= 2 ** 32 ? 1 : 0);
    for (let line = locations.lineOffsets[index]; line < locations.lineOffsets[index + 1]; line++) {
      this.#merged.addLine(
        this.#functions.row(lines.function[line]),
        int64At(lines.line, line),
        int64At(lines.column, line),
      );
    }
    // Typed arrays keep the lower 32 bits.
    this.#merged.addLocation(mapping, lo, hi, locations.folded[index] === 1);
  }
}
