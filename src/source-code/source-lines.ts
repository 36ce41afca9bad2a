import { decodeUtf8 } from "../profile/utf8.js";

const NEWLINE = 10;
const RETURN = 13;

/** A line has fewer bytes than this; pprof reads a file no further than to a longer one. */
const MAX_LINE = 1 << 16;

/** The lines of a file, decoded when they are asked for. */
export class SourceLines {
  readonly #bytes: Uint8Array;
  /** Where each line starts, and where one more would. */
  readonly #starts: Uint32Array;
  readonly lineCount: number;

  constructor(
    bytes: Uint8Array,
    /** Where the file was found, if that is not where its name says. */
    readonly foundAt?: string,
  ) {
    this.#bytes = bytes;
    let starts = new Uint32Array(1024);
    let count = 0;
    let start = 0;
    while (start < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      if (end - start >= MAX_LINE) break;
      start = end + 1;
      if (++count === starts.length) {
        const longer = new Uint32Array(2 * count);
        longer.set(starts);
        starts = longer;
      }
      starts[count] = start;
    }
    this.#starts = starts;
    this.lineCount = count;
  }

  /** The size in memory, about. */
  get size(): number {
    return this.#bytes.length + this.#starts.byteLength;
  }

  /** A line without its newline, and without the carriage return before that; counted from 1. */
  line(number: number): string {
    const start = this.#starts[number - 1];
    let end = this.#starts[number] - 1;
    if (end > start && this.#bytes[end - 1] === RETURN) end--;
    return decodeUtf8(this.#bytes, start, end);
  }
}
