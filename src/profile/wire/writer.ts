import type { Int64 } from "../../units/int64.js";
import { WireType } from "./reader.js";

/** Writes protobuf's wire format into a growing buffer. Zeros are omitted, as in proto3. */
export class WireWriter {
  #buffer = new Uint8Array(1024);
  #length = 0;

  /** The written bytes, as a view of the buffer, valid until the next write. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  varint(lo: number, hi: number): void {
    this.#reserve(10);
    let low = lo >>> 0;
    let high = hi >>> 0;
    while (high > 0 || low > 0x7f) {
      this.#buffer[this.#length++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#buffer[this.#length++] = low;
  }

  int64(value: Int64): void {
    if (typeof value === "number" && value >= 0) {
      this.varint(value % 2 ** 32, Math.floor(value / 2 ** 32));
      return;
    }
    const bits = BigInt.asUintN(64, BigInt(value));
    this.varint(Number(bits & 0xffffffffn), Number(bits >> 32n));
  }

  uint64Field(field: number, lo: number, hi: number): void {
    if (lo === 0 && hi === 0) return;
    this.#tag(field, WireType.varint);
    this.varint(lo, hi);
  }

  int64Field(field: number, value: Int64): void {
    if (value === 0) return;
    this.#tag(field, WireType.varint);
    this.int64(value);
  }

  bytesField(field: number, bytes: Uint8Array): void {
    this.#tag(field, WireType.bytes);
    this.varint(bytes.length, 0);
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #tag(field: number, wireType: number): void {
    this.varint(field * 8 + wireType, 0);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.#length + count, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
