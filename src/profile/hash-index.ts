/** Returned by {@link HashIndex} instead of an entry. */
export const NO_ENTRY = -1;

/**
 * Finds entries, numbered in the order in which they were added, by a hash. The caller keeps the
 * contents of the entries, computes their hashes and compares them:
 *
 *     let entry = index.first(hash);
 *     while (entry !== NO_ENTRY && !isEqual(entry)) entry = index.next();
 *     if (entry === NO_ENTRY) entry = index.add(hash);
 *
 * Open addressing with linear probing in a typed array; at least half of the slots are free.
 */
export class HashIndex {
  /** The entry in each slot, or {@link NO_ENTRY}. */
  #slots: Int32Array;
  #length = 0;
  /** The slot that the current search has reached. */
  #slot = 0;
  readonly #hashOf: (entry: number) => number;

  /** `hashOf` returns an entry's hash. `capacity`, a power of two, is the size before growing. */
  constructor(hashOf: (entry: number) => number, capacity = 1 << 8) {
    this.#hashOf = hashOf;
    this.#slots = new Int32Array(capacity * 2).fill(NO_ENTRY);
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** Returns the first entry that may have this hash, a 32-bit number. */
  first(hash: number): number {
    this.#slot = hash & (this.#slots.length - 1);
    return this.#slots[this.#slot];
  }

  /** Returns the next entry that may have the same hash. */
  next(): number {
    this.#slot = (this.#slot + 1) & (this.#slots.length - 1);
    return this.#slots[this.#slot];
  }

  /** Adds an entry after a search for its hash has found none, and returns its number. */
  add(hash: number): number {
    if (this.#length * 2 === this.#slots.length) {
      this.#grow();
      this.#slot = this.#freeSlot(hash);
    }
    this.#slots[this.#slot] = this.#length;
    return this.#length++;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(NO_ENTRY);
    for (let entry = 0; entry < this.#length; entry++) {
      this.#slots[this.#freeSlot(this.#hashOf(entry))] = entry;
    }
  }

  #freeSlot(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== NO_ENTRY) slot = (slot + 1) & mask;
    return slot;
  }
}

/** Random odd factors, so that nobody can craft a profile in which many entries collide. */
const FIRST_FACTOR = (Math.random() * 2 ** 32) | 1;
const SECOND_FACTOR = (Math.random() * 2 ** 32) | 1;

export function hashPair(first: number, second: number): number {
  let hash = Math.imul(first, FIRST_FACTOR) + Math.imul(second, SECOND_FACTOR);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 4;
}

/** Returns the hash of `words[0, length)`. */
export function hashWords(words: Uint32Array, length: number): number {
  let hash = SECOND_FACTOR ^ length;
  for (let i = 0; i < length; i++) {
    hash = Math.imul(hash ^ words[i], FIRST_FACTOR);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
