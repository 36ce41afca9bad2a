/**
 * Numbers distinct tuples of 32-bit numbers in the order they come: a hash table over
 * flat arrays, since there may be a tuple for each line of a large program.
 */
export class TupleInterner {
  readonly #width: number;
  #tuples: Uint32Array;
  #slots = new Int32Array(64).fill(-1);
  #count = 0;

  /** `width`: how many numbers a tuple has. */
  constructor(width: number) {
    this.#width = width;
    this.#tuples = new Uint32Array(width * 32);
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
    let slot = hash(tuple, 0, this.#width) & mask;
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
      let slot = hash(this.#tuples, index * this.#width, this.#width) & mask;
      while (this.#slots[slot] >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index;
    }
  }
}

/** FNV-1a over 32-bit words, with a last mix because the low bits choose the slot. */
function hash(words: Uint32Array, start: number, count: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < start + count; i++) {
    hash = Math.imul(hash ^ words[i], 0x01000193);
    hash ^= hash >>> 13;
  }
  return (hash ^ (hash >>> 16)) >>> 0;
}
