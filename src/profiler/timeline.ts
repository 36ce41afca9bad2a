import type { NewLabel } from "../profile/profile-builder.js";

/** Labels by their names. Values are strings or safe integers. */
export type Labels = Readonly<Record<string, string | number>>;

/** The limit on changes, which need about a hundred megabytes. */
const MAX_CHANGES = 2 ** 23;

/** The limits on different sets of labels and on their texts: each request may have its own set. */
const MAX_SETS = 2 ** 17;
const MAX_TEXT_LENGTH = 2 ** 25;

/** The number of the empty set. */
const EMPTY_SET = 0;

/**
 * Records which labels were set at which time. Stores only changes, of which there may be a hundred
 * thousand per second. Times are milliseconds of `performance.now()`.
 */
export class LabelTimeline {
  #current: Labels | undefined;
  /** Whether a limit was exceeded; later times then have no labels. */
  endsEarly = false;
  #times = new Float64Array(1024);
  #sets = new Uint32Array(1024);
  #length = 0;
  #textLength = 0;
  readonly #numbers = new Map<string, number>();
  readonly #known = new WeakMap<Labels, number>();
  readonly #labels: (readonly NewLabel[])[] = [[]];

  /** The number of recorded changes. */
  get length(): number {
    return this.#length;
  }

  /** Records that `labels` are set from now on. */
  enter(labels: Labels | undefined): void {
    if (labels === this.#current) return;
    this.#current = labels;
    if (this.endsEarly) return;
    this.endsEarly =
      this.#length === MAX_CHANGES - 1 ||
      this.#labels.length > MAX_SETS ||
      this.#textLength > MAX_TEXT_LENGTH;
    if (this.#length === this.#times.length) this.#grow();
    this.#times[this.#length] = performance.now();
    this.#sets[this.#length++] = this.endsEarly || !labels ? EMPTY_SET : this.#number(labels);
  }

  /**
   * Returns a function that maps a time to the number of the labels set then; fast if times
   * increase. `number` numbers a set of labels; `toMillis` converts a time to `performance.now()`.
   */
  reader(
    number: (labels: readonly NewLabel[]) => number,
    toMillis: (micros: number) => number,
  ): (micros: number) => number {
    const numbers: number[] = [];
    // Number a set when a sample has it, as most sets of short requests have no sample.
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
      return numberOf(next === 0 ? EMPTY_SET : this.#sets[next - 1]);
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
        this.#textLength += text.length;
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
