import type { NewLabel } from "../profile/profile-builder.js";

/** Labels of what a program does: texts, or whole numbers. */
export type Labels = Readonly<Record<string, string | number>>;

/** As many changes as are kept; they take a hundred megabytes. */
const MAX_CHANGES = 2 ** 23;

/** As many different sets as are kept, and letters in them: each request may have its own. */
const MAX_SETS = 2 ** 17;
const MAX_LETTERS = 2 ** 25;

/** The set of no labels. */
const NONE = 0;

/**
 * Which labels held when: only changes are kept, as there may be a hundred thousand in a
 * second. Times are milliseconds of `performance.now()`.
 */
export class LabelTimeline {
  /** What holds now. */
  current: Labels | undefined;
  /** Where there were too many changes, or sets, to keep them all: from then on nothing is known. */
  endsEarly = false;
  #times = new Float64Array(1024);
  #sets = new Uint32Array(1024);
  #length = 0;
  #letters = 0;
  readonly #numbers = new Map<string, number>();
  readonly #known = new WeakMap<Labels, number>();
  readonly #labels: (readonly NewLabel[])[] = [[]];

  /** Notes that from now on `labels` hold. */
  enter(labels: Labels | undefined): void {
    if (labels === this.current) return;
    this.current = labels;
    if (this.endsEarly) return;
    this.endsEarly =
      this.#length === MAX_CHANGES - 1 ||
      this.#labels.length > MAX_SETS ||
      this.#letters > MAX_LETTERS;
    if (this.#length === this.#times.length) this.#grow();
    this.#times[this.#length] = performance.now();
    this.#sets[this.#length++] = this.endsEarly || !labels ? NONE : this.#number(labels);
  }

  /**
   * A function that tells for times, one after the other, which labels held; it numbers sets
   * with `number`. `toMillis` makes `performance.now()` of them.
   */
  reader(
    number: (labels: readonly NewLabel[]) => number,
    toMillis: (micros: number) => number,
  ): (micros: number) => number {
    const numbers: number[] = [];
    // Most sets of short requests have no sample.
    const numberOf = (set: number) => {
      numbers[set] ??= number(this.#labels[set]);
      return numbers[set];
    };
    let next = 0;
    let last = Number.NEGATIVE_INFINITY;
    return (micros) => {
      const time = toMillis(micros);
      if (time < last) next = 0;
      last = time;
      while (next < this.#length && this.#times[next] <= time) next++;
      return numberOf(next === 0 ? NONE : this.#sets[next - 1]);
    };
  }

  #number(labels: Labels): number {
    let number = this.#known.get(labels);
    if (number === undefined) {
      const list = Object.keys(labels)
        .sort()
        .map((key): NewLabel => {
          const value = labels[key];
          return typeof value === "string" ? { key, text: value } : { key, number: value };
        });
      const text = JSON.stringify(list);
      number = this.#numbers.get(text);
      if (number === undefined) {
        number = this.#labels.push(list) - 1;
        this.#numbers.set(text, number);
        this.#letters += text.length;
      }
      this.#known.set(labels, number);
    }
    return number;
  }

  #grow(): void {
    const times = new Float64Array(this.#length * 2);
    times.set(this.#times);
    this.#times = times;
    const sets = new Uint32Array(this.#length * 2);
    sets.set(this.#sets);
    this.#sets = sets;
  }
}
