import { int64At } from "../columns.js";
import { NO_MAPPING, type StringIndex } from "../indices.js";
import { MappingFlags, type Profile, type ValueType } from "../profile.js";
import { encodeObservations, OBSERVATIONS_FIELD } from "./observations.js";
import { WireWriter } from "./writer.js";

const PIECE_BYTES = 1 << 20;

/**
 * Encodes `profile` as an uncompressed profile.proto message with the same ids and string indices.
 * Decoding the result gives an equal profile, except for numeric labels with the value 0 and no
 * unit, which the format cannot express.
 */
export function encodeProfile(profile: Profile): Uint8Array {
  return concatPieces([...encodePieces(profile)]);
}

/**
 * Encodes in pieces, so that they can be compressed and written meanwhile. With `keepsTimes`, the
 * times of samples become a field that only tsprof reads.
 */
export function* encodePieces(profile: Profile, keepsTimes = false): Generator<Uint8Array> {
  const encoder = new Encoder(profile);
  const { samples, mappings, locations, functions, strings } = profile;
  for (const type of profile.sampleTypes) encoder.valueType(1, type);
  yield* encoder.rows(samples.length, (row) => encoder.sample(row));
  yield* encoder.rows(mappings.length, (row) => encoder.mapping(row));
  yield* encoder.rows(locations.length, (row) => encoder.location(row));
  yield* encoder.rows(functions.length, (row) => encoder.function(row));
  yield* encoder.rows(strings.length, (row) => {
    encoder.out.bytesField(6, strings.bytes(row as StringIndex));
  });
  const { out } = encoder;
  out.int64Field(7, profile.dropFrames);
  out.int64Field(8, profile.keepFrames);
  out.int64Field(9, profile.timeNanos);
  out.int64Field(10, profile.durationNanos);
  if (profile.periodType.type !== 0 || profile.periodType.unit !== 0) {
    encoder.valueType(11, profile.periodType);
  }
  out.int64Field(12, profile.period);
  encoder.comments();
  out.int64Field(14, profile.defaultSampleType);
  out.int64Field(15, profile.docUrl);
  const { observations } = profile;
  if (keepsTimes && observations) {
    out.bytesField(OBSERVATIONS_FIELD, encodeObservations(observations));
  }
  yield encoder.takePiece();
}

function concatPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const piece of pieces) {
    whole.set(piece, end);
    end += piece.length;
  }
  return whole;
}

class Encoder {
  readonly out = new WireWriter();
  /** The current message; its length is written first. */
  readonly #message = new WireWriter();
  /** A message or packed field inside {@link #message}. */
  readonly #inner = new WireWriter();

  constructor(readonly profile: Profile) {}

  /** Writes `count` rows and yields pieces. */
  *rows(count: number, write: (row: number) => void): Generator<Uint8Array> {
    for (let row = 0; row < count; row++) {
      write(row);
      if (this.out.length >= PIECE_BYTES) yield this.takePiece();
    }
  }

  /** Returns everything written since the last piece. */
  takePiece(): Uint8Array {
    const piece = this.out.bytes.slice();
    this.out.clear();
    return piece;
  }

  valueType(field: number, { type, unit }: ValueType): void {
    this.#message.int64Field(1, type);
    this.#message.int64Field(2, unit);
    this.#emit(field);
  }

  sample(row: number): void {
    const { samples, labels, locations } = this.profile;
    const stackStart = samples.stackOffsets[row];
    const depth = samples.stackOffsets[row + 1] - stackStart;
    if (depth > 0) {
      for (let i = 0; i < depth; i++) {
        const location = samples.stackLocations[stackStart + i];
        this.#inner.varint(locations.id.lo[location], locations.id.hi[location]);
      }
      this.#emitInner(1);
    }
    if (samples.values.length > 0) {
      for (const column of samples.values) this.#inner.int64(int64At(column, row));
      this.#emitInner(2);
    }
    for (let label = samples.labelOffsets[row]; label < samples.labelOffsets[row + 1]; label++) {
      this.#inner.int64Field(1, labels.key[label]);
      this.#inner.int64Field(2, labels.text[label]);
      this.#inner.int64Field(3, int64At(labels.number, label));
      this.#inner.int64Field(4, labels.unit[label]);
      this.#emitInner(3);
    }
    this.#emit(2);
  }

  mapping(row: number): void {
    const { mappings } = this.profile;
    const message = this.#message;
    message.uint64Field(1, mappings.id.lo[row], mappings.id.hi[row]);
    message.uint64Field(2, mappings.start.lo[row], mappings.start.hi[row]);
    message.uint64Field(3, mappings.limit.lo[row], mappings.limit.hi[row]);
    message.uint64Field(4, mappings.offset.lo[row], mappings.offset.hi[row]);
    message.int64Field(5, mappings.file[row]);
    message.int64Field(6, mappings.buildId[row]);
    const flags = mappings.flags[row];
    message.int64Field(7, flags & MappingFlags.functions ? 1 : 0);
    message.int64Field(8, flags & MappingFlags.filenames ? 1 : 0);
    message.int64Field(9, flags & MappingFlags.lineNumbers ? 1 : 0);
    message.int64Field(10, flags & MappingFlags.inlineFrames ? 1 : 0);
    this.#emit(3);
  }

  location(row: number): void {
    const { locations, lines, functions, mappings } = this.profile;
    const message = this.#message;
    message.uint64Field(1, locations.id.lo[row], locations.id.hi[row]);
    const mapping = locations.mapping[row];
    if (mapping !== NO_MAPPING) {
      message.uint64Field(2, mappings.id.lo[mapping], mappings.id.hi[mapping]);
    }
    message.uint64Field(3, locations.address.lo[row], locations.address.hi[row]);
    for (let line = locations.lineOffsets[row]; line < locations.lineOffsets[row + 1]; line++) {
      const fn = lines.function[line];
      this.#inner.uint64Field(1, functions.id.lo[fn], functions.id.hi[fn]);
      this.#inner.int64Field(2, int64At(lines.line, line));
      this.#inner.int64Field(3, int64At(lines.column, line));
      this.#emitInner(4);
    }
    message.int64Field(5, locations.folded[row]);
    this.#emit(4);
  }

  function(row: number): void {
    const { functions } = this.profile;
    const message = this.#message;
    message.uint64Field(1, functions.id.lo[row], functions.id.hi[row]);
    message.int64Field(2, functions.name[row]);
    message.int64Field(3, functions.systemName[row]);
    message.int64Field(4, functions.filename[row]);
    message.int64Field(5, int64At(functions.startLine, row));
    this.#emit(5);
  }

  comments(): void {
    const { comments } = this.profile;
    if (comments.length === 0) return;
    for (const comment of comments) this.#inner.int64(comment);
    this.out.bytesField(13, this.#inner.bytes);
    this.#inner.clear();
  }

  #emit(field: number): void {
    this.out.bytesField(field, this.#message.bytes);
    this.#message.clear();
  }

  #emitInner(field: number): void {
    this.#message.bytesField(field, this.#inner.bytes);
    this.#inner.clear();
  }
}
