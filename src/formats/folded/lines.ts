import type { ProfileError } from "../../profile/errors.js";
import { decodeUtf8 } from "../../profile/utf8.js";
import type { Int64 } from "../../units/int64.js";
import { malformedLine } from "../malformed.js";
import { parseInt64 } from "../numbers.js";

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Any number with at most this many digits is a safe integer. */
const SAFE_DIGITS = 15;

/** The maximum number of digits of a count, including leading zeros. */
const MAX_DIGITS = 64;

/** The maximum number of decimals that are kept. */
const MAX_DECIMALS = 6;

type CountKind = "whole" | "fraction" | "none";

/** Reads folded stacks without making strings. `bytes[start, end)` is the rest of the line. */
export class FoldedLines {
  readonly bytes: Uint8Array;
  readonly #length: number;
  #next: number;
  start = 0;
  end = 0;
  /** The number of the current line, counted from 1. */
  number = 0;
  /** The number of decimals that {@link takeCount} makes whole. */
  decimals = 0;

  /** Reads `bytes[0, length)`. */
  constructor(bytes: Uint8Array, length = bytes.length) {
    this.bytes = bytes;
    this.#length = length;
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    this.#next = hasMark ? 3 : 0;
  }

  /** Moves to the next line that is neither blank nor a comment; returns false at the end. */
  next(): boolean {
    while (this.#next < this.#length) {
      this.start = this.#next;
      this.end = this.#lineEnd();
      this.#next = this.end + 1;
      this.number++;
      this.#trimEnd();
      if (this.start < this.end && !this.isComment()) return true;
    }
    return false;
  }

  /** Tests for a comment: a `#` before a blank, or on a line without count. Names may have `#`. */
  isComment(): boolean {
    if (this.bytes[this.start] !== HASH) return false;
    return isBlank(this.bytes[this.start + 1]) || this.countKind() === "none";
  }

  /** Returns the kind of the last word of the line; a count has a blank before it. */
  countKind(): CountKind {
    const { bytes, end } = this;
    let at = this.#lastWord();
    if (at === this.start) return "none";
    if (bytes[at] === MINUS) at++;
    if (!isDigit(bytes[at])) return "none";
    while (at < end && isDigit(bytes[at])) at++;
    if (at === end) return "whole";
    if (bytes[at++] !== DOT) return "none";
    let kind: CountKind = "whole";
    for (; at < end; at++) {
      if (!isDigit(bytes[at])) return "none";
      if (bytes[at] !== ZERO) kind = "fraction";
    }
    return kind;
  }

  /**
   * Removes the count from the end of the line and returns it, multiplied by 10 to the power of
   * {@link decimals}. Throws a ProfileError if that exceeds 64 bits. The line must have a count.
   */
  takeCount(): Int64 {
    const start = this.#lastWord();
    const value = this.decimals === 0 ? this.#wholeNumber(start) : this.#scaledNumber(start);
    if (value === undefined) throw this.malformed("the count exceeds 64 bits");
    this.dropLastWord();
    return value;
  }

  /** Returns the number of digits of the last word after its dot, at most {@link MAX_DECIMALS}. */
  countDecimals(): number {
    const { bytes, end } = this;
    let at = end;
    while (at > this.start && isDigit(bytes[at - 1])) at--;
    return at > this.start && bytes[at - 1] === DOT ? Math.min(end - at, MAX_DECIMALS) : 0;
  }

  dropLastWord(): void {
    this.end = this.#lastWord();
    this.#trimEnd();
  }

  malformed(why: string): ProfileError {
    return malformedLine("folded stacks", this, why);
  }

  /** Returns the end of the line. A loop is ten times as fast as `indexOf` of a Uint8Array here. */
  #lineEnd(): number {
    const { bytes } = this;
    const length = this.#length;
    let at = this.start;
    while (at < length && bytes[at] !== NEWLINE) at++;
    return at;
  }

  #wholeNumber(start: number): Int64 | undefined {
    const { bytes } = this;
    const isNegative = bytes[start] === MINUS;
    let value = 0;
    let at = isNegative ? start + 1 : start;
    const first = at;
    while (at < this.end && bytes[at] !== DOT) value = value * 10 + bytes[at++] - ZERO;
    if (at - first <= SAFE_DIGITS) return isNegative ? 0 - value : value;
    return at - first > MAX_DIGITS ? undefined : parseInt64(decodeUtf8(bytes, start, at));
  }

  #scaledNumber(start: number): Int64 | undefined {
    if (this.end - start > MAX_DIGITS) return undefined;
    const [whole, fraction = ""] = decodeUtf8(this.bytes, start, this.end).split(".");
    return parseInt64(whole + fraction.slice(0, this.decimals).padEnd(this.decimals, "0"));
  }

  #lastWord(): number {
    let at = this.end;
    while (at > this.start && !isBlank(this.bytes[at - 1])) at--;
    return at;
  }

  #trimEnd(): void {
    while (this.end > this.start && isBlank(this.bytes[this.end - 1])) this.end--;
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
