import { ProfileError } from "../errors.js";

/** How the payload of a field is laid out (protobuf encoding, "message structure"). */
export const WireType = {
  varint: 0,
  fixed64: 1,
  bytes: 2,
  groupStart: 3,
  groupEnd: 4,
  fixed32: 5,
} as const;

/** A number that no field of a profile has. */
const UNKNOWN_FIELD = 0x1fffffff;

/** The longest varint: 64 bits, seven at a time. */
const MAX_VARINT = 10;

/**
 * Reads protobuf's wire format from a window of the input. 64-bit numbers come as two
 * 32-bit halves in {@link lo} and {@link hi}, so that nothing is rounded and nothing
 * allocated.
 */
export class WireReader {
  buffer: Uint8Array = new Uint8Array(0);
  /** Where the next byte is read. */
  pos = 0;
  /** Where `buffer[0]` lies in the whole input, for messages. */
  base = 0;
  /** The low half of the last number read. */
  lo = 0;
  /** The high half of the last number read. */
  hi = 0;
  /** Field number and wire type of the last tag read. */
  field = 0;
  wireType = 0;

  /** Reads a varint that must end before `end`. */
  varint(end: number): void {
    const { buffer } = this;
    let pos = this.pos;
    // Most numbers are one byte long.
    if (pos < end && buffer[pos] < 0x80) {
      this.lo = buffer[pos];
      this.hi = 0;
      this.pos = pos + 1;
      return;
    }
    let lo = 0;
    let hi = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= end) this.#badVarint(pos - this.pos);
      const byte = buffer[pos++];
      const bits = byte & 0x7f;
      if (shift < 28) {
        lo |= bits << shift;
      } else if (shift === 28) {
        lo |= bits << 28;
        hi = bits >>> 4;
      } else {
        hi |= bits << (shift - 32);
      }
      if (byte < 0x80) {
        this.pos = pos;
        this.lo = lo >>> 0;
        this.hi = hi >>> 0;
        return;
      }
    }
    this.#badVarint(MAX_VARINT);
  }

  #badVarint(length: number): never {
    throw this.error(
      length < MAX_VARINT ? "the data ends within a number" : "a number is longer than 64 bits",
    );
  }

  /** Reads a tag into {@link field} and {@link wireType}. */
  tag(end: number): void {
    const start = this.pos;
    const byte = this.buffer[start];
    if (start < end && byte < 0x80 && byte > 7) {
      this.wireType = byte & 7;
      this.field = byte >>> 3;
      this.pos = start + 1;
      return;
    }
    this.varint(end);
    this.wireType = this.lo & 7;
    // Field numbers have 29 bits; a larger one is of no message, like UNKNOWN_FIELD.
    this.field = this.hi === 0 ? this.lo >>> 3 : UNKNOWN_FIELD;
    if (this.field === 0) throw this.error("field number 0 does not exist", start);
  }

  /** Reads the length of a field and returns where its payload ends, which must not be behind `end`. */
  payloadEnd(end: number, what: string): number {
    if (this.wireType !== WireType.bytes) throw this.wrongType(what);
    const start = this.pos;
    this.varint(end);
    const length = this.hi * 2 ** 32 + this.lo;
    if (length > end - this.pos) {
      throw this.error(`${what} claims ${length} bytes where ${end - this.pos} are left`, start);
    }
    return this.pos + length;
  }

  /** Reads a varint field into {@link lo} and {@link hi}. */
  number(end: number, what: string): void {
    if (this.wireType !== WireType.varint) throw this.wrongType(what);
    this.varint(end);
  }

  /** Reads a bool field. */
  bool(end: number, what: string): boolean {
    this.number(end, what);
    return this.lo !== 0 || this.hi !== 0;
  }

  /**
   * Reads an index into the string table. One that no table can have becomes the
   * largest 32-bit number, which the check against the table refuses.
   */
  stringIndex(end: number, what: string): number {
    this.number(end, what);
    return this.hi === 0 ? this.lo : 0xffffffff;
  }

  /** Passes over the field whose tag was read, groups and what they hold included. */
  skip(end: number): void {
    let depth = 0;
    do {
      switch (this.wireType) {
        case WireType.varint:
          this.varint(end);
          break;
        case WireType.fixed64:
          this.#advance(8, end);
          break;
        case WireType.bytes:
          this.pos = this.payloadEnd(end, `field ${this.field}`);
          break;
        case WireType.fixed32:
          this.#advance(4, end);
          break;
        case WireType.groupStart:
          depth++;
          break;
        case WireType.groupEnd:
          if (depth-- === 0) throw this.error("a group ends that did not begin");
          break;
        default:
          throw this.error(`wire type ${this.wireType} does not exist`);
      }
      if (depth > 0) this.tag(end);
    } while (depth > 0);
  }

  #advance(count: number, end: number): void {
    if (count > end - this.pos) throw this.error("the data ends within a number");
    this.pos += count;
  }

  wrongType(what: string): ProfileError {
    return this.error(`${what} has wire type ${this.wireType}`);
  }

  /** An error that names the place: `pos` is within the window. */
  error(message: string, pos = this.pos): ProfileError {
    return new ProfileError(`malformed profile: ${message} (at byte ${this.base + pos})`);
  }
}
