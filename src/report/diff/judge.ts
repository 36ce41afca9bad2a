import { arrangements, binomial } from "../significance/arrangements.js";
import { holm } from "../significance/holm.js";
import { type Measurement, maxT } from "../significance/max-t.js";
import { criticalZ, twoSidedP } from "../significance/normal.js";
import { type Shares, shareError, shareZ } from "../significance/share-test.js";
import { type FunctionRuns, METRICS, type Metric, type Sides } from "./sides.js";

export interface Judgement {
  /** The probability that chance causes a change this large anywhere; undefined if untested. */
  readonly p: number | undefined;
  /** The largest change that noise alone is likely to cause; undefined if not known. */
  readonly noise: number | undefined;
  readonly isReal: boolean;
}

export type Method =
  /** A permutation test: assigns the profiles to the sides in all ways, or in many random ways. */
  | {
      readonly name: "permutation";
      readonly arrangements: number;
      readonly isComplete: boolean;
    }
  /** A test of shares, based on the randomness of sampling. */
  | {
      readonly name: "counts";
      /** The factor by which the variance of counts exceeds that of independent samples. */
      readonly overdispersion: number;
      /** Its source: the profiles of a side, the functions of one pair (`places`), or assumed. */
      readonly from: "profiles" | "places" | "assumed";
    }
  | { readonly name: "none" };

export interface Judgements {
  readonly method: Method;
  /** The number of changes tested together. */
  readonly tested: number;
  /** By function, in the order of {@link Sides.functions}; undefined if it has too few samples. */
  readonly functions: readonly (Readonly<Record<Metric, Judgement>> | undefined)[];
  readonly total: Judgement;
}

export interface JudgeOptions {
  /** The probability of calling any change real if nothing changed. */
  readonly alpha: number;
  /** Functions with fewer samples in all profiles together are not judged. */
  readonly minSamples: number;
}

const UNTESTED: Judgement = { p: undefined, noise: undefined, isReal: false };

const MAX_ARRANGEMENTS = 5_000;
/** Limits the product of arrangements, tests and profiles, and so the time to about a second. */
const MAX_WORK = 2e8;
const MIN_ARRANGEMENTS = 400;

/** Judges all changes: by permutations if there are enough profiles, or else by sample counts. */
export function judge(sides: Sides, options: JudgeOptions): Judgements {
  const { baseCount, samples, counting } = sides;
  const enough = sides.functions.map((fn) => samplesOf(fn) >= options.minSamples);
  const all = samples.reduce((sum, count) => sum + count, 0);
  if (all < options.minSamples) return judgeNothing(sides);
  const nextCount = samples.length - baseCount;
  const ways = binomial(samples.length, baseCount);
  const leastP = (baseCount === nextCount ? 2 : 1) / ways;
  if (Math.min(baseCount, nextCount) > 1 && leastP <= options.alpha) {
    return judgeByPermutation(sides, enough, options);
  }
  return counting === "samples" ? judgeByCounts(sides, enough, options) : judgeNothing(sides);
}

/** Returns the number of samples that contain the function, in all profiles. */
export function samplesOf({ runs }: FunctionRuns): number {
  return runs.reduce((sum, { cumSamples }) => sum + cumSamples, 0);
}

function judgeNothing({ functions }: Sides): Judgements {
  const both = { flat: UNTESTED, cum: UNTESTED };
  return {
    method: { name: "none" },
    tested: 0,
    functions: functions.map(() => both),
    total: UNTESTED,
  };
}

interface Test {
  readonly row: number;
  readonly metric: Metric;
}

function testsOf({ functions }: Sides, enough: readonly boolean[]): Test[] {
  return functions.flatMap(({ runs }, row) =>
    METRICS.filter((metric) => enough[row] && runs.some((run) => run[metric] !== 0)).map(
      (metric) => ({ row, metric }),
    ),
  );
}

function byFunction(
  { functions }: Sides,
  enough: readonly boolean[],
  tests: readonly Test[],
  judgements: readonly Judgement[],
): Judgements["functions"] {
  const gathered = functions.map((_, row) =>
    enough[row] ? { flat: UNTESTED, cum: UNTESTED } : undefined,
  );
  tests.forEach(({ row, metric }, i) => {
    const both = gathered[row];
    if (both) both[metric] = judgements[i];
  });
  return gathered;
}

function judgeByPermutation(
  sides: Sides,
  enough: readonly boolean[],
  { alpha }: JudgeOptions,
): Judgements {
  const { baseCount, samples, totals, functions } = sides;
  const tests = testsOf(sides, enough);
  const family: Measurement[] = tests.map(({ row, metric }) => {
    const { runs } = functions[row];
    const values = Float64Array.from(runs, (run) => Number(run[metric]));
    const seen = runs.reduce((sum, run) => sum + run[`${metric}Samples`], 0);
    return { values, leastVariance: minVariance(sides, values, seen) };
  });
  const all = samples.reduce((sum, count) => sum + count, 0);
  const total = Float64Array.from(totals, Number);
  family.push({ values: total, leastVariance: minVariance(sides, total, all) });
  const affordable = Math.floor(MAX_WORK / (family.length * samples.length));
  const limit = Math.min(MAX_ARRANGEMENTS, Math.max(MIN_ARRANGEMENTS, affordable));
  const deals = arrangements(baseCount, samples.length - baseCount, limit);
  const found = maxT(family, baseCount, deals.list, alpha).tests.map(
    ({ p, noise }): Judgement => ({ p, noise, isReal: p <= alpha }),
  );
  return {
    method: {
      name: "permutation",
      arrangements: deals.list.length,
      isComplete: deals.isComplete,
    },
    tested: family.length,
    functions: byFunction(sides, enough, tests, found),
    total: found[found.length - 1],
  };
}

/** The assumed deviation between runs, as a fraction of the mean, if samples are not counted. */
const MIN_RELATIVE_DEVIATION = 0.001;

/** A lower bound on the binomial factor, so that the variance of a share near 1 does not vanish. */
const MIN_BINOMIAL_FACTOR = 0.1;

/**
 * Returns the variance between runs that sampling alone causes. The number of samples is a binomial
 * share of the total, because runs of the same work have similar totals.
 */
function minVariance({ counting, totals }: Sides, values: Float64Array, seen: number): number {
  const mean = meanOf(values);
  if (counting === "records") return (mean * MIN_RELATIVE_DEVIATION) ** 2;
  const total = meanOf(totals.map(Number));
  const rest = total > 0 ? Math.max(MIN_BINOMIAL_FACTOR, 1 - Math.abs(mean) / total) : 1;
  return (mean ** 2 / Math.max(1, seen / values.length)) * rest;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

function judgeByCounts(
  sides: Sides,
  enough: readonly boolean[],
  { alpha }: JudgeOptions,
): Judgements {
  const { baseCount, samples, totals, functions } = sides;
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  const baseTotal = sum(samples.slice(0, baseCount));
  const nextTotal = sum(samples.slice(baseCount));
  const tests = testsOf(sides, enough);
  const shares = tests.map(({ row, metric }): Shares => {
    const counts = functions[row].runs.map((run) => run[`${metric}Samples`]);
    const base = sum(counts.slice(0, baseCount));
    return { base, baseTotal, next: sum(counts.slice(baseCount)), nextTotal };
  });
  const zs = shares.map(shareZ);
  const isFlat = tests.map(({ metric }) => metric === "flat");
  const flats = zs.filter((_, i) => isFlat[i]);
  const overdispersion =
    samples.length > 2 ? overdispersionOfSides(sides, enough) : overdispersionOfPair(flats);
  const spread = Math.sqrt(overdispersion.factor);
  const corrected = holm(zs.map((z) => twoSidedP(z / spread)));
  const critical = criticalZ(alpha / Math.max(1, tests.length)) * spread;
  const nextMean = sum(totals.slice(baseCount).map(Number)) / (samples.length - baseCount);
  const judgements = tests.map(({ row, metric }, i): Judgement => {
    const values = functions[row].runs.map((run) => Number(run[metric]));
    const change =
      sum(values.slice(baseCount)) / (samples.length - baseCount) -
      sum(values.slice(0, baseCount)) / baseCount;
    return {
      p: corrected[i],
      noise: critical * shareError(shares[i]) * nextMean,
      // A share also grows if other functions become faster. Require that the value has grown, too.
      isReal: corrected[i] <= alpha && Math.sign(change) === Math.sign(zs[i]),
    };
  });
  return {
    method: { name: "counts", overdispersion: overdispersion.factor, from: overdispersion.from },
    tested: tests.length,
    functions: byFunction(sides, enough, tests, judgements),
    // Counts do not show whether both sides ran at the same speed.
    total: UNTESTED,
  };
}

interface Overdispersion {
  readonly factor: number;
  readonly from: "profiles" | "places" | "assumed";
}

/** Estimates overdispersion as Pearson's chi-squared of flat counts, by degree of freedom. */
function overdispersionOfSides(sides: Sides, enough: readonly boolean[]): Overdispersion {
  const { baseCount, samples, functions } = sides;
  let chiSquared = 0;
  let freedom = 0;
  for (const [from, to] of [
    [0, baseCount],
    [baseCount, samples.length],
  ]) {
    const all = samples.slice(from, to).reduce((sum, count) => sum + count, 0);
    functions.forEach(({ runs }, row) => {
      const counts = runs.slice(from, to).map(({ flatSamples }) => flatSamples);
      const share = counts.reduce((sum, count) => sum + count, 0) / all;
      if (!enough[row] || !(share > 0 && share < 1)) return;
      counts.forEach((count, i) => {
        const expected = samples[from + i] * share;
        if (expected > 0) chiSquared += (count - expected) ** 2 / (expected * (1 - share));
      });
      freedom += counts.length - 1;
    });
  }
  return freedom > 0
    ? { factor: Math.max(1, chiSquared / freedom), from: "profiles" }
    : ASSUMED_OVERDISPERSION;
}

/** Below this number of functions, their spread is not a reliable estimate. */
const MIN_FUNCTIONS = 8;
/** The typical overdispersion of the counts of one function between runs. */
const ASSUMED_OVERDISPERSION: Overdispersion = { factor: 2, from: "assumed" };
/** The median of the absolute value of a standard normal variable. */
const NORMAL_MEDIAN = 0.6745;

/**
 * Estimates overdispersion from a single pair of profiles. Most functions have not changed, so the
 * median of their differences is noise. The result is at least the assumed factor.
 */
function overdispersionOfPair(zs: readonly number[]): Overdispersion {
  if (zs.length < MIN_FUNCTIONS) return ASSUMED_OVERDISPERSION;
  const sizes = zs.map(Math.abs).sort((a, b) => a - b);
  const factor = (sizes[sizes.length >> 1] / NORMAL_MEDIAN) ** 2;
  return factor > ASSUMED_OVERDISPERSION.factor
    ? { factor, from: "places" }
    : ASSUMED_OVERDISPERSION;
}
