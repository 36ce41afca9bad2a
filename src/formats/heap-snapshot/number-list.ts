import type { ProfileError } from "../../profile/errors.js";
import type { JsonInput } from "../json.js";
import type { Range } from "./layout.js";

const SPACE = 0x20;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const ZERO = 0x30;
const BASE = 10;

/** Reads a list of whole numbers from JSON, number by number. */
export class NumberList {
  readonly #bytes: Uint8Array;
  readonly #json: JsonInput;
  readonly #name: string;
  readonly #range: Range;
  readonly #isNested: boolean;
  #at: number;
  /** The number of numbers, which is counted, since a snapshot's own counts may be wrong. */
  readonly length: number;

  /** `range` is the inside of the list. Brackets of nested lists are skipped if `isNested`. */
  constructor(bytes: Uint8Array, range: Range, json: JsonInput, name: string, isNested = false) {
    this.#bytes = bytes;
    this.#json = json;
    this.#name = name;
    this.#at = range.start;
    this.#range = range;
    this.#isNested = isNested;
    this.length = countNumbers(bytes, range);
  }

  /** Returns the next number, which may be too large to be exact. Throws if there is none. */
  next(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let digit = bytes[at] - ZERO;
    while (!(digit >= 0 && digit < BASE)) {
      const byte = bytes[at];
      if (at >= this.#range.end || !this.#isBetween(byte)) throw this.#invalid(at);
      digit = bytes[++at] - ZERO;
    }
    let value = 0;
    do {
      value = value * BASE + digit;
      digit = bytes[++at] - ZERO;
    } while (digit >= 0 && digit < BASE);
    this.#at = at;
    return value;
  }

  /** Tests whether a number follows, or anything else that is not between numbers. */
  hasNext(): boolean {
    while (this.#at < this.#range.end && this.#isBetween(this.#bytes[this.#at])) this.#at++;
    return this.#at < this.#range.end;
  }

  #isBetween(byte: number): boolean {
    if (byte === COMMA || byte <= SPACE) return true;
    return this.#isNested && (byte === OPEN_LIST || byte === CLOSE_LIST);
  }

  /** Continues with the first number. */
  restart(): void {
    this.#at = this.#range.start;
  }

  /** Returns an error about the list. */
  malformed(why: string): ProfileError {
    return this.#json.malformed(why);
  }

  /** Returns the number of rows of `width` numbers. */
  rows(width: number): number {
    if (this.length % width !== 0) {
      throw this.#json.malformed(
        `${this.#name} has ${this.length} numbers, which is no multiple of ${width}`,
      );
    }
    return this.length / width;
  }

  #invalid(at: number): ProfileError {
    return this.#json.malformed(`${this.#name} is not a list of natural numbers at position ${at}`);
  }
}

function countNumbers(bytes: Uint8Array, { start, end }: Range): number {
  let count = 0;
  let isBlank = true;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === COMMA) count++;
    else if (byte > SPACE) isBlank = false;
  }
  return isBlank && count === 0 ? 0 : count + 1;
}
