import type { Arrangement } from "./arrangements.js";

/** One quantity, measured in every run: those of the first side, then those of the second. */
export interface Measured {
  readonly values: Float64Array;
  /**
   * The variance that a single value has at least, from how it was measured; such as that
   * of a count of samples. What chance has made steady is so not taken for certain.
   */
  readonly leastVariance: number;
}

/** What {@link maxT} finds of one quantity. */
export interface Tested {
  /** How likely so large a difference is by chance anywhere in the family. */
  readonly p: number;
  /** The least difference, either way, that would have been found real at the level asked for. */
  readonly noise: number;
}

/** What {@link maxT} finds. */
export interface MaxTResult {
  readonly tests: readonly Tested[];
  /** The smallest p that so many runs can give. */
  readonly leastP: number;
}

/** The weight of the least variance beside that which was seen, for each degree of freedom. */
const PRIOR_WEIGHT = 1;

/**
 * Compares two sides of runs in a family of quantities at once, by permutation: Westfall and
 * Young's step-down max-T procedure (Resampling-Based Multiple Testing, 1993), two-sided.
 *
 * The statistic is Student's t with a variance that leans on `leastVariance`. Under the
 * hypothesis that the sides do not differ, any way of dealing the runs to the sides was as
 * likely as the one observed; so p is the share of the arrangements in which the largest
 * statistic of the family is at least the observed one. The probability that anything at
 * all is called real where nothing is, is so at most the level, whatever the distribution
 * of the values, and however they depend on each other: a function's cum contains those it
 * calls. Unlike with Bonferroni's or Holm's correction of single p-values, the smallest p
 * does not grow with the number of functions, so that five runs a side are enough for any
 * number of them.
 *
 * `deals` begins with the arrangement observed; see {@link arrangements}.
 */
export function maxT(
  family: readonly Measured[],
  first: number,
  deals: readonly Arrangement[],
  level: number,
): MaxTResult {
  const runs = family[0]?.values.length ?? 0;
  const statistics = family.map(
    ({ values, leastVariance }) => new Statistic(values, first, leastVariance),
  );
  const observed = statistics.map((statistic) => statistic.of(deals[0] ?? []));
  const order = observed.map((_, i) => i).sort((a, b) => observed[b] - observed[a]);
  /** By rank: in how many arrangements the largest of this rank and those below reaches it. */
  const reached = new Uint32Array(order.length);
  const largest = new Float64Array(deals.length);
  for (let deal = 0; deal < deals.length; deal++) {
    let most = 0;
    for (let rank = order.length - 1; rank >= 0; rank--) {
      most = Math.max(most, statistics[order[rank]].of(deals[deal]));
      // Sums in another order differ in the last digits.
      if (most >= observed[order[rank]] * (1 - 1e-9)) reached[rank]++;
    }
    largest[deal] = most;
  }
  const p = new Float64Array(order.length);
  let before = 0;
  order.forEach((index, rank) => {
    before = Math.max(before, reached[rank] / deals.length);
    p[index] = before;
  });
  largest.sort();
  // So many arrangements may reach the critical value, the observed one among them.
  const allowed = Math.floor(level * deals.length + 1e-9);
  const critical = allowed < 1 ? Number.POSITIVE_INFINITY : largest[deals.length - allowed];
  const twins = 2 * first === runs ? 2 : 1;
  return {
    tests: statistics.map((statistic, i) => ({ p: p[i], noise: critical * statistic.error })),
    leastP: Math.min(1, twins / Math.max(1, deals.length)),
  };
}

/** The absolute value of Student's t, for any arrangement of the runs. */
class Statistic {
  readonly #values: Float64Array;
  readonly #first: number;
  readonly #least: number;
  readonly #sum: number;
  readonly #squares: number;
  /** The standard error of the difference of the sides as they were observed. */
  readonly error: number;

  constructor(values: Float64Array, first: number, leastVariance: number) {
    // About the mean, so that the squares keep their digits.
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    this.#values = values.map((value) => value - mean);
    this.#first = first;
    this.#least = leastVariance;
    this.#sum = this.#values.reduce((sum, value) => sum + value, 0);
    this.#squares = this.#values.reduce((sum, value) => sum + value * value, 0);
    const part = this.#values.subarray(0, first).reduce((sum, value) => sum + value, 0);
    this.error = Math.sqrt(this.#variance(part));
  }

  of(arrangement: Arrangement): number {
    let part = 0;
    for (let i = 0; i < arrangement.length; i++) part += this.#values[arrangement[i]];
    const second = this.#values.length - this.#first;
    const difference = Math.abs((this.#sum - part) / second - part / this.#first);
    // What remains of equal values by rounding is no difference.
    if (difference <= Math.sqrt(this.#squares) * 1e-12) return 0;
    const variance = this.#variance(part);
    return variance > 0 ? difference / Math.sqrt(variance) : Number.MAX_VALUE;
  }

  /** The variance of the difference of the means, with the sum of the first side given. */
  #variance(part: number): number {
    const first = this.#first;
    const second = this.#values.length - first;
    const within = this.#squares - part ** 2 / first - (this.#sum - part) ** 2 / second;
    const freedom = Math.max(1, first + second - 2);
    const seen = within <= this.#squares * 1e-12 ? 0 : within / freedom;
    const variance = (seen + PRIOR_WEIGHT * this.#least) / (1 + PRIOR_WEIGHT);
    return variance * (1 / first + 1 / second);
  }
}
