import { grown } from "./columns.js";
import { HashIndex, hashWords, NO_ENTRY } from "./hash-index.js";

/** Numbers distinct runs of 32-bit words, of any length, in the order in which they are added. */
export class RunInterner {
  #words = new Uint32Array(1 << 10);
  /** Run `r` is `words[offsets[r], offsets[r + 1])`. */
  #offsets = new Uint32Array(1 << 8);
  #hashes = new Uint32Array(1 << 8);
  readonly #index = new HashIndex((run) => this.#hashes[run]);

  get length(): number {
    return this.#index.length;
  }

  get bytes(): number {
    const { length } = this.#hashes;
    return (this.#words.length + this.#offsets.length + length) * 4 + this.#index.bytes;
  }

  /** Returns the number of the run `words[0, length)`, a new number for a new run. */
  intern(words: Uint32Array, length: number): number {
    const hash = hashWords(words, length);
    let run = this.#index.first(hash);
    while (run !== NO_ENTRY && !(this.#hashes[run] === hash && this.#equals(run, words, length))) {
      run = this.#index.next();
    }
    return run === NO_ENTRY ? this.#add(words, length, hash) : run;
  }

  /** The words of all runs, see {@link start}; read-only, valid until the next {@link intern}. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** Returns the position in {@link words} where a run starts; `start(length)` is the end. */
  start(run: number): number {
    return this.#offsets[run];
  }

  /** Returns the words of a run, read-only. */
  run(run: number): Uint32Array {
    return this.#words.subarray(this.#offsets[run], this.#offsets[run + 1]);
  }

  word(run: number, position: number): number {
    return this.#words[this.#offsets[run] + position];
  }

  #equals(run: number, words: Uint32Array, length: number): boolean {
    const start = this.#offsets[run];
    if (this.#offsets[run + 1] - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#words[start + i] !== words[i]) return false;
    return true;
  }

  #add(words: Uint32Array, length: number, hash: number): number {
    const run = this.#index.add(hash);
    if (run === this.#hashes.length) this.#hashes = grown(this.#hashes);
    this.#hashes[run] = hash;
    const start = this.#offsets[run];
    const end = start + length;
    if (end > this.#words.length) {
      this.#words = grown(this.#words, Math.max(end, this.#words.length * 2));
    }
    // Runs are short: a loop is faster than a view and a copy.
    for (let i = 0; i < length; i++) this.#words[start + i] = words[i];
    if (run + 1 === this.#offsets.length) this.#offsets = grown(this.#offsets);
    this.#offsets[run + 1] = end;
    return run;
  }
}
