import { MAP_ENTRY_BYTES } from "../../profile/budget.js";
import { Uint32Builder } from "../../profile/columns.js";
import { decodeUtf8 } from "../../profile/utf8.js";
import { type JsonInput, jsonStart } from "../json.js";

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Positions are 32-bit numbers. */
const MAX_BYTES = 2 ** 32 - 1;

/** The memory of the position of a string, including the spare room of a growing array, in bytes. */
const STRING_BYTES = 12;

/** The memory of a field and its position, in bytes. */
const FIELD_BYTES = MAP_ENTRY_BYTES + 200;

/** The fields that are lists of numbers only. */
const NUMBER_LISTS = ["nodes", "edges", "trace_function_infos", "samples", "locations"];

/** A range of bytes. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The positions of the fields of a heap snapshot, which may be too large for one string. */
export interface Layout {
  /** The fields by name: the insides of lists of numbers; other values as a whole. */
  readonly fields: ReadonlyMap<string, Range>;
  readonly strings: SnapshotStrings;
}

/** Finds the fields of a heap snapshot. Throws a ProfileError if the JSON is damaged. */
export function layoutOf(bytes: Uint8Array, json: JsonInput): Layout {
  if (bytes.length > MAX_BYTES) throw json.malformed("it is larger than 4 GB");
  const cursor = new Cursor(bytes, json);
  const fields = new Map<string, Range>();
  let strings: SnapshotStrings | undefined;
  cursor.at = jsonStart(bytes);
  cursor.expect(OPEN_OBJECT);
  if (!cursor.skip(CLOSE_OBJECT)) {
    do {
      const key = cursor.key();
      json.budget.charge(FIELD_BYTES);
      if (key === "strings") {
        strings = cursor.strings();
      } else if (NUMBER_LISTS.includes(key)) {
        fields.set(key, cursor.numbers());
      } else {
        cursor.blank();
        const start = cursor.at;
        cursor.value();
        fields.set(key, { start, end: cursor.at });
      }
    } while (cursor.skip(COMMA));
    cursor.expect(CLOSE_OBJECT);
  }
  return { fields, strings: strings ?? new SnapshotStrings(bytes, new Uint32Array()) };
}

/** The strings of a snapshot, which are decoded on demand. */
export class SnapshotStrings {
  readonly #bytes: Uint8Array;
  /** The position behind the opening quotation mark of each string. */
  readonly #starts: Uint32Array;

  constructor(bytes: Uint8Array, starts: Uint32Array) {
    this.#bytes = bytes;
    this.#starts = starts;
  }

  get length(): number {
    return this.#starts.length;
  }

  /** Returns the string at `index`; of a long one, about the first `most` bytes. */
  text(index: number, most = MAX_TEXT_BYTES): string {
    const start = this.#starts[index];
    const text = decodeUtf8(this.#bytes, start, Math.min(start + most, this.#end(start)));
    if (!text.includes("\\")) return text;
    try {
      return JSON.parse(`"${text}"`);
    } catch {
      // The limit divides an escape sequence, or the string is not valid JSON.
      return text;
    }
  }

  /** Tests whether the string at `index` is `expected`, which consists of ASCII letters. */
  equals(index: number, expected: string): boolean {
    const start = this.#starts[index];
    for (let i = 0; i < expected.length; i++) {
      if (this.#bytes[start + i] !== expected.charCodeAt(i)) return false;
    }
    return this.#bytes[start + expected.length] === QUOTE;
  }

  /** Returns the first byte of the string at `index`; a quotation mark if it is empty. */
  firstByte(index: number): number {
    return this.#bytes[this.#starts[index]];
  }

  #end(start: number): number {
    let at = start;
    while (at < this.#bytes.length && this.#bytes[at] !== QUOTE) {
      at += this.#bytes[at] === BACKSLASH ? 2 : 1;
    }
    return at;
  }
}

/** The length of the longest names, in bytes. V8 cuts names at 1024 characters, but not of edges. */
const MAX_TEXT_BYTES = 1 << 14;

/** A position in JSON. */
class Cursor {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #json: JsonInput;

  constructor(bytes: Uint8Array, json: JsonInput) {
    this.#bytes = bytes;
    this.#json = json;
  }

  blank(): void {
    while (this.#bytes[this.at] <= SPACE) this.at++;
  }

  /** Skips blanks and `byte`; returns false if another byte follows. */
  skip(byte: number): boolean {
    this.blank();
    if (this.#bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  expect(byte: number): void {
    if (!this.skip(byte)) throw this.#invalid();
  }

  key(): string {
    this.expect(QUOTE);
    const start = this.at;
    this.#restOfString();
    const key = decodeUtf8(this.#bytes, start, Math.min(this.at - 1, start + 64));
    this.expect(COLON);
    return key;
  }

  /** Skips a value of any kind. */
  value(): void {
    let depth = 0;
    do {
      this.blank();
      const byte = this.#bytes[this.at];
      if (byte === undefined) throw this.#invalid();
      this.at++;
      if (byte === QUOTE) this.#restOfString();
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
      else if (depth === 0) this.#restOfScalar();
      if (depth < 0) throw this.#invalid();
    } while (depth > 0);
  }

  /** Skips a list without lists, objects and strings; returns the range inside the brackets. */
  numbers(): Range {
    this.expect(OPEN_LIST);
    const start = this.at;
    const end = this.#bytes.indexOf(CLOSE_LIST, start);
    if (end < 0) throw this.#endsEarly();
    this.at = end + 1;
    return { start, end };
  }

  strings(): SnapshotStrings {
    const { budget } = this.#json;
    const starts = new Uint32Builder();
    this.expect(OPEN_LIST);
    if (!this.skip(CLOSE_LIST)) {
      do {
        this.expect(QUOTE);
        budget.charge(STRING_BYTES);
        starts.push(this.at);
        this.#restOfString();
      } while (this.skip(COMMA));
      this.expect(CLOSE_LIST);
    }
    return new SnapshotStrings(this.#bytes, starts.finish());
  }

  /** Skips the rest of a string and its closing quotation mark. */
  #restOfString(): void {
    const bytes = this.#bytes;
    let at = this.at;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
      if (byte === undefined) throw this.#endsEarly();
      at += byte === BACKSLASH ? 2 : 1;
    }
    this.at = at + 1;
  }

  #restOfScalar(): void {
    for (let byte = this.#bytes[this.at]; byte !== undefined; byte = this.#bytes[++this.at]) {
      if (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST || byte <= SPACE) return;
    }
  }

  #invalid() {
    return this.at >= this.#bytes.length
      ? this.#endsEarly()
      : this.#json.malformed(`invalid JSON at position ${this.at}`);
  }

  #endsEarly() {
    return this.#json.malformed("the JSON ends too early");
  }
}
