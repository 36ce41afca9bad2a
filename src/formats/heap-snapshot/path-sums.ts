import { type Budget, MAP_ENTRY_BYTES } from "../../profile/budget.js";
import { grown } from "../../profile/columns.js";
import { ObservationBuilder } from "../../profile/observations.js";
import type { ObservationTable } from "../../profile/profile.js";

/** The memory of the sums of a row, in bytes. */
const SUM_BYTES = MAP_ENTRY_BYTES + 40;

/** There are fewer paths, labels, rows and times. Two of them together are a safe integer. */
const MAX_PARTNERS = 2 ** 26;

/**
 * The numbers and sizes of objects by path and label. Objects with a known time have rows of their
 * own, since the values of a sample are the sums of its observations.
 */
export class PathSums {
  readonly #rows: Sums;
  /** By row and number of the time. */
  readonly #times: Sums;

  constructor(budget: Budget) {
    this.#rows = new Sums(budget);
    this.#times = new Sums(budget);
  }

  /** Adds an object. `time` is the number of its time; 0 if that is unknown. */
  add(path: number, label: number, size: number, time: number): void {
    const row = this.#rows.add(path, label * 2 + (time === 0 ? 0 : 1), size);
    if (time !== 0) this.#times.add(row, time, size);
  }

  /** Calls `use` for each row, in order. */
  forEach(use: (path: number, label: number, count: number, size: number) => void): void {
    this.#rows.forEach((path, partner, count, size) => {
      use(path, partner >>> 1, count, size);
    });
  }

  /** Returns the observations of the rows. `timeOf` returns a time by its number. */
  observations(timeOf: (time: number) => number, budget: Budget): ObservationTable | undefined {
    const observations = new ObservationBuilder(2);
    this.#times.forEach((row, time, count, size) => {
      budget.charge(ObservationBuilder.bytesPerRow(2));
      observations.push(row, timeOf(time), 0, [count, size]);
    });
    return observations.finish();
  }
}

/** Numbers and sizes of objects by two keys. */
class Sums {
  readonly #budget: Budget;
  readonly #rows = new Map<number, number>();
  #counts = new Float64Array(1 << 10);
  #sizes = new Float64Array(1 << 10);

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Adds an object, and returns the number of its row. */
  add(first: number, second: number, size: number): number {
    const key = first * MAX_PARTNERS + second;
    let row = this.#rows.get(key);
    if (row === undefined) {
      this.#budget.charge(
        first < MAX_PARTNERS && second < MAX_PARTNERS ? SUM_BYTES : Number.POSITIVE_INFINITY,
      );
      row = this.#rows.size;
      this.#rows.set(key, row);
      if (row === this.#counts.length) {
        this.#counts = grown(this.#counts);
        this.#sizes = grown(this.#sizes);
      }
    }
    this.#counts[row]++;
    this.#sizes[row] += size;
    return row;
  }

  forEach(use: (first: number, second: number, count: number, size: number) => void): void {
    for (const [key, row] of this.#rows) {
      const second = key % MAX_PARTNERS;
      use((key - second) / MAX_PARTNERS, second, this.#counts[row], this.#sizes[row]);
    }
  }
}
