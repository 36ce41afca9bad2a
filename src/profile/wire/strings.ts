import { Uint32Builder } from "../columns.js";
import { StringTable } from "../strings.js";
import type { WireReader } from "./reader.js";

export class StringTableDecoder {
  #bytes = new Uint8Array(1024);
  #length = 0;
  readonly #offsets = new Uint32Builder();

  constructor() {
    this.#offsets.push(0);
  }

  get count(): number {
    return this.#offsets.length - 1;
  }

  get bytes(): number {
    return this.#length + this.#offsets.bytes;
  }

  /** Adds the bytes from the reader's position to `end`. */
  decode(reader: WireReader, end: number): void {
    const size = end - reader.pos;
    if (this.count === 0 && size > 0) {
      throw reader.error("string_table[0] must be the empty string");
    }
    if (this.#length + size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length + size, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(reader.buffer.subarray(reader.pos, end), this.#length);
    this.#length += size;
    this.#offsets.push(this.#length);
    reader.pos = end;
  }

  finish(): StringTable {
    return new StringTable(this.#bytes, this.#offsets.finish());
  }
}
