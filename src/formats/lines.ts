import { Budget } from "../profile/budget.js";
import { ProfileError } from "../profile/errors.js";
import { decodeUtf8 } from "../profile/utf8.js";

/** Far more than a line of a profile has; a longer one is no text. */
const MAX_LINE_BYTES = 1 << 20;

/**
 * What a line takes for as long as it is looked at, in bytes. Millions of lines of a few bytes
 * take little memory, but much time.
 */
const LINE_BYTES = 40;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Reads text line by line, so that no more of it than a line is ever a string. */
export class LineReader {
  readonly #bytes: Uint8Array;
  #next: number;
  /** The current line without its end; empty before the first and behind the last. */
  line = "";
  /** The number of the current line, from 1. */
  number = 0;
  /** Whether the current line ends with a newline, as all but the last one do. */
  isTerminated = false;

  readonly #budget: Budget;

  /** Each line is charged to `budget`. */
  constructor(bytes: Uint8Array, start = 0, budget = new Budget()) {
    this.#bytes = bytes;
    this.#next = start;
    this.#budget = budget;
  }

  /** Goes on to the next line; false, with an empty line, where there is none. */
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
      throw new ProfileError(`line ${this.number} is longer than ${MAX_LINE_BYTES} bytes`);
    }
    if (end > start && bytes[end - 1] === RETURN) end--;
    this.line = decodeUtf8(bytes, start, end);
    return true;
  }

  /** Goes on to the first line that is neither blank nor a comment; false where there is none. */
  nextWithContent(): boolean {
    while (this.next()) {
      if (!isBlankOrComment(this.line)) return true;
    }
    return false;
  }
}

/** How far detectors look: beyond so many bytes of comments nobody has a header. */
const HEAD_BYTES = 1 << 16;

/** Reads the lines of the first bytes of an input, as far as a detector needs to look. */
export function headLines(bytes: Uint8Array): LineReader {
  return new LineReader(bytes.subarray(0, HEAD_BYTES));
}

/** The first line of an input. */
export function firstLine(bytes: Uint8Array): string {
  const lines = headLines(bytes);
  lines.next();
  return lines.line;
}

export function isBlankOrComment(line: string): boolean {
  const start = contentStart(line);
  return start === line.length || line[start] === "#";
}

/** White space as Go's `unicode.IsSpace` has it; `trim()` also takes U+FEFF and leaves U+0085. */
const SPACE = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** The text without white space around it. */
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
