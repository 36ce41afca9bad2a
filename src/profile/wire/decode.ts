import { type Int64, int64FromHalves } from "../../units/int64.js";
import { ProfileError, tooLarge } from "../errors.js";
import type { Profile } from "../profile.js";
import { assemble } from "./assemble.js";
import { OBSERVATIONS_FIELD, ObservationDecoder } from "./observations.js";
import type { RawHeader, RawValueType } from "./raw.js";
import { WireReader, WireType } from "./reader.js";
import { MAX_SAMPLE_TYPES, SampleDecoder } from "./samples.js";
import { StringTableDecoder } from "./strings.js";
import { FunctionDecoder, LocationDecoder, MappingDecoder } from "./symbols.js";

/** The maximum length of a tag and a length, in bytes. */
const MAX_FIELD_HEADER = 20;

/** Messages of at least this length, in bytes, are counted separately before they are decoded. */
const LONG_MESSAGE_BYTES = 1 << 16;

/** The size of a comment, a string index, in bytes. */
const BYTES_PER_COMMENT = 8;

/** The number of bytes decoded between two checks of the size of the tables. */
const BYTES_BETWEEN_CHECKS = 1 << 16;

/** The maximum size of tables per byte of message: a label of 2 bytes makes a row of 20. */
const MAX_TABLE_BYTES_PER_BYTE = 10;

/** Fields that make several rows each: samples (labels), locations (lines), comments, and the
 * times of samples. */
const MULTI_ROW_FIELDS = new Set([2, 4, 13, OBSERVATIONS_FIELD]);

/** Decoding waits for this many bytes, or for the end of the input. */
const MIN_PENDING_BYTES = 1 << 16;

/**
 * Decodes an uncompressed profile.proto message in pieces, so that it can be inflated and decoded
 * at the same time. Pass every piece to {@link push}, then call {@link finish}. Both throw a {@link
 * ProfileError} that names the field and the byte offset if the data is invalid.
 */
export class ProfileDecoder {
  readonly #reader = new WireReader();
  /** The pieces received since the last complete field. */
  #pending: Uint8Array[] = [];
  #pendingLength = 0;
  /** The number of pending bytes at which decoding continues. */
  #resumeAt = MIN_PENDING_BYTES;
  #total = 0;
  readonly #limit: number;

  readonly #samples: SampleDecoder;
  readonly #observations = new ObservationDecoder();
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
   * `sizeHint` is the approximate number of input bytes; a wrong hint costs almost nothing. `limit`
   * is the maximum size of the tables in bytes: two bytes of input can make a large row.
   */
  constructor(sizeHint = 0, limit = Number.POSITIVE_INFINITY) {
    this.#samples = new SampleDecoder(sizeHint);
    this.#limit = limit;
  }

  /** Adds the next piece of the input, which must not change afterwards. */
  push(piece: Uint8Array): void {
    this.#pending.push(piece);
    this.#pendingLength += piece.length;
    this.#total += piece.length;
    if (this.#pendingLength >= this.#resumeAt) this.#decodePending(false);
  }

  /** Decodes the rest of the input, validates it and returns the profile. */
  finish(): Profile {
    if (this.#total === 0) throw new ProfileError("empty input file");
    this.#decodePending(true);
    return assemble({
      header: this.#header,
      samples: this.#samples,
      observations: this.#observations,
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
    this.#resumeAt = MIN_PENDING_BYTES;
    while (done < end) {
      if (!last) {
        const missing = this.#missing(end);
        if (missing > 0) {
          this.#resumeAt = Math.max(MIN_PENDING_BYTES, end - done + missing);
          break;
        }
      } else {
        reader.next(end);
      }
      if (done >= nextCheck || reader.stop - reader.pos > LONG_MESSAGE_BYTES) {
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

  /** Throws if the tables are too large, or may be too large after the current field. */
  #checkSize(): void {
    const reader = this.#reader;
    const tables = [
      this.#samples,
      this.#observations,
      this.#mappings,
      this.#locations,
      this.#functions,
      this.#strings,
    ];
    // After a number, `stop` still belongs to an earlier field.
    const payload = Math.max(0, reader.stop - reader.pos);
    let bytes = MULTI_ROW_FIELDS.has(reader.field) ? payload * MAX_TABLE_BYTES_PER_BYTE : 0;
    for (const table of tables) bytes += table.bytes;
    bytes += this.#header.comments.length * BYTES_PER_COMMENT;
    if (bytes > this.#limit) throw tooLarge(this.#limit);
  }

  /** Begins the next field. Returns a lower bound of its missing bytes, and 0 if it is invalid. */
  #missing(end: number): number {
    const reader = this.#reader;
    if (end - reader.pos < MAX_FIELD_HEADER) return 1;
    const missing = reader.begin(end);
    // A group has no length. Doubling the number of bytes each time keeps the cost linear.
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
        // Every producer writes the time, so a second time means concatenated profiles.
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
      case OBSERVATIONS_FIELD:
        this.#observations.decode(reader, reader.payload("the times of samples"));
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

/** Joins pieces with a total of `length` bytes; a single piece is not copied. */
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

export function decodeProfile(bytes: Uint8Array): Profile {
  const decoder = new ProfileDecoder(bytes.length);
  decoder.push(bytes);
  return decoder.finish();
}
