import { decodeUtf8 } from "../profile/utf8.js";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** pprof stops reading a file at a line with this many bytes or more. */
const LINE_BYTES_LIMIT = 1 << 16;

/** The lines of a file, decoded on demand. */
export class SourceLines {
  readonly #bytes: Uint8Array;
  /** The position at which each line starts, and the position after the last line. */
  readonly #starts: Uint32Array;
  readonly lineCount: number;

  constructor(
    bytes: Uint8Array,
    /** The path of the file if it differs from its name in the profile. */
    readonly foundAt?: string,
  ) {
    this.#bytes = bytes;
    let starts = new Uint32Array(1024);
    let count = 0;
    let start = 0;
    while (start < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      if (end - start >= LINE_BYTES_LIMIT) break;
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

  /** The approximate size in memory, in bytes. */
  get size(): number {
    return this.#bytes.length + this.#starts.byteLength;
  }

  /** Returns a line, counted from 1, without its newline or carriage return and newline. */
  line(number: number): string {
    const start = this.#starts[number - 1];
    let end = this.#starts[number] - 1;
    if (end > start && this.#bytes[end - 1] === CARRIAGE_RETURN) end--;
    return decodeUtf8(this.#bytes, start, end);
  }
}
