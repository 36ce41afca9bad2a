import type { StringIndex } from "./indices.js";
import { decodeUtf8 } from "./utf8.js";

/** Adds the string `bytes[start, end)` and returns its index. */
interface StringTaker {
  add(bytes: Uint8Array, start: number, end: number): StringIndex;
}

/** A test of UTF-8 text. `testPart` tests `bytes[start, end)` without a view of the bytes. */
interface BytesTest {
  test(bytes: Uint8Array): boolean;
  testPart?(bytes: Uint8Array, start: number, end: number): boolean;
}

/** An immutable table of strings: UTF-8, decoded on first use. Entry 0 is the empty string. */
export class StringTable {
  readonly #bytes: Uint8Array;
  /** String `i` is `bytes[offsets[i], offsets[i + 1])`. */
  readonly #offsets: Uint32Array;
  readonly #texts: (string | undefined)[] = [];

  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    this.#bytes = bytes;
    this.#offsets = offsets;
  }

  get length(): number {
    return this.#offsets.length - 1;
  }

  get(index: StringIndex): string {
    let text = this.#texts[index];
    if (text === undefined) {
      text = decodeUtf8(this.#bytes, this.#offsets[index], this.#offsets[index + 1]);
      this.#texts[index] = text;
    }
    return text;
  }

  /** Returns the bytes of string `index`, read-only. */
  bytes(index: StringIndex): Uint8Array {
    return this.#bytes.subarray(this.#offsets[index], this.#offsets[index + 1]);
  }

  /** Tests string `index` against a pattern. */
  matches(index: StringIndex, pattern: BytesTest): boolean {
    return pattern.testPart
      ? pattern.testPart(this.#bytes, this.#offsets[index], this.#offsets[index + 1])
      : pattern.test(this.bytes(index));
  }

  /** Adds string `index` to a pool and returns its index there. */
  addTo(pool: StringTaker, index: StringIndex): StringIndex {
    return pool.add(this.#bytes, this.#offsets[index], this.#offsets[index + 1]);
  }

  /** Returns a table with `added` (UTF-8) at the end; the other strings keep their indices. */
  extend(added: readonly Uint8Array[]): StringTable {
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

  equal(a: StringIndex, b: StringIndex): boolean {
    if (a === b) return true;
    const startA = this.#offsets[a];
    const startB = this.#offsets[b];
    const length = this.#offsets[a + 1] - startA;
    if (length !== this.#offsets[b + 1] - startB) return false;
    for (let i = 0; i < length; i++) {
      if (this.#bytes[startA + i] !== this.#bytes[startB + i]) return false;
    }
    return true;
  }

  /** Returns a 32-bit hash of a string's bytes. */
  hash(index: StringIndex): number {
    return hashBytes(this.#bytes, this.#offsets[index], this.#offsets[index + 1]);
  }
}

/** FNV-1a of `bytes[start, end)`, with a final mix for tables that use the low bits. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let pos = start; pos < end; pos++) hash = Math.imul(hash ^ bytes[pos], 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/**
 * Maps equal strings to one index: the first of them that was looked up, or 0 for empty strings.
 * Producers may repeat a string, and functions with equal names must compare as equal.
 */
export class StringInterner {
  readonly #strings: StringTable;
  /** By string: the canonical index, or {@link FREE}. */
  readonly #first: Int32Array;
  readonly #slots: Int32Array;
  /** Strings that found no free slot within {@link MAX_PROBES}. */
  readonly #crowded = new Map<string, StringIndex>();

  constructor(strings: StringTable) {
    this.#strings = strings;
    this.#first = new Int32Array(strings.length).fill(FREE);
    this.#slots = new Int32Array(tableSize(strings.length)).fill(FREE);
    this.canonical(0 as StringIndex);
  }

  canonical(index: StringIndex): StringIndex {
    if (this.#first[index] === FREE) this.#first[index] = this.#find(index);
    return this.#first[index] as StringIndex;
  }

  #find(index: StringIndex): StringIndex {
    const mask = this.#slots.length - 1;
    let slot = this.#strings.hash(index) & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const other = this.#slots[slot] as StringIndex;
      if (other === FREE) {
        this.#slots[slot] = index;
        return index;
      }
      if (this.#strings.equal(other, index)) return other;
      slot = (slot + 1) & mask;
    }
    // Slots are never freed, so an equal string ends up here as well.
    const text = this.#strings.get(index);
    const first = this.#crowded.get(text) ?? index;
    this.#crowded.set(text, first);
    return first;
  }
}

/**
 * The maximum number of probes. Half-empty tables need a few; more suggest names that were crafted
 * to collide. Those go into a Map, whose hash has a secret seed.
 */
export const MAX_PROBES = 64;

const FREE = -1;

/** Returns a power of two that leaves at least half of the table free for `count` entries. */
function tableSize(count: number): number {
  let size = 16;
  while (size < count * 2) size *= 2;
  return size;
}
