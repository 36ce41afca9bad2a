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
  /** Where the payload of the last length-delimited field ends. */
  stop = 0;

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

  /**
   * Reads a field's tag into {@link field} and {@link wireType}, and with it the value
   * of a number into {@link lo} and {@link hi}, or where the payload of a length-delimited
   * field ends into {@link stop}. One call does all that most fields need, since in short
   * runs calls are what decoding spends its time on.
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

  /**
   * Does what {@link next} does, but returns how many bytes the field's payload has
   * beyond `end`, where more may come: 0 for most fields.
   */
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
    // Field numbers have 29 bits; a larger one is of no message, like UNKNOWN_FIELD.
    this.field = this.hi === 0 ? this.lo >>> 3 : UNKNOWN_FIELD;
    if (this.field === 0) throw this.error("field number 0 does not exist", start);
  }

  /** Where the payload of the field ends, which must be a length-delimited one. */
  payload(what: string): number {
    if (this.wireType !== WireType.bytes) throw this.wrongType(what);
    return this.stop;
  }

  /** Checks that the field is a number, which is in {@link lo} and {@link hi}. */
  number(what: string): void {
    if (this.wireType !== WireType.varint) throw this.wrongType(what);
  }

  /** The value of a bool field. */
  bool(what: string): boolean {
    this.number(what);
    return this.lo !== 0 || this.hi !== 0;
  }

  /**
   * The value of a field that is an index into the string table. One that no table can
   * have becomes the largest 32-bit number, which the check against the table refuses.
   */
  stringIndex(what: string): number {
    this.number(what);
    return this.hi === 0 ? this.lo : 0xffffffff;
  }

  /** Passes over the field that {@link next} began, groups and what they hold included. */
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
          if (depth-- === 0) throw this.error("a group ends that did not begin");
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

  /** An error that names the place: `pos` is within the window. */
  error(message: string, pos = this.pos): ProfileError {
    return new ProfileError(`malformed profile: ${message} (at byte ${this.base + pos})`);
  }
}
