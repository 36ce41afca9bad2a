import { decodeUtf8 } from "../../profile/utf8.js";
import { BinaryError } from "../binaries/binary-error.js";

const NEWLINE = 10;

/** Longer than any function's name, even with C++ templates. */
const MAX_LINE_BYTES = 1 << 24;

/** Splits a tool's output, which arrives in pieces, into lines without white space around them. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest: Uint8Array[] = [];
  #length = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(piece: Uint8Array): void {
    let start = 0;
    for (;;) {
      const newline = piece.indexOf(NEWLINE, start);
      if (newline < 0) break;
      this.#add(piece.subarray(start, newline));
      this.#flush();
      start = newline + 1;
    }
    this.#add(piece.subarray(start));
  }

  /** Reports the text after the last newline as a line, unless it is empty. */
  finish(): void {
    if (this.#length > 0) this.#flush();
  }

  #add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    if (this.#length > MAX_LINE_BYTES)
      throw new BinaryError("a tool printed a line that is too long");
    this.#rest.push(bytes);
  }

  #flush(): void {
    const bytes = this.#rest.length === 1 ? this.#rest[0] : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#length = 0;
    this.#onLine(decodeUtf8(bytes, 0, bytes.length).trim());
  }
}
