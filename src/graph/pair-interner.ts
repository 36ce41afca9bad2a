const FREE = -1;

/** Random factors, so that no profile can be made in which many pairs collide. */
const FIRST_FACTOR = (Math.random() * 2 ** 32) | 1;
const SECOND_FACTOR = (Math.random() * 2 ** 32) | 1;

/** Numbers distinct pairs of numbers in the order they come: a hash table over flat arrays. */
export class PairInterner {
  #slots = new Int32Array(1 << 12).fill(FREE);
  #first = new Uint32Array(1 << 11);
  #second = new Uint32Array(1 << 11);
  #count = 0;

  /** How many distinct pairs there are. */
  get length(): number {
    return this.#count;
  }

  first(pair: number): number {
    return this.#first[pair];
  }

  second(pair: number): number {
    return this.#second[pair];
  }

  /** The number of a pair, a new one where it was not seen before. */
  intern(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(first, second) & mask;
    let pair = this.#slots[slot];
    while (pair !== FREE && (this.#first[pair] !== first || this.#second[pair] !== second)) {
      slot = (slot + 1) & mask;
      pair = this.#slots[slot];
    }
    if (pair !== FREE) return pair;
    pair = this.#count++;
    this.#slots[slot] = pair;
    this.#first[pair] = first;
    this.#second[pair] = second;
    if (this.#count === this.#first.length) this.#grow();
    return pair;
  }

  #grow(): void {
    const size = this.#count * 2;
    this.#first = grown(this.#first, size);
    this.#second = grown(this.#second, size);
    this.#slots = new Int32Array(size * 2).fill(FREE);
    const mask = this.#slots.length - 1;
    for (let pair = 0; pair < this.#count; pair++) {
      let slot = hash(this.#first[pair], this.#second[pair]) & mask;
      while (this.#slots[slot] !== FREE) slot = (slot + 1) & mask;
      this.#slots[slot] = pair;
    }
  }
}

function grown(array: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(size);
  larger.set(array);
  return larger;
}

function hash(first: number, second: number): number {
  let mixed = Math.imul(first, FIRST_FACTOR) + Math.imul(second, SECOND_FACTOR);
  mixed ^= mixed >>> 15;
  return Math.imul(mixed, 0x2c1b3c6d) >>> 4;
}
