/**
 * Numbers distinct runs of 32-bit numbers, of any length, in the order in which they
 * come: a hash table over one flat array.
 */
export class RunInterner {
  #words = new Uint32Array(1 << 10);
  /** Run `r` is `words[offsets[r], offsets[r + 1])`. */
  #offsets = new Uint32Array(1 << 8);
  #hashes = new Uint32Array(1 << 8);
  #slots = new Int32Array(1 << 9).fill(FREE);
  #count = 0;
  /** Random, so that no profile can be made in which many runs collide. */
  readonly #seed = (Math.random() * 2 ** 32) | 0;
  readonly #factor = (Math.random() * 2 ** 32) | 1;

  /** How many distinct runs there are. */
  get length(): number {
    return this.#count;
  }

  /** How much memory they take. */
  get bytes(): number {
    return (this.#words.length + this.#offsets.length + this.#slots.length) * 4;
  }

  /** The number of the run `words[0, length)`, a new one where it was not seen before. */
  intern(words: Uint32Array, length: number): number {
    const hash = this.#hash(words, length);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const run = this.#slots[slot];
      if (run === FREE) break;
      if (this.#hashes[run] === hash && this.#equals(run, words, length)) return run;
      slot = (slot + 1) & mask;
    }
    const run = this.#count++;
    this.#slots[slot] = run;
    this.#store(run, words, length, hash);
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return run;
  }

  /** All words: run `r` is `words[start(r), start(r + 1))`. Not to be written to, nor kept. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** Where in {@link words} a run starts; of the number behind the last one, where that ends. */
  start(run: number): number {
    return this.#offsets[run];
  }

  /** The words of run `run`, not to be written to. */
  run(run: number): Uint32Array {
    return this.#words.subarray(this.#offsets[run], this.#offsets[run + 1]);
  }

  #equals(run: number, words: Uint32Array, length: number): boolean {
    const start = this.#offsets[run];
    if (this.#offsets[run + 1] - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#words[start + i] !== words[i]) return false;
    return true;
  }

  #store(run: number, words: Uint32Array, length: number, hash: number): void {
    const start = this.#offsets[run];
    if (start + length > this.#words.length) {
      this.#words = grown(this.#words, Math.max(start + length, this.#words.length * 2));
    }
    // Runs are short: a loop is faster than a view and a copy.
    for (let i = 0; i < length; i++) this.#words[start + i] = words[i];
    if (run + 2 > this.#offsets.length) this.#offsets = grown(this.#offsets, (run + 2) * 2);
    this.#offsets[run + 1] = start + length;
    if (run >= this.#hashes.length) this.#hashes = grown(this.#hashes, (run + 1) * 2);
    this.#hashes[run] = hash;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(FREE);
    const mask = this.#slots.length - 1;
    for (let run = 0; run < this.#count; run++) {
      let slot = this.#hashes[run] & mask;
      while (this.#slots[slot] !== FREE) slot = (slot + 1) & mask;
      this.#slots[slot] = run;
    }
  }

  #hash(words: Uint32Array, length: number): number {
    let hash = this.#seed ^ length;
    for (let i = 0; i < length; i++) {
      hash = Math.imul(hash ^ words[i], this.#factor);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) >>> 0;
  }
}

const FREE = -1;

function grown(array: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}
