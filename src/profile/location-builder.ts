import type { Int64 } from "../units/int64.js";
import { Int64Builder, indexColumn, rowIds, Uint32Builder, Uint64Builder } from "./columns.js";
import type { FunctionIndex, MappingIndex } from "./indices.js";
import type { LineTable, LocationTable } from "./profile.js";

/** Builds the tables of locations and lines; the id of a location is its row number plus one. */
export class LocationBuilder {
  /** The row of the mapping plus one, or 0 for none. */
  readonly #mapping = new Uint32Builder();
  readonly #address = new Uint64Builder();
  readonly #folded = new Uint32Builder();
  readonly #lineOffsets = new Uint32Builder();
  readonly #lineFunction = new Uint32Builder();
  readonly #line = new Int64Builder();
  readonly #column = new Int64Builder();

  constructor() {
    this.#lineOffsets.push(0);
  }

  get length(): number {
    return this.#mapping.length;
  }

  get bytes(): number {
    return this.#mapping.bytes * 5 + this.#lineFunction.bytes * 5;
  }

  /** Adds a line to the next location, innermost inlined call first. */
  addLine(fn: FunctionIndex, line: Int64, column: Int64): void {
    this.#lineFunction.push(fn);
    this.#line.push(line);
    this.#column.push(column);
  }

  /** Adds a location with the lines added since the last one. `lo` and `hi` are its address. */
  addLocation(mapping: MappingIndex, lo: number, hi: number, isFolded: boolean): void {
    // NO_MAPPING is -1.
    this.#mapping.push(mapping + 1);
    this.#address.push(lo, hi);
    this.#folded.push(isFolded ? 1 : 0);
    this.#lineOffsets.push(this.#lineFunction.length);
  }

  finish(): { locations: LocationTable; lines: LineTable } {
    return {
      locations: {
        length: this.length,
        id: rowIds(this.length),
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
}
