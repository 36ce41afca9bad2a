import type { StringIndex } from "../../profile/indices.js";
import type { StringPool } from "../../profile/string-pool.js";
import type { StringTable } from "../../profile/strings.js";

/** Copies strings of a table to a pool, each on first use. */
export class StringMapper {
  readonly #from: StringTable;
  readonly #pool: StringPool;
  /** By string of the table: its index in the pool plus one, or 0. */
  readonly #mapped: Uint32Array;

  constructor(from: StringTable, pool: StringPool) {
    this.#from = from;
    this.#pool = pool;
    this.#mapped = new Uint32Array(from.length);
  }

  at(index: StringIndex): StringIndex {
    if (this.#mapped[index] === 0) {
      this.#mapped[index] = this.#from.addTo(this.#pool, index) + 1;
    }
    return (this.#mapped[index] - 1) as StringIndex;
  }

  /** Like {@link at}, but never returns 0: for a string that was given, even if it is empty. */
  given(index: StringIndex): StringIndex {
    return this.at(index) || this.#pool.addGivenEmpty();
  }

  text(index: StringIndex): string {
    return this.#from.get(index);
  }
}
