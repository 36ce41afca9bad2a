import type { Uint64Column } from "../columns.js";

/** Returned for an id that no row has. */
export const NO_ROW = -1;

/** A bit of the keys for ids of more than 31 bits. */
const WIDE_KEY_BIT = 0x80000000;

/**
 * The ids of one table. In files an id is any 64-bit number, and may be used before it is defined.
 * In memory a reference is a 32-bit key until the table is complete, and then a row number. Small
 * ids, nearly all, are their own keys.
 */
export class IdSpace {
  readonly #wide = new Map<bigint, number>();

  /** Returns the key of the id with these halves. */
  key(lo: number, hi: number): number {
    if (hi === 0 && lo < WIDE_KEY_BIT) return lo;
    const id = (BigInt(hi) << 32n) | BigInt(lo);
    let index = this.#wide.get(id);
    if (index === undefined) {
      index = this.#wide.size;
      this.#wide.set(id, index);
    }
    return (WIDE_KEY_BIT | index) >>> 0;
  }

  /** Returns the lookup from keys to the rows of a table with this id column. */
  rows(ids: Uint64Column): RowLookup {
    return new RowLookup(this, ids);
  }
}

/** Finds the row that defines an id. */
export class RowLookup {
  /** Rows by key, if ids are dense enough; else {@link #sparse} has them. */
  readonly #dense: Int32Array;
  readonly #sparse = new Map<number, number>();
  /** The first row that has the same id as an earlier row, if there is one. */
  readonly duplicate: { row: number; earlier: number } | undefined;

  constructor(space: IdSpace, ids: Uint64Column) {
    const count = ids.lo.length;
    let largest = 0;
    for (let row = 0; row < count; row++) {
      if (ids.hi[row] === 0 && ids.lo[row] < WIDE_KEY_BIT) largest = Math.max(largest, ids.lo[row]);
    }
    const dense = largest <= count * 4 + 4096;
    this.#dense = new Int32Array(dense ? largest + 1 : 0).fill(NO_ROW);
    for (let row = 0; row < count; row++) {
      const key = space.key(ids.lo[row], ids.hi[row]);
      const earlier = this.row(key);
      if (earlier !== NO_ROW) this.duplicate ??= { row, earlier };
      else if (key < this.#dense.length) this.#dense[key] = row;
      else this.#sparse.set(key, row);
    }
  }

  /** Replaces keys in a column by rows. Returns the position of the first unknown key, or -1. */
  resolve(keys: Uint32Array): number {
    const dense = this.#dense;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      const row = key < dense.length ? dense[key] : this.row(key);
      if (row === NO_ROW) return i;
      keys[i] = row;
    }
    return -1;
  }

  row(key: number): number {
    if (key < this.#dense.length) return this.#dense[key];
    return this.#sparse.size === 0 ? NO_ROW : (this.#sparse.get(key) ?? NO_ROW);
  }
}
