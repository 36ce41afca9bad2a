import type { TextPart } from "./engine.js";

/** Reads a text that is made in pieces while it is read. */
export class PieceReader {
  readonly #pieces: Iterator<string>;
  #next: IteratorResult<string>;
  #position = 0;

  constructor(pieces: Iterable<string>) {
    this.#pieces = pieces[Symbol.iterator]();
    this.#next = this.#pieces.next();
  }

  /** The number of characters read so far. */
  get position(): number {
    return this.#position;
  }

  /** Reads whole pieces until they have at least `length` characters. */
  read(length: number): TextPart {
    const parts: string[] = [];
    const end = this.#position + length;
    while (!this.#next.done && this.#position < end) {
      parts.push(this.#next.value);
      this.#position += this.#next.value.length;
      this.#next = this.#pieces.next();
    }
    return { text: parts.join(""), isLast: this.#next.done === true };
  }

  /** Goes to a position at which a part ended. */
  skipTo(position: number): void {
    while (!this.#next.done && this.#position < position) {
      this.#position += this.#next.value.length;
      this.#next = this.#pieces.next();
    }
  }
}
