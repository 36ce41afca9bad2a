import type { Int64 } from "../units/int64.js";
import { grown, Int64Builder, type Int64Column, indexColumn, int64At } from "./columns.js";
import type { SampleIndex } from "./indices.js";
import type { ObservationTable } from "./profile.js";

/** Builds an {@link ObservationTable} from observations in any order. */
export class ObservationBuilder {
  #sample = new Uint32Array(64);
  #time = new Float64Array(64);
  #duration: Float64Array | undefined;
  readonly #values: readonly Int64Builder[];
  #length = 0;

  constructor(typeCount: number) {
    this.#values = Array.from({ length: typeCount }, () => new Int64Builder());
  }

  get length(): number {
    return this.#length;
  }

  /** The memory of all observations, in bytes. */
  get bytes(): number {
    return this.#length * ObservationBuilder.bytesPerRow(this.#values.length);
  }

  /** The memory of an observation of `typeCount` values, also while it is sorted, in bytes. */
  static bytesPerRow(typeCount: number): number {
    return 2 * (20 + 8 * typeCount);
  }

  /** Adds an observation. `time` and `duration` are in nanoseconds; they are rounded. */
  push(sample: number, time: number, duration: number, values: readonly Int64[]): void {
    const row = this.#length++;
    if (row === this.#sample.length) {
      this.#sample = grown(this.#sample);
      this.#time = grown(this.#time);
      if (this.#duration) this.#duration = grown(this.#duration);
    }
    this.#sample[row] = sample;
    // Adding 0 turns -0 into 0.
    this.#time[row] = Math.round(time) + 0;
    if (duration > 0) {
      this.#duration ??= new Float64Array(this.#sample.length);
      this.#duration[row] = Math.round(duration);
    }
    for (let type = 0; type < values.length; type++) this.#values[type].push(values[type]);
  }

  /**
   * Returns the table; undefined if it is empty. `sampleOf` maps the samples that were pushed to
   * samples of the profile; observations with the result {@link NO_SAMPLE} are left out.
   */
  finish(sampleOf: (pushed: number) => number = (pushed) => pushed): ObservationTable | undefined {
    const rows = new Uint32Array(this.#length);
    let length = 0;
    for (let row = 0; row < this.#length; row++) {
      const sample = sampleOf(this.#sample[row]);
      if (sample === NO_SAMPLE) continue;
      this.#sample[row] = sample;
      rows[length++] = row;
    }
    if (length === 0) return undefined;
    const order = rows.subarray(0, length);
    const time = this.#time;
    if (!isSorted(time, order)) order.sort((a, b) => time[a] - time[b] || a - b);
    const isWhole = length === this.#length && order.every((row, i) => row === i);
    const numbers = <A extends Uint32Array | Float64Array>(column: A): A =>
      (isWhole
        ? column.subarray(0, length)
        : column.slice(0, length).map((_, i) => column[order[i]])) as A;
    return {
      length,
      sample: indexColumn<SampleIndex>(numbers(this.#sample)),
      time: numbers(time),
      duration: this.#duration && numbers(this.#duration),
      values: this.#values.map((builder) => {
        const column = builder.finish();
        return isWhole ? column : pickValues(column, order);
      }),
    };
  }
}

export const NO_SAMPLE = -1;

function isSorted(time: Float64Array, order: Uint32Array): boolean {
  for (let i = 1; i < order.length; i++) if (time[order[i]] < time[order[i - 1]]) return false;
  return true;
}

function pickValues(column: Int64Column, rows: Uint32Array): Int64Column {
  const picked = new Int64Builder();
  for (let i = 0; i < rows.length; i++) picked.push(int64At(column, rows[i]));
  return picked.finish();
}

/**
 * Returns the observations after samples were renumbered or removed. `sampleOf` returns the new
 * number of a sample, or {@link NO_SAMPLE}.
 */
export function renumberObservations(
  observations: ObservationTable,
  sampleOf: (sample: SampleIndex) => number,
): ObservationTable | undefined {
  const builder = new ObservationBuilder(observations.values.length);
  addObservations(builder, observations, 0, sampleOf);
  return builder.finish();
}

/**
 * Adds the rows of a table to `builder`, `shift` nanoseconds later, except those for which
 * `sampleOf` returns {@link NO_SAMPLE}.
 */
export function addObservations(
  builder: ObservationBuilder,
  { length, sample, time, duration, values }: ObservationTable,
  shift: number,
  sampleOf: (sample: SampleIndex) => number,
): void {
  const row = values.map((): Int64 => 0);
  for (let i = 0; i < length; i++) {
    const renumbered = sampleOf(sample[i]);
    if (renumbered === NO_SAMPLE) continue;
    for (let type = 0; type < row.length; type++) row[type] = int64At(values[type], i);
    builder.push(renumbered, time[i] + shift, duration?.[i] ?? 0, row);
  }
}
