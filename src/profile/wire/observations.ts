import { Int64Builder, indexColumn, int64At, Uint32Builder } from "../columns.js";
import type { ObservationTable } from "../profile.js";
import { type WireReader, WireType } from "./reader.js";
import { WireWriter } from "./writer.js";

/**
 * The number of tsprof's own field of profile.proto for {@link ObservationTable}, which the format
 * lacks. Other readers skip it, as they skip all fields that they do not know. The field contains a
 * message: 1 samples, 2 times as differences, 3 durations, and a field 4 with the values of each
 * sample type, all packed.
 */
export const OBSERVATIONS_FIELD = 21587;

/** Encodes a table as the payload of {@link OBSERVATIONS_FIELD}. */
export function encodeObservations({
  length,
  sample,
  time,
  duration,
  values,
}: ObservationTable): Uint8Array {
  const message = new WireWriter();
  const packed = new WireWriter();
  const column = (field: number, write: (row: number) => void) => {
    for (let row = 0; row < length; row++) write(row);
    message.bytesField(field, packed.bytes);
    packed.clear();
  };
  column(1, (row) => packed.varint(sample[row], 0));
  column(2, (row) => packed.int64(time[row] - (row > 0 ? time[row - 1] : 0)));
  if (duration) column(3, (row) => packed.int64(duration[row]));
  for (const own of values) column(4, (row) => packed.int64(int64At(own, row)));
  return message.bytes;
}

/** Decodes {@link OBSERVATIONS_FIELD}. Its rows are checked later, when all samples are known. */
export class ObservationDecoder {
  readonly sample = new Uint32Builder();
  readonly time = new Int64Builder();
  readonly duration = new Int64Builder();
  readonly values: Int64Builder[] = [];

  get bytes(): number {
    let bytes = this.sample.bytes + this.time.bytes + this.duration.bytes;
    for (const column of this.values) bytes += column.bytes;
    return bytes;
  }

  /** Decodes the message from the reader's position to `end`. */
  decode(reader: WireReader, end: number): void {
    while (reader.pos < end) {
      reader.next(end);
      if (reader.wireType !== WireType.bytes || reader.field > 4) {
        reader.skip(end);
        continue;
      }
      const { field, stop } = reader;
      const column = field === 4 ? new Int64Builder() : field === 2 ? this.time : this.duration;
      if (field === 4) this.values.push(column);
      while (reader.pos < stop) {
        reader.varint(stop);
        if (field === 1) this.sample.push(reader.hi === 0 ? reader.lo : NO_ROW);
        else column.pushHalves(reader.lo, reader.hi);
      }
    }
  }

  /**
   * Returns the table for this number of samples and sample types; undefined if there was none, or
   * null if the fields contradict each other.
   */
  finish(sampleCount: number, typeCount: number): ObservationTable | undefined | null {
    const sample = this.sample.finish();
    const { length } = sample;
    if (length === 0) return undefined;
    const time = this.time.finish().slice();
    const duration = this.duration.length > 0 ? this.duration.finish() : undefined;
    const values = this.values.map((column) => column.finish());
    const columns = [time, ...values, ...(duration ? [duration] : [])];
    if (values.length !== typeCount || columns.some((column) => column.length !== length)) {
      return null;
    }
    if (!(time instanceof Float64Array) || duration instanceof BigInt64Array) return null;
    if (sample.some((row) => row >= sampleCount)) return null;
    for (let row = 1; row < length; row++) {
      if (time[row] < 0) return null;
      time[row] += time[row - 1];
    }
    if (!Number.isSafeInteger(time[length - 1])) return null;
    return { length, sample: indexColumn(sample), time, duration, values };
  }
}

/** A row that no table has. */
const NO_ROW = 0xffffffff;
