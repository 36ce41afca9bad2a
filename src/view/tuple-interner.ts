/**
 * Numbers distinct tuples of 32-bit numbers in the order they come: a hash table over
 * flat arrays, since there may be a tuple for each line of a large program.
 */
export class TupleInterner {
  readonly #width: number;
  #tuples: Uint32Array;
  #slots = new Int32Array(64).fill(-1);
  #count = 0;
  /** A random odd number for each word, and one more. */
  readonly #factors: Int32Array;

  /** `width`: how many numbers a tuple has. */
  constructor(width: number) {
    this.#width = width;
    this.#tuples = new Uint32Array(width * 32);
    this.#factors = Int32Array.from({ length: width + 1 }, () => (Math.random() * 2 ** 32) | 1);
  }

  /** How many distinct tuples there are. */
  get length(): number {
    return this.#count;
  }

  /** Number `field` of tuple `index`. */
  get(index: number, field: number): number {
    return this.#tuples[index * this.#width + field];
  }

  /** The number of `tuple`, a new one where it was not seen before. */
  intern(tuple: Uint32Array): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(tuple, 0) & mask;
    while (this.#slots[slot] >= 0) {
      const index = this.#slots[slot];
      if (this.#equals(index, tuple)) return index;
      slot = (slot + 1) & mask;
    }
    const index = this.#count++;
    this.#slots[slot] = index;
    this.#store(index, tuple);
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  #equals(index: number, tuple: Uint32Array): boolean {
    const start = index * this.#width;
    for (let i = 0; i < this.#width; i++) if (this.#tuples[start + i] !== tuple[i]) return false;
    return true;
  }

  #store(index: number, tuple: Uint32Array): void {
    const start = index * this.#width;
    if (start + this.#width > this.#tuples.length) {
      const grown = new Uint32Array(this.#tuples.length * 2);
      grown.set(this.#tuples);
      this.#tuples = grown;
    }
    this.#tuples.set(tuple, start);
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.#count; index++) {
      let slot = this.#hash(this.#tuples, index * this.#width) & mask;
      while (this.#slots[slot] >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index;
    }
  }

  /**
   * Each word by a random factor of its own, so that no profile can be made in which
   * many tuples collide (multilinear hashing; the mix is for tables that use low bits).
   */
  #hash(words: Uint32Array, start: number): number {
    let hash = this.#factors[this.#width];
    for (let i = 0; i < this.#width; i++) {
      const word = words[start + i];
      hash += Math.imul(word ^ (word >>> 16), this.#factors[i]) | 0;
    }
    hash ^= hash >>> 16;
    return (Math.imul(hash, 0x2c1b3c6d) >>> 8) ^ hash;
  }
}
