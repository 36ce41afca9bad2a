import { add, type Int64, int64, int64FromHalves } from "../units/int64.js";

/** A typed array of row numbers of another table. Its type keeps indices of two tables apart. */
export interface IndexColumn<I extends number> {
  readonly length: number;
  readonly [row: number]: I;
}

/** Declares that the entries of `array` are indices of kind `I`. */
export function indexColumn<I extends number>(array: Uint32Array | Int32Array): IndexColumn<I> {
  return array as unknown as IndexColumn<I>;
}

/** Exact signed 64-bit integers: numbers if every entry is a safe integer, else BigInts. */
export type Int64Column = Float64Array | BigInt64Array;

export function int64At(column: Int64Column, row: number): Int64 {
  const value = column[row];
  return typeof value === "number" ? value : int64(value);
}

export function isZeroAt(column: Int64Column, row: number): boolean {
  return column[row] === 0 || column[row] === 0n;
}

/** Exact unsigned 64-bit integers (ids and addresses), as two columns of 32-bit halves. */
export interface Uint64Column {
  readonly lo: Uint32Array;
  readonly hi: Uint32Array;
}

export function uint64At(column: Uint64Column, row: number): bigint {
  return (BigInt(column.hi[row]) << 32n) | BigInt(column.lo[row]);
}

/** Returns the ids 1, 2, 3, ... for `count` rows. */
export function rowIds(count: number): Uint64Column {
  const lo = Uint32Array.from({ length: count }, (_, row) => row + 1);
  return { lo, hi: new Uint32Array(count) };
}

/** Returns a copy of the column with `added` at the end. */
export function appendIndices<I extends number>(
  column: IndexColumn<I>,
  added: readonly I[],
): IndexColumn<I> {
  const all = column instanceof Int32Array ? Int32Array : Uint32Array;
  const grown = new all(column.length + added.length);
  grown.set(column as unknown as ArrayLike<number>);
  grown.set(added, column.length);
  return indexColumn<I>(grown);
}

export function appendInt64(column: Int64Column, added: readonly Int64[]): Int64Column {
  const builder = new Int64Builder();
  for (let row = 0; row < column.length; row++) builder.push(int64At(column, row));
  for (const value of added) builder.push(value);
  return builder.finish();
}

export function appendUint64(column: Uint64Column, added: readonly bigint[]): Uint64Column {
  const lo = new Uint32Array(column.lo.length + added.length);
  const hi = new Uint32Array(lo.length);
  lo.set(column.lo);
  hi.set(column.hi);
  lo.set(
    added.map((value) => Number(value & 0xffffffffn)),
    column.lo.length,
  );
  hi.set(
    added.map((value) => Number(value >> 32n)),
    column.lo.length,
  );
  return { lo, hi };
}

/** Returns a longer copy of a typed array, twice as long by default, with zeros at the end. */
export function grown<A extends Growable<A>>(array: A, length = array.length * 2): A {
  const longer = new (array.constructor as new (length: number) => A)(length);
  longer.set(array);
  return longer;
}

interface Growable<A> {
  readonly length: number;
  set(array: A): void;
}

/** A Uint32Array that grows as entries are pushed. */
export class Uint32Builder {
  #array = new Uint32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#length * 4;
  }

  push(value: number): void {
    if (this.#length === this.#array.length) this.reserve(1);
    this.#array[this.#length++] = value;
  }

  /** For fast loops: write `count` entries from {@link length} on, then call {@link advance}. */
  reserve(count: number): Uint32Array {
    const needed = this.#length + count;
    if (needed > this.#array.length) {
      this.#array = grown(this.#array, Math.max(needed, this.#array.length * 2));
    }
    return this.#array;
  }

  advance(count: number): void {
    this.#length += count;
  }

  at(index: number): number {
    return this.#array[index];
  }

  finish(): Uint32Array {
    return this.#array.subarray(0, this.#length);
  }
}

export class Uint64Builder {
  readonly #lo = new Uint32Builder();
  readonly #hi = new Uint32Builder();

  get bytes(): number {
    return this.#lo.bytes * 2;
  }

  push(lo: number, hi: number): void {
    this.#lo.push(lo);
    this.#hi.push(hi);
  }

  /** Pushes an unsigned 64-bit integer; a number must be a safe integer. */
  pushValue(value: number | bigint): void {
    if (typeof value === "number") this.push(value >>> 0, Math.floor(value / 2 ** 32));
    else this.push(Number(value & 0xffffffffn), Number(value >> 32n));
  }

  finish(): Uint64Column {
    return { lo: this.#lo.finish(), hi: this.#hi.finish() };
  }
}

/** Builds an {@link Int64Column}; switches to BigInts at the first entry that needs it. */
export class Int64Builder {
  #numbers = new Float64Array(64);
  #bigints: BigInt64Array | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#length * 8;
  }

  push(value: Int64): void {
    if (typeof value === "bigint") {
      this.#pushWide(value);
    } else if (this.#bigints) {
      this.#pushWide(BigInt(value));
    } else {
      this.#pushNumber(value);
    }
  }

  /** Pushes the int64 with these halves (two's complement). */
  pushHalves(lo: number, hi: number): void {
    if (hi === 0 && !this.#bigints) this.#pushNumber(lo >>> 0);
    else this.push(int64FromHalves(lo, hi));
  }

  /** Adds to entry `row`, with Go's wrap-around at 64 bits. */
  addAt(row: number, value: Int64): void {
    if (!this.#bigints) {
      const sum = add(this.#numbers[row], value);
      if (typeof sum === "number") {
        this.#numbers[row] = sum;
        return;
      }
      this.#widen();
    }
    const wide = this.#bigints as BigInt64Array;
    // BigInt64Array keeps the lower 64 bits.
    wide[row] += BigInt(value);
  }

  finish(): Int64Column {
    return (this.#bigints ?? this.#numbers).subarray(0, this.#length);
  }

  #pushNumber(value: number): void {
    if (this.#length === this.#numbers.length) this.#numbers = grown(this.#numbers);
    this.#numbers[this.#length++] = value;
  }

  #pushWide(value: bigint): void {
    if (!this.#bigints) this.#widen();
    let wide = this.#bigints as BigInt64Array;
    if (this.#length === wide.length) {
      wide = grown(wide);
      this.#bigints = wide;
    }
    wide[this.#length++] = value;
  }

  /** Converts the entries to BigInts, with room for at least one more. */
  #widen(): void {
    const wide = new BigInt64Array(Math.max(64, this.#length * 2));
    for (let i = 0; i < this.#length; i++) wide[i] = BigInt(this.#numbers[i]);
    this.#bigints = wide;
  }
}
