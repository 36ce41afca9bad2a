import { Uint32Builder } from "./columns.js";
import type { StringIndex } from "./indices.js";
import { hashBytes, MAX_PROBES, StringTable } from "./strings.js";
import { encodeUtf8 } from "./utf8.js";

/** Builds a {@link StringTable} in which no string is there twice. */
export class StringPool {
  #bytes = new Uint8Array(1 << 12);
  readonly #offsets = new Uint32Builder();
  #hashes = new Uint32Array(1 << 8);
  #slots = new Int32Array(1 << 9).fill(FREE);
  /** Strings that found no slot near their place, by their bytes as text. */
  readonly #crowded = new Map<string, number>();

  constructor() {
    this.#offsets.push(0);
    this.addText("");
  }

  /** How many strings there are. */
  get length(): number {
    return this.#offsets.length - 1;
  }

  /** How much memory they take. */
  get bytes(): number {
    return this.#bytes.length + this.#offsets.bytes * 4;
  }

  addText(text: string): StringIndex {
    return this.add(encodeUtf8(text));
  }

  /** The index of the string with these bytes, a new one where there is none yet. */
  add(text: Uint8Array): StringIndex {
    const hash = hashBytes(text, 0, text.length);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const index = this.#slots[slot];
      if (index === FREE) {
        this.#slots[slot] = this.length;
        return this.#append(text, hash);
      }
      if (this.#hashes[index] === hash && this.#equals(index, text)) return index as StringIndex;
      slot = (slot + 1) & mask;
    }
    const key = latin1(text);
    const known = this.#crowded.get(key);
    if (known !== undefined) return known as StringIndex;
    this.#crowded.set(key, this.length);
    return this.#append(text, hash);
  }

  finish(): StringTable {
    return new StringTable(this.#bytes, this.#offsets.finish());
  }

  #equals(index: number, text: Uint8Array): boolean {
    const start = this.#offsets.at(index);
    if (this.#offsets.at(index + 1) - start !== text.length) return false;
    for (let i = 0; i < text.length; i++) if (this.#bytes[start + i] !== text[i]) return false;
    return true;
  }

  #append(text: Uint8Array, hash: number): StringIndex {
    const index = this.length;
    const start = this.#offsets.at(index);
    if (start + text.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(start + text.length, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
    }
    this.#bytes.set(text, start);
    this.#offsets.push(start + text.length);
    if (index >= this.#hashes.length) {
      const grown = new Uint32Array(this.#hashes.length * 2);
      grown.set(this.#hashes);
      this.#hashes = grown;
    }
    this.#hashes[index] = hash;
    if (this.length * 2 > this.#slots.length) this.#rehash();
    return index as StringIndex;
  }

  /** Strings may leave {@link #crowded} for a slot, but none is then found in neither. */
  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(FREE);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.length; index++) this.#place(index, mask);
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

/** The bytes as a string of as many characters, which tells any two apart. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
