import { ProfileError } from "../errors.js";

/** Wire types of protobuf (protobuf encoding, "message structure"). */
export const WireType = {
  varint: 0,
  fixed64: 1,
  bytes: 2,
  groupStart: 3,
  groupEnd: 4,
  fixed32: 5,
} as const;

/** A field number that no message of a profile uses. */
const UNKNOWN_FIELD = 0x1fffffff;

/** The maximum length of a varint in bytes: 64 bits, seven per byte. */
const MAX_VARINT_BYTES = 10;

/**
 * Reads protobuf's wire format from a window of the input. 64-bit numbers are returned as two
 * 32-bit halves in {@link lo} and {@link hi}, without rounding and allocation.
 */
export class WireReader {
  buffer: Uint8Array = new Uint8Array(0);
  pos = 0;
  /** The position of `buffer[0]` in the whole input, for error messages. */
  base = 0;
  /** The 32-bit halves of the last number read. */
  lo = 0;
  hi = 0;
  /** The field number and wire type of the last tag. */
  field = 0;
  wireType = 0;
  /** The end of the payload of the last length-delimited field. */
  stop = 0;

  /** Reads a varint that must end before `end`. */
  varint(end: number): void {
    const { buffer } = this;
    let pos = this.pos;
    // Fast path: most numbers have one byte.
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
    this.#badVarint(MAX_VARINT_BYTES);
  }

  #badVarint(length: number): never {
    throw this.error(
      length < MAX_VARINT_BYTES
        ? "the data ends within a number"
        : "a number is longer than 64 bits",
    );
  }

  /**
   * Reads a tag into {@link field} and {@link wireType}, and also the value of a number into {@link
   * lo} and {@link hi}, or the end of a length-delimited payload into {@link stop}. One call per
   * field, since calls dominate the decoding of short messages.
   */
  next(end: number): void {
    const start = this.pos;
    const missing = this.begin(end);
    if (missing > 0) {
      const left = end - this.pos;
      throw this.error(
        `field ${this.field} claims ${left + missing} bytes where ${left} are left`,
        start,
      );
    }
  }

  /** Like {@link next}, but returns by how many bytes the payload extends beyond `end`; often 0. */
  begin(end: number): number {
    const { buffer, pos } = this;
    const tag = buffer[pos];
    if (pos < end && tag < 0x80 && tag > 7) {
      this.field = tag >>> 3;
      this.wireType = tag & 7;
      this.pos = pos + 1;
    } else {
      this.#longTag(end);
    }
    if (this.wireType === WireType.varint) {
      this.varint(end);
    } else if (this.wireType === WireType.bytes) {
      this.varint(end);
      const left = end - this.pos;
      if (this.hi !== 0 || this.lo > left) return this.hi * 2 ** 32 + this.lo - left;
      this.stop = this.pos + this.lo;
    }
    return 0;
  }

  #longTag(end: number): void {
    const start = this.pos;
    this.varint(end);
    this.wireType = this.lo & 7;
    // Field numbers have 29 bits; larger ones are unknown.
    this.field = this.hi === 0 ? this.lo >>> 3 : UNKNOWN_FIELD;
    if (this.field === 0) throw this.error("field number 0 does not exist", start);
  }

  /** Returns the end of the payload; throws if the field is not length-delimited. */
  payload(what: string): number {
    if (this.wireType !== WireType.bytes) throw this.wrongType(what);
    return this.stop;
  }

  /** Throws if the field is not a number. */
  number(what: string): void {
    if (this.wireType !== WireType.varint) throw this.wrongType(what);
  }

  bool(what: string): boolean {
    this.number(what);
    return this.lo !== 0 || this.hi !== 0;
  }

  /** Returns a string index; for larger ones the largest 32-bit number, which is refused later. */
  stringIndex(what: string): number {
    this.number(what);
    return this.hi === 0 ? this.lo : 0xffffffff;
  }

  /** Skips the field that {@link next} began, including nested groups. */
  skip(end: number): void {
    let depth = 0;
    do {
      switch (this.wireType) {
        case WireType.varint:
          break;
        case WireType.fixed64:
          this.#advance(8, end);
          break;
        case WireType.bytes:
          this.pos = this.stop;
          break;
        case WireType.fixed32:
          this.#advance(4, end);
          break;
        case WireType.groupStart:
          depth++;
          break;
        case WireType.groupEnd:
          if (depth-- === 0) throw this.error("end of a group without a start");
          break;
        default:
          throw this.error(`wire type ${this.wireType} does not exist`);
      }
      if (depth > 0) this.next(end);
    } while (depth > 0);
  }

  #advance(count: number, end: number): void {
    if (count > end - this.pos) throw this.error("the data ends within a number");
    this.pos += count;
  }

  wrongType(what: string): ProfileError {
    return this.error(`${what} has wire type ${this.wireType}`);
  }

  /** Returns an error with the position in the input; `pos` is a position in the window. */
  error(message: string, pos = this.pos): ProfileError {
    return new ProfileError(`malformed profile: ${message} (at byte ${this.base + pos})`);
  }
}
