import { type Int64, int64FromHalves } from "../../units/int64.js";
import { ProfileError, tooLarge } from "../errors.js";
import type { Profile } from "../profile.js";
import { assemble } from "./assemble.js";
import type { RawHeader, RawValueType } from "./raw.js";
import { WireReader, WireType } from "./reader.js";
import { MAX_SAMPLE_TYPES, SampleDecoder } from "./samples.js";
import { StringTableDecoder } from "./strings.js";
import { FunctionDecoder, LocationDecoder, MappingDecoder } from "./symbols.js";

/** The longest tag with the longest length behind it. */
const MAX_FIELD_HEADER = 20;

/** From this length on a message is looked at by itself before it is decoded. */
const LONG_MESSAGE = 1 << 16;

/** What a comment takes, which is the number of a string. */
const BYTES_PER_COMMENT = 8;

/** How many bytes are decoded between two looks at the memory that the tables take. */
const BYTES_BETWEEN_CHECKS = 1 << 16;

/** How much of a table one byte of a message can make: two bytes are a label of 20. */
const MOST_BYTES_PER_BYTE = 10;

/** Samples with labels, locations with lines, comments: fields that make several rows each. */
const ROWS_OF_ROWS = new Set([2, 4, 13]);

/** Less than this is left until there is more, or the end. */
const WORTHWHILE = 1 << 16;

/**
 * Decodes an uncompressed profile.proto message that comes in pieces, so that
 * inflating and decoding can go side by side. Give it every piece with {@link push},
 * then take the profile from {@link finish}. Both throw a {@link ProfileError} that
 * names the field and the byte where the data is wrong.
 */
export class ProfileDecoder {
  readonly #reader = new WireReader();
  /** Pieces that came since the last whole field, and how many bytes they are. */
  #pending: Uint8Array[] = [];
  #pendingLength = 0;
  /** There is nothing to do before so many bytes are pending. */
  #wanted = WORTHWHILE;
  #total = 0;
  readonly #limit: number;

  readonly #samples: SampleDecoder;
  readonly #mappings = new MappingDecoder();
  readonly #locations = new LocationDecoder(this.#mappings.ids);
  readonly #functions = new FunctionDecoder();
  readonly #strings = new StringTableDecoder();
  readonly #header: RawHeader = {
    sampleTypes: [],
    dropFrames: 0,
    keepFrames: 0,
    timeNanos: 0,
    durationNanos: 0,
    periodType: { type: 0, unit: 0 },
    period: 0,
    comments: [],
    defaultSampleType: 0,
    docUrl: 0,
  };

  /**
   * `sizeHint`: about how many bytes there will be. Memory is set aside by it, but not
   * touched, so a wrong one costs next to nothing. `limit`: how many bytes the tables may
   * take, since two bytes of input can make a row of many.
   */
  constructor(sizeHint = 0, limit = Number.POSITIVE_INFINITY) {
    this.#samples = new SampleDecoder(sizeHint);
    this.#limit = limit;
  }

  /** Takes the next piece of the input; it must not be written to afterwards. */
  push(piece: Uint8Array): void {
    this.#pending.push(piece);
    this.#pendingLength += piece.length;
    this.#total += piece.length;
    if (this.#pendingLength >= this.#wanted) this.#decodePending(false);
  }

  /** Decodes what is left, checks the whole, and returns the profile. */
  finish(): Profile {
    if (this.#total === 0) throw new ProfileError("empty input file");
    this.#decodePending(true);
    return assemble({
      header: this.#header,
      samples: this.#samples,
      mappings: this.#mappings,
      locations: this.#locations,
      functions: this.#functions,
      strings: this.#strings,
      limit: this.#limit,
    });
  }

  #decodePending(last: boolean): void {
    const reader = this.#reader;
    reader.buffer = concat(this.#pending, this.#pendingLength);
    reader.pos = 0;
    reader.stop = 0;
    const end = reader.buffer.length;
    let done = 0;
    let nextCheck = 0;
    this.#wanted = WORTHWHILE;
    while (done < end) {
      if (!last) {
        const missing = this.#missing(end);
        if (missing > 0) {
          this.#wanted = Math.max(WORTHWHILE, end - done + missing);
          break;
        }
      } else {
        reader.next(end);
      }
      if (done >= nextCheck || reader.stop - reader.pos > LONG_MESSAGE) {
        this.#checkSize();
        nextCheck = done + BYTES_BETWEEN_CHECKS;
      }
      this.#field(end);
      done = reader.pos;
    }
    reader.base += done;
    this.#pending = done < end ? [reader.buffer.subarray(done)] : [];
    this.#pendingLength = end - done;
  }

  /** Refuses to go on where the tables are too large, or may be after the field that was begun. */
  #checkSize(): void {
    const reader = this.#reader;
    const tables = [this.#samples, this.#mappings, this.#locations, this.#functions, this.#strings];
    // Behind a number, `stop` is still that of an earlier field.
    const payload = Math.max(0, reader.stop - reader.pos);
    let bytes = ROWS_OF_ROWS.has(reader.field) ? payload * MOST_BYTES_PER_BYTE : 0;
    for (const table of tables) bytes += table.bytes;
    bytes += this.#header.comments.length * BYTES_PER_COMMENT;
    if (bytes > this.#limit) throw tooLarge(this.#limit);
  }

  /**
   * Begins the next field. Returns at least how many bytes are missing from it; 0 where
   * it is whole, or broken in a way that reading it will tell.
   */
  #missing(end: number): number {
    const reader = this.#reader;
    if (end - reader.pos < MAX_FIELD_HEADER) return 1;
    const missing = reader.begin(end);
    // A group says nowhere how long it is. Ask for twice as much each time, so that a
    // long one costs no more than linear time.
    const isWhole = reader.wireType !== WireType.groupStart || this.#groupIsWhole(end);
    return isWhole ? missing : end - reader.pos;
  }

  #groupIsWhole(end: number): boolean {
    const reader = this.#reader;
    const { pos, field, wireType } = reader;
    try {
      reader.skip(end);
      return true;
    } catch (error) {
      if (error instanceof ProfileError) return false;
      throw error;
    } finally {
      Object.assign(reader, { pos, field, wireType });
    }
  }

  #field(end: number): void {
    const reader = this.#reader;
    const header = this.#header;
    switch (reader.field) {
      case 1:
        header.sampleTypes.push(this.#valueType(reader.payload("sample_type")));
        if (header.sampleTypes.length > MAX_SAMPLE_TYPES) {
          throw reader.error(`there are more than ${MAX_SAMPLE_TYPES} sample types`);
        }
        break;
      case 2:
        this.#samples.decode(reader, reader.payload("sample"));
        break;
      case 3:
        this.#mappings.decode(reader, reader.payload("mapping"));
        break;
      case 4:
        this.#locations.decode(reader, reader.payload("location"));
        break;
      case 5:
        this.#functions.decode(reader, reader.payload("function"));
        break;
      case 6:
        this.#strings.decode(reader, reader.payload("string_table"));
        break;
      case 7:
        header.dropFrames = reader.stringIndex("drop_frames");
        break;
      case 8:
        header.keepFrames = reader.stringIndex("keep_frames");
        break;
      case 9:
        // The one field that every producer writes, and no profile has twice.
        if (header.timeNanos !== 0) {
          throw new ProfileError(
            "concatenated profiles detected: give them as separate files to merge them",
          );
        }
        header.timeNanos = this.#int64("time_nanos");
        break;
      case 10:
        header.durationNanos = this.#int64("duration_nanos");
        break;
      case 11:
        header.periodType = this.#valueType(reader.payload("period_type"));
        break;
      case 12:
        header.period = this.#int64("period");
        break;
      case 13:
        this.#comments();
        break;
      case 14:
        header.defaultSampleType = reader.stringIndex("default_sample_type");
        break;
      case 15:
        header.docUrl = reader.stringIndex("doc_url");
        break;
      default:
        reader.skip(end);
    }
  }

  #int64(what: string): Int64 {
    this.#reader.number(what);
    return int64FromHalves(this.#reader.lo, this.#reader.hi);
  }

  #valueType(end: number): RawValueType {
    const reader = this.#reader;
    const valueType = { type: 0, unit: 0 };
    while (reader.pos < end) {
      reader.next(end);
      if (reader.field === 1) valueType.type = reader.stringIndex("value_type.type");
      else if (reader.field === 2) valueType.unit = reader.stringIndex("value_type.unit");
      else reader.skip(end);
    }
    return valueType;
  }

  #comments(): void {
    const reader = this.#reader;
    const { comments } = this.#header;
    if (reader.wireType !== WireType.bytes) {
      comments.push(reader.stringIndex("comment"));
      return;
    }
    const stop = reader.payload("comment");
    while (reader.pos < stop) {
      reader.varint(stop);
      comments.push(reader.hi === 0 ? reader.lo : 0xffffffff);
    }
  }
}

/** The pieces, which are `length` bytes, as one; not copied where there is only one. */
export function concat(pieces: readonly Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(length);
  let pos = 0;
  for (const piece of pieces) {
    whole.set(piece, pos);
    pos += piece.length;
  }
  return whole;
}

/** Decodes an uncompressed profile.proto message that is there as a whole. */
export function decodeProfile(bytes: Uint8Array): Profile {
  const decoder = new ProfileDecoder(bytes.length);
  decoder.push(bytes);
  return decoder.finish();
}
