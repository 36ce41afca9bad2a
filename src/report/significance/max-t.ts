import type { Arrangement } from "./arrangements.js";

/** A quantity measured in every run: first the runs of the first side, then those of the second. */
export interface Measurement {
  readonly values: Float64Array;
  /**
   * The minimum variance of a single value, from the way it was measured, such as the variance of a
   * sample count. It keeps values that agree by chance from looking certain.
   */
  readonly leastVariance: number;
}

/** The result of {@link maxT} for one quantity. */
export interface TestResult {
  /** The probability that chance causes a difference this large anywhere in the family. */
  readonly p: number;
  /** The smallest difference in either direction that counts as real at the requested level. */
  readonly noise: number;
}

export interface MaxTResult {
  readonly tests: readonly TestResult[];
  /** The smallest p that this number of arrangements can give. */
  readonly leastP: number;
}

/** The weight of the minimum variance relative to one observed variance. */
const PRIOR_WEIGHT = 1;

/**
 * Compares two sides of runs in a family of quantities together. Uses Westfall and Young's
 * step-down max-T procedure, a two-sided permutation test (Resampling-Based Multiple Testing,
 * 1993).
 *
 * The statistic is Student's t, with a variance that is shrunk towards `leastVariance`. If the
 * sides do not differ, every assignment of the runs to the sides was as likely as the observed one.
 * So p is the share of arrangements in which the largest statistic of the family is at least the
 * observed one. If nothing changed, the probability of calling any quantity real is at most the
 * level. This holds for any distribution of the values and any dependence between them, which
 * matters because the cum of a function contains that of its callees. Unlike with Bonferroni's or
 * Holm's correction of single p-values, the smallest p does not grow with the number of functions.
 * Five runs on each side are enough for any number of them.
 *
 * `deals` begins with the observed arrangement; see {@link arrangements}.
 */
export function maxT(
  family: readonly Measurement[],
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
  /** By rank: how often the largest statistic of this and lower ranks reaches the observed one. */
  const reached = new Uint32Array(order.length);
  const largest = new Float64Array(deals.length);
  for (let deal = 0; deal < deals.length; deal++) {
    let most = 0;
    for (let rank = order.length - 1; rank >= 0; rank--) {
      most = Math.max(most, statistics[order[rank]].of(deals[deal]));
      // A tolerance, because sums in a different order differ in the last digits.
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
  // The number of arrangements that may reach the critical value, including the observed one.
  const allowed = Math.floor(level * deals.length + 1e-9);
  const critical = allowed < 1 ? Number.POSITIVE_INFINITY : largest[deals.length - allowed];
  const twins = 2 * first === runs ? 2 : 1;
  return {
    tests: statistics.map((statistic, i) => ({ p: p[i], noise: critical * statistic.error })),
    leastP: Math.min(1, twins / Math.max(1, deals.length)),
  };
}

/** The absolute value of Student's t for any arrangement of the runs. */
class Statistic {
  readonly #values: Float64Array;
  readonly #first: number;
  readonly #least: number;
  readonly #sum: number;
  readonly #squares: number;
  /** The standard error of the difference between the observed sides. */
  readonly error: number;

  constructor(values: Float64Array, first: number, leastVariance: number) {
    // Subtract the mean, so that the squares keep their precision.
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
    // Rounding errors of equal values are not a difference.
    if (difference <= Math.sqrt(this.#squares) * 1e-12) return 0;
    const variance = this.#variance(part);
    return variance > 0 ? difference / Math.sqrt(variance) : Number.MAX_VALUE;
  }

  /** Returns the variance of the difference of the means. `part` is the sum of the first side. */
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
