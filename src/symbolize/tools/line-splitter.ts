import { decodeUtf8 } from "../../profile/utf8.js";
import { BinaryError } from "../binaries/binary-error.js";

const NEWLINE = 10;

/** No name of a function is longer, templates included. */
const MAX_LINE = 1 << 24;

/** Cuts what a tool prints into lines, without white space around them, as it comes in pieces. */
export class LineSplitter {
  readonly #take: (line: string) => void;
  #rest: Uint8Array[] = [];
  #length = 0;

  constructor(take: (line: string) => void) {
    this.#take = take;
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

  /** What follows the last newline is a line too, if it is there. */
  finish(): void {
    if (this.#length > 0) this.#flush();
  }

  #add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    if (this.#length > MAX_LINE) throw new BinaryError("a tool printed a line without end");
    this.#rest.push(bytes);
  }

  #flush(): void {
    const bytes = this.#rest.length === 1 ? this.#rest[0] : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#length = 0;
    this.#take(decodeUtf8(bytes, 0, bytes.length).trim());
  }
}
