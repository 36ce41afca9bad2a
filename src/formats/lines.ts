import { Budget } from "../profile/budget.js";
import { ProfileError } from "../profile/errors.js";
import { decodeUtf8 } from "../profile/utf8.js";

/** The maximum length of a line, far more than lines of profiles have. */
const MAX_LINE_BYTES = 1 << 20;

/** The charge per line, in bytes. Millions of short lines need little memory but much time. */
const LINE_BYTES = 40;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Reads text line by line, so that only the current line is a string. */
export class LineReader {
  readonly #bytes: Uint8Array;
  #next: number;
  /** The current line without its line break; empty before the first and after the last line. */
  line = "";
  /** The number of the current line, counted from 1. */
  number = 0;
  /** Whether the current line ends with a line break, as all lines but the last one do. */
  isTerminated = false;

  readonly #budget: Budget;

  constructor(bytes: Uint8Array, start = 0, budget = new Budget()) {
    this.#bytes = bytes;
    this.#next = start;
    this.#budget = budget;
  }

  /** Moves to the next line; returns false, with an empty line, at the end. */
  next(): boolean {
    const bytes = this.#bytes;
    const start = this.#next;
    this.isTerminated = false;
    if (start >= bytes.length) {
      this.line = "";
      return false;
    }
    this.#budget.charge(LINE_BYTES);
    this.number++;
    const newline = bytes.indexOf(NEWLINE, start);
    this.isTerminated = newline >= 0;
    let end = newline >= 0 ? newline : bytes.length;
    this.#next = end + 1;
    if (end - start > MAX_LINE_BYTES) {
      throw new ProfileError(
        `malformed profile: line ${this.number} is longer than ${MAX_LINE_BYTES} bytes`,
      );
    }
    if (end > start && bytes[end - 1] === RETURN) end--;
    this.line = decodeUtf8(bytes, start, end);
    return true;
  }

  /** Moves to the next line that is neither blank nor a comment; returns false at the end. */
  nextWithContent(): boolean {
    while (this.next()) {
      if (!isBlankOrComment(this.line)) return true;
    }
    return false;
  }
}

/** The number of bytes that detectors examine; no header follows more comments than that. */
const HEAD_BYTES = 1 << 16;

export function headLines(bytes: Uint8Array): LineReader {
  return new LineReader(bytes.subarray(0, HEAD_BYTES));
}

export function firstLine(bytes: Uint8Array): string {
  const lines = headLines(bytes);
  lines.next();
  return lines.line;
}

export function isBlankOrComment(line: string): boolean {
  const start = contentStart(line);
  return start === line.length || line[start] === "#";
}

/** White space as in Go's `unicode.IsSpace`; `trim()` removes U+FEFF too, and keeps U+0085. */
const SPACE = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Returns the text without white space at its ends. */
export function trimSpace(text: string): string {
  const start = contentStart(text);
  let end = text.length;
  while (end > start && isSpace(text, end - 1)) end--;
  return text.slice(start, end);
}

function contentStart(text: string): number {
  let start = 0;
  while (start < text.length && isSpace(text, start)) start++;
  return start;
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code <= 0x20 || code >= 0x7f ? SPACE.test(text[at]) : false;
}
