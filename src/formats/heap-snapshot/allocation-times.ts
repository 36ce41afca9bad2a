import type { Budget } from "../../profile/budget.js";
import type { SampleFields } from "./meta.js";
import type { NumberList } from "./number-list.js";

const NANOS_PER_MICRO = 1000;

/** The memory of a sample, in bytes. */
const SAMPLE_BYTES = 16;

/**
 * When objects were allocated, from a recording of allocations: from time to time V8 notes the id
 * that it assigned last. Ids grow.
 */
export class AllocationTimes {
  readonly #lastIds: Float64Array;
  /** In nanoseconds since the recording began. */
  readonly #times: Float64Array;

  constructor(list: NumberList, { width, at }: SampleFields, budget: Budget) {
    const count = list.rows(width);
    budget.charge(count * SAMPLE_BYTES);
    this.#lastIds = new Float64Array(count);
    this.#times = new Float64Array(count);
    const row = new Float64Array(width);
    for (let sample = 0; sample < count; sample++) {
      for (let field = 0; field < width; field++) row[field] = list.next();
      this.#lastIds[sample] = row[at.last_assigned_id];
      this.#times[sample] = row[at.timestamp_us] * NANOS_PER_MICRO;
      if (this.#times[sample] > Number.MAX_SAFE_INTEGER) {
        throw list.malformed("the time of a sample is out of range");
      }
    }
  }

  /** The length of the recording, in nanoseconds. */
  get duration(): number {
    return this.#times.at(-1) ?? 0;
  }

  /** The number of samples. */
  get length(): number {
    return this.#times.length;
  }

  /** Returns the time of a sample, in nanoseconds since the recording began. */
  time(sample: number): number {
    return this.#times[sample];
  }

  /**
   * Returns the first sample after an object was allocated; 0 for objects that are older than the
   * recording or newer than its last sample, and for native objects, whose ids are even.
   */
  sampleOf(id: number): number {
    if (id % 2 === 0) return 0;
    let low = 0;
    let high = this.#lastIds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#lastIds[middle] < id) low = middle + 1;
      else high = middle;
    }
    return low < this.#lastIds.length ? low : 0;
  }
}
