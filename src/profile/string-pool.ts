import { Budget, MAP_ENTRY_BYTES } from "./budget.js";
import { grown, Uint32Builder } from "./columns.js";
import type { StringIndex } from "./indices.js";
import { hashBytes, MAX_PROBES, StringTable } from "./strings.js";
import { encodeUtf8 } from "./utf8.js";

/** Builds a {@link StringTable} in which only empty strings ({@link addGivenEmpty}) may repeat. */
export class StringPool {
  #bytes = new Uint8Array(1 << 12);
  readonly #offsets = new Uint32Builder();
  #hashes = new Uint32Array(1 << 8);
  #slots = new Int32Array(1 << 9).fill(FREE);
  /** Strings that found no free slot within {@link MAX_PROBES}, by their bytes as text. */
  readonly #crowded = new Map<string, number>();
  /** The index of the second empty string, or 0. */
  #givenEmpty = 0;

  /** The index of each added text: builders add the same few again and again. */
  readonly #texts = new Map<string, StringIndex>();

  readonly #budget: Budget;

  constructor(budget = new Budget()) {
    this.#budget = budget;
    this.#offsets.push(0);
    this.addText("");
  }

  get length(): number {
    return this.#offsets.length - 1;
  }

  get bytes(): number {
    return this.#bytes.length + this.#offsets.bytes * 4 + this.#texts.size * MAP_ENTRY_BYTES;
  }

  addText(text: string): StringIndex {
    let index = this.#texts.get(text);
    if (index === undefined) {
      this.#budget.chargeText(text);
      const bytes = encodeUtf8(text);
      index = this.add(bytes, 0, bytes.length);
      this.#texts.set(text, index);
    }
    return index;
  }

  /** Returns the index of the string `bytes[start, end)`, a new one for a new string. */
  add(bytes: Uint8Array, start: number, end: number): StringIndex {
    const hash = hashBytes(bytes, start, end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const index = this.#slots[slot];
      if (index === FREE) {
        this.#slots[slot] = this.length;
        return this.#append(bytes, start, end, hash);
      }
      if (this.#hashes[index] === hash && this.#equals(index, bytes, start, end)) {
        return index as StringIndex;
      }
      slot = (slot + 1) & mask;
    }
    const key = latin1(bytes.subarray(start, end));
    const known = this.#crowded.get(key);
    if (known !== undefined) return known as StringIndex;
    this.#budget.chargeText(key);
    this.#crowded.set(key, this.length);
    return this.#append(bytes, start, end, hash);
  }

  /** Returns an index other than 0 for an empty text of a label, where 0 means that it has none. */
  addGivenEmpty(): StringIndex {
    if (this.#givenEmpty === 0) {
      this.#givenEmpty = this.#append(new Uint8Array(0), 0, 0, this.#hashes[0]);
    }
    return this.#givenEmpty as StringIndex;
  }

  finish(): StringTable {
    return new StringTable(this.#bytes, this.#offsets.finish());
  }

  #equals(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    let own = this.#offsets.at(index);
    if (this.#offsets.at(index + 1) - own !== end - start) return false;
    for (let i = start; i < end; i++) if (this.#bytes[own++] !== bytes[i]) return false;
    return true;
  }

  #append(bytes: Uint8Array, start: number, end: number, hash: number): StringIndex {
    this.#budget.charge(ROW_BYTES + (end - start) * CAPACITY_FACTOR);
    const index = this.length;
    let own = this.#offsets.at(index);
    const needed = own + end - start;
    if (needed > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, Math.max(needed, this.#bytes.length * 2));
    }
    for (let i = start; i < end; i++) this.#bytes[own++] = bytes[i];
    this.#offsets.push(needed);
    if (index >= this.#hashes.length) this.#hashes = grown(this.#hashes);
    this.#hashes[index] = hash;
    if (this.length * 2 > this.#slots.length) this.#rehash();
    return index as StringIndex;
  }

  /** A string may move from {@link #crowded} to a slot; its entry in {@link #crowded} stays. */
  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(FREE);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.length; index++) {
      if (index === 0 || index !== this.#givenEmpty) this.#place(index, mask);
    }
  }

  #place(index: number, mask: number): void {
    let slot = this.#hashes[index] & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      if (this.#slots[slot] === FREE) {
        this.#slots[slot] = index;
        return;
      }
      slot = (slot + 1) & mask;
    }
    const start = this.#offsets.at(index);
    this.#crowded.set(latin1(this.#bytes.subarray(start, this.#offsets.at(index + 1))), index);
  }
}

const FREE = -1;

/** The offset and the hash of a string, and its two slots, in bytes. */
const ROW_BYTES = 16;

/** The array of all bytes is up to twice as long as the strings, right after it has grown. */
const CAPACITY_FACTOR = 2;

/** Returns a text with one character per byte, so that different bytes give different texts. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
