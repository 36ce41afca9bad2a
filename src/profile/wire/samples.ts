import { Int64Builder, Uint32Builder } from "../columns.js";
import { IdSpace } from "./ids.js";
import { type WireReader, WireType } from "./reader.js";

/** The maximum number of sample types. Real profiles have a handful; each uses a column. */
export const MAX_SAMPLE_TYPES = 1024;

/** Estimated size of a frame in the file: ids have two or three bytes in all but tiny profiles. */
const BYTES_PER_FRAME = 2.5;

/**
 * Decodes the Sample messages, nearly all bytes of a profile, so speed matters here. Location ids
 * remain keys of {@link locationIds} until all locations are known.
 */
export class SampleDecoder {
  readonly locationIds = new IdSpace();
  readonly stackOffsets = new Uint32Builder();
  readonly stack = new Uint32Builder();
  /** One column per value of the first sample. */
  values: Int64Builder[] = [];
  readonly labelOffsets = new Uint32Builder();
  readonly labelKey = new Uint32Builder();
  readonly labelText = new Uint32Builder();
  readonly labelNumber = new Int64Builder();
  readonly labelUnit = new Uint32Builder();
  /** The largest key of the labels without a value. */
  largestBareKey = 0;

  /** `sizeHint` is the approximate size of all samples in bytes; it saves growing the stacks. */
  constructor(sizeHint: number) {
    this.stack.reserve(Math.ceil(sizeHint / BYTES_PER_FRAME));
    this.stackOffsets.push(0);
    this.labelOffsets.push(0);
  }

  get count(): number {
    return this.stackOffsets.length - 1;
  }

  get bytes(): number {
    let bytes = this.stack.bytes + this.stackOffsets.bytes * 2 + this.labelKey.bytes * 5;
    for (const column of this.values) bytes += column.bytes;
    return bytes;
  }

  /** Decodes the message from the reader's position to `end`. */
  decode(reader: WireReader, end: number): void {
    let valueCount = 0;
    while (reader.pos < end) {
      reader.next(end);
      switch (reader.field) {
        case 1:
          this.#locations(reader);
          break;
        case 2:
          valueCount = this.#values(reader, valueCount);
          break;
        case 3:
          this.#label(reader, reader.payload("label"));
          break;
        default:
          reader.skip(end);
      }
    }
    // The sample types may follow later, but every sample has one value for each.
    if (valueCount === 0) throw reader.error(`sample ${this.count} has no values`);
    if (valueCount !== this.values.length) {
      throw reader.error(
        `sample ${this.count} has ${valueCount} values, the ones before it ${this.values.length}`,
      );
    }
    this.stackOffsets.push(this.stack.length);
    this.labelOffsets.push(this.labelKey.length);
  }

  #locations(reader: WireReader): void {
    if (reader.wireType !== WireType.bytes) {
      reader.number("location_id");
      this.stack.push(this.locationIds.key(reader.lo, reader.hi));
      return;
    }
    const stop = reader.payload("location_id");
    const { buffer } = reader;
    const start = this.stack.length;
    const out = this.stack.reserve(stop - reader.pos);
    let next = start;
    let pos = reader.pos;
    // Inlined decoding of ids of up to 28 bits: this loop runs once per frame of the profile. A
    // varint cut off by `stop` is detected after the loop, before its value is used.
    while (pos < stop) {
      const b0 = buffer[pos];
      if (b0 < 0x80) {
        out[next++] = b0;
        pos += 1;
        continue;
      }
      const b1 = buffer[pos + 1];
      if (b1 < 0x80) {
        out[next++] = (b0 & 0x7f) | (b1 << 7);
        pos += 2;
        continue;
      }
      const b2 = buffer[pos + 2];
      if (b2 < 0x80) {
        out[next++] = (b0 & 0x7f) | ((b1 & 0x7f) << 7) | (b2 << 14);
        pos += 3;
        continue;
      }
      const b3 = buffer[pos + 3];
      if (b3 < 0x80) {
        out[next++] = (b0 & 0x7f) | ((b1 & 0x7f) << 7) | ((b2 & 0x7f) << 14) | (b3 << 21);
        pos += 4;
        continue;
      }
      reader.pos = pos;
      reader.varint(stop);
      out[next++] = this.locationIds.key(reader.lo, reader.hi);
      pos = reader.pos;
    }
    if (pos !== stop) throw reader.error("the data ends within a number", stop);
    reader.pos = stop;
    this.stack.advance(next - start);
  }

  #values(reader: WireReader, count: number): number {
    if (reader.wireType !== WireType.bytes) {
      reader.number("value");
      this.#value(reader, count);
      return count + 1;
    }
    const stop = reader.payload("value");
    while (reader.pos < stop) {
      reader.varint(stop);
      this.#value(reader, count++);
    }
    return count;
  }

  #value(reader: WireReader, index: number): void {
    if (index >= this.values.length) {
      if (this.count > 0) {
        throw reader.error(
          `sample ${this.count} has more values than the ${this.values.length} of earlier samples`,
        );
      }
      if (index >= MAX_SAMPLE_TYPES) {
        throw reader.error(`a sample has more than ${MAX_SAMPLE_TYPES} values`);
      }
      this.values.push(new Int64Builder());
    }
    this.values[index].pushHalves(reader.lo, reader.hi);
  }

  #label(reader: WireReader, end: number): void {
    let key = 0;
    let text = 0;
    let numberLo = 0;
    let numberHi = 0;
    let unit = 0;
    while (reader.pos < end) {
      reader.next(end);
      switch (reader.field) {
        case 1:
          key = reader.stringIndex("label.key");
          break;
        case 2:
          text = reader.stringIndex("label.str");
          break;
        case 3:
          reader.number("label.num");
          numberLo = reader.lo;
          numberHi = reader.hi;
          break;
        case 4:
          unit = reader.stringIndex("label.num_unit");
          break;
        default:
          reader.skip(end);
      }
    }
    // Like pprof, ignore a label that has only a key, but require that the key exists.
    if (text === 0 && numberLo === 0 && numberHi === 0 && unit === 0) {
      this.largestBareKey = Math.max(this.largestBareKey, key);
      return;
    }
    this.labelKey.push(key);
    this.labelText.push(text);
    this.labelNumber.pushHalves(numberLo, numberHi);
    this.labelUnit.push(unit);
  }
}
