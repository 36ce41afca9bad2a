import type { StringIndex } from "./indices.js";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";

/**
 * The string table: bytes until someone asks for the text, which is then kept.
 * Immutable; entry 0 is the empty string.
 */
export class StringTable {
  readonly #bytes: Uint8Array;
  /** String `i` is `bytes[offsets[i], offsets[i + 1])`. */
  readonly #offsets: Uint32Array;
  readonly #texts: (string | undefined)[] = [];

  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    this.#bytes = bytes;
    this.#offsets = offsets;
  }

  /** How many strings there are. */
  get length(): number {
    return this.#offsets.length - 1;
  }

  /** The text of string `index`. */
  get(index: StringIndex): string {
    let text = this.#texts[index];
    if (text === undefined) {
      text = decodeUtf8(this.#bytes, this.#offsets[index], this.#offsets[index + 1]);
      this.#texts[index] = text;
    }
    return text;
  }

  /** The bytes of string `index`, not to be written to. */
  bytes(index: StringIndex): Uint8Array {
    return this.#bytes.subarray(this.#offsets[index], this.#offsets[index + 1]);
  }

  /** A table with `texts` behind the strings of this one, which keep their indices. */
  extend(texts: readonly string[]): StringTable {
    const added = texts.map(encodeUtf8);
    const used = this.#offsets[this.length];
    const bytes = new Uint8Array(used + added.reduce((sum, text) => sum + text.length, 0));
    const offsets = new Uint32Array(this.#offsets.length + added.length);
    bytes.set(this.#bytes.subarray(0, used));
    offsets.set(this.#offsets);
    let end = used;
    added.forEach((text, i) => {
      bytes.set(text, end);
      end += text.length;
      offsets[this.#offsets.length + i] = end;
    });
    return new StringTable(bytes, offsets);
  }

  /**
   * For each string, the first one with the same bytes. Producers may repeat a string,
   * and functions are the same when their names are, whatever the index.
   */
  canonical(): Uint32Array {
    const count = this.length;
    const first = new Uint32Array(count);
    const mask = tableSize(count) - 1;
    const slots = new Int32Array(mask + 1).fill(-1);
    for (let index = 0; index < count; index++) {
      let slot = this.#hash(index) & mask;
      while (slots[slot] >= 0 && !this.#equal(slots[slot], index)) slot = (slot + 1) & mask;
      if (slots[slot] < 0) slots[slot] = index;
      first[index] = slots[slot];
    }
    return first;
  }

  /** FNV-1a, with a last mix because the low bits choose the slot. */
  #hash(index: number): number {
    let hash = 0x811c9dc5;
    const end = this.#offsets[index + 1];
    for (let pos = this.#offsets[index]; pos < end; pos++) {
      hash = Math.imul(hash ^ this.#bytes[pos], 0x01000193);
    }
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  #equal(a: number, b: number): boolean {
    const startA = this.#offsets[a];
    const startB = this.#offsets[b];
    const length = this.#offsets[a + 1] - startA;
    if (length !== this.#offsets[b + 1] - startB) return false;
    for (let i = 0; i < length; i++) {
      if (this.#bytes[startA + i] !== this.#bytes[startB + i]) return false;
    }
    return true;
  }
}

/** A power of two with at least half of it free for `count` entries. */
function tableSize(count: number): number {
  let size = 16;
  while (size < count * 2) size *= 2;
  return size;
}
