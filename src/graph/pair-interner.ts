import { grown } from "../profile/columns.js";
import { HashIndex, hashPair, NO_ENTRY } from "../profile/hash-index.js";

/** Numbers distinct pairs of 32-bit numbers in the order in which they are added. */
export class PairInterner {
  #first = new Uint32Array(1 << 11);
  #second = new Uint32Array(1 << 11);
  readonly #index = new HashIndex(
    (pair) => hashPair(this.#first[pair], this.#second[pair]),
    1 << 11,
  );

  get length(): number {
    return this.#index.length;
  }

  first(pair: number): number {
    return this.#first[pair];
  }

  second(pair: number): number {
    return this.#second[pair];
  }

  get firsts(): Uint32Array {
    return this.#first.subarray(0, this.length);
  }

  get seconds(): Uint32Array {
    return this.#second.subarray(0, this.length);
  }

  /** Returns the number of a pair, a new number for a new pair. */
  intern(first: number, second: number): number {
    const hash = hashPair(first, second);
    let pair = this.#index.first(hash);
    while (pair !== NO_ENTRY && (this.#first[pair] !== first || this.#second[pair] !== second)) {
      pair = this.#index.next();
    }
    return pair === NO_ENTRY ? this.#add(first, second, hash) : pair;
  }

  #add(first: number, second: number, hash: number): number {
    const pair = this.#index.add(hash);
    if (pair === this.#first.length) {
      this.#first = grown(this.#first);
      this.#second = grown(this.#second);
    }
    this.#first[pair] = first;
    this.#second[pair] = second;
    return pair;
  }
}
