import type { Int64 } from "../units/int64.js";
import { abs, add, divide, negate } from "../units/int64.js";
import type { CompilePattern } from "../view/matcher.js";
import { type Judgement, type JudgeOptions, judge, type Method, samplesOf } from "./diff/judge.js";
import { completeRule, exceeds, parseRule, type Rule } from "./diff/rules.js";
import { METRICS, type Metric, type PlaceRuns, type Sides } from "./diff/sides.js";

/** A value on both sides. With several profiles a side's value is the mean of them. */
export interface Change {
  readonly base: Int64;
  readonly next: Int64;
  /** `next - base`. */
  readonly change: Int64;
  /** Of each side's own total, from 0 to 1. */
  readonly baseShare: number;
  readonly nextShare: number;
  /** Of every profile, in the order given. */
  readonly baseRuns: readonly Int64[];
  readonly nextRuns: readonly Int64[];
  readonly judgement: Judgement;
}

/** A place in both sides. */
export interface DiffRow extends Readonly<Record<Metric, Change>> {
  readonly name: string;
  /** Whether it is missing on one side, in all of its profiles. */
  readonly presence: "both" | "new" | "gone";
  /** In all profiles of each side. */
  readonly baseSamples: number;
  readonly nextSamples: number;
  /** Whether it has enough samples to be judged, and to break a rule. */
  readonly isJudged: boolean;
}

/** A rule, broken by a row or by the total. */
export interface Breach {
  readonly rule: string;
  readonly metric: Metric | "total";
  /** The name of the row; undefined for the total. */
  readonly name: string | undefined;
  readonly change: Change;
}

/** Functions by how they have changed. */
export interface DiffReport {
  readonly type: string;
  readonly unit: string;
  readonly activeFilters: readonly string[];
  readonly baseProfiles: number;
  readonly nextProfiles: number;
  readonly isNormalized: boolean;
  /** What the profiles themselves count, not just the file's records. */
  readonly countsSamples: boolean;
  readonly baseSamples: number;
  readonly nextSamples: number;
  readonly method: Method;
  readonly alpha: number;
  readonly minSamples: number;
  /** How many changes were judged together. */
  readonly tested: number;
  readonly total: Change;
  readonly sort: Metric;
  /** All, the largest changes of {@link sort} first; real ones before others. */
  readonly rows: readonly DiffRow[];
  readonly rules: readonly string[];
  readonly breaches: readonly Breach[];
  /**
   * Rules, filters and sides that match nothing, so that a gate would pass without a test; a line
   * each. Empty where there are no rules, or where the options allow it.
   */
  readonly missing: readonly string[];
  /** What the user should know, a line each. */
  readonly warnings: readonly string[];
}

/** What a comparison is made with. */
export interface DiffOptions extends JudgeOptions {
  readonly sort: Metric;
  readonly failOn: readonly string[];
  readonly activeFilters: readonly string[];
  /** The filters that matched nothing in any profile, as `-name=text`. */
  readonly unmatchedFilters: readonly string[];
  /** Whether rules and filters may match nothing, which is then a warning. */
  readonly allowsMissing: boolean;
}

/** Makes the report. Throws a UserError for a rule that makes no sense. */
export function diff(sides: Sides, options: DiffOptions, compile: CompilePattern): DiffReport {
  const { baseCount, samples } = sides;
  const names = new Set(sides.places.map(({ name }) => name));
  const rules = options.failOn.map((text) =>
    completeRule(parseRule(text), sides.unit, names, compile),
  );
  const judged = judge(sides, options);
  const total = changeOf(sides, sides.totals, sides.totals, judged.total);
  const rows = sides.places
    .map((place, i) => rowOf(sides, place, judged.places[i]))
    .sort((a, b) => byChange(a, b, options.sort));
  const report = {
    type: sides.type,
    unit: sides.unit,
    activeFilters: options.activeFilters,
    baseProfiles: baseCount,
    nextProfiles: samples.length - baseCount,
    isNormalized: sides.isNormalized,
    countsSamples: sides.counting === "samples",
    baseSamples: sumOf(samples.slice(0, baseCount)),
    nextSamples: sumOf(samples.slice(baseCount)),
    method: judged.method,
    alpha: options.alpha,
    minSamples: options.minSamples,
    tested: judged.tested,
    total,
    sort: options.sort,
    rows,
    rules: rules.map(({ text }) => text),
  };
  const isLarge = report.baseSamples + report.nextSamples >= options.minSamples;
  const missing = rules.length > 0 ? missingOf(report, rules, options, isLarge) : [];
  const warnings = warningsOf(report, isLarge);
  return {
    ...report,
    breaches: isLarge ? rules.flatMap((rule) => breachesOf(rule, rows, total, judged.method)) : [],
    missing: options.allowsMissing ? [] : missing,
    warnings: options.allowsMissing ? [...warnings, ...missing] : warnings,
  };
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The mean of exact values, rounded towards zero; of a single one, itself. */
function meanOf(values: readonly Int64[]): Int64 {
  return divide(values.reduce<Int64>(add, 0), values.length);
}

function changeOf(
  { baseCount }: Sides,
  values: readonly Int64[],
  totals: readonly Int64[],
  judgement: Judgement,
): Change {
  const baseRuns = values.slice(0, baseCount);
  const nextRuns = values.slice(baseCount);
  const base = meanOf(baseRuns);
  const next = meanOf(nextRuns);
  return {
    base,
    next,
    change: add(next, negate(base)),
    baseShare: shareOf(base, meanOf(totals.slice(0, baseCount))),
    nextShare: shareOf(next, meanOf(totals.slice(baseCount))),
    baseRuns,
    nextRuns,
    judgement,
  };
}

function shareOf(value: Int64, total: Int64): number {
  return total === 0 ? 0 : Number(value) / Number(total);
}

function rowOf(
  sides: Sides,
  place: PlaceRuns,
  judgements: Readonly<Record<Metric, Judgement>> | undefined,
): DiffRow {
  const { baseCount, totals } = sides;
  const [flat, cum] = METRICS.map((metric) =>
    changeOf(
      sides,
      place.runs.map((run) => run[metric]),
      totals,
      judgements?.[metric] ?? { p: undefined, noise: undefined, isReal: false },
    ),
  );
  const base: PlaceRuns = { ...place, runs: place.runs.slice(0, baseCount) };
  const next: PlaceRuns = { ...place, runs: place.runs.slice(baseCount) };
  const [inBase, inNext] = [base, next].map(isThere);
  return {
    name: place.name,
    presence: inBase === inNext ? "both" : inNext ? "new" : "gone",
    flat,
    cum,
    baseSamples: samplesOf(base),
    nextSamples: samplesOf(next),
    isJudged: judgements !== undefined,
  };
}

function isThere({ runs }: PlaceRuns): boolean {
  return runs.some(({ flat, cum }) => flat !== 0 || cum !== 0);
}

/** Whether anything about a row is known to be real. */
export function isRealRow({ flat, cum }: DiffRow): boolean {
  return flat.judgement.isReal || cum.judgement.isReal;
}

function byChange(a: DiffRow, b: DiffRow, sort: Metric): number {
  const other = sort === "flat" ? "cum" : "flat";
  return (
    Number(isRealRow(b)) - Number(isRealRow(a)) ||
    bySize(a[sort], b[sort]) ||
    bySize(a[other], b[other]) ||
    (a.name < b.name ? -1 : 1)
  );
}

function bySize(a: Change, b: Change): number {
  return Number(abs(b.change)) - Number(abs(a.change));
}

/**
 * What breaks a rule: rows, or the total, that have grown by more than it allows. Where
 * changes were told from noise only real ones count; where that was not possible, size does.
 */
function breachesOf(
  { text, metric, limit, isAbout }: Rule,
  rows: readonly DiffRow[],
  total: Change,
  method: Method,
): Breach[] {
  const isBroken = (change: Change) => {
    const { base, next } = change;
    const isTold = method.name === "none" || change.judgement.p === undefined;
    return (
      exceeds(limit, { ...change, base: Number(base), next: Number(next) }) &&
      (isTold || change.judgement.isReal)
    );
  };
  if (metric === "total") {
    return isBroken(total) ? [{ rule: text, metric, name: undefined, change: total }] : [];
  }
  return rows
    .filter((row) => row.isJudged && isAbout(row.name) && isBroken(row[metric]))
    .map((row) => ({ rule: text, metric, name: row.name, change: row[metric] }));
}

type Unwarned = Omit<DiffReport, "breaches" | "missing" | "warnings">;

/** Why rules test nothing, a line each. */
function missingOf(
  report: Unwarned,
  rules: readonly Rule[],
  { unmatchedFilters }: DiffOptions,
  isLarge: boolean,
): string[] {
  const { baseSamples, nextSamples, activeFilters } = report;
  const lines = unmatchedFilters.map((filter) => `${filter} matches nothing in any profile`);
  if (baseSamples === 0 || nextSamples === 0) {
    const sides =
      baseSamples === nextSamples ? "either side" : baseSamples === 0 ? "the base" : "the new side";
    const why = activeFilters.length > 0 ? `the filters leave no samples of` : "no samples are in";
    return [...lines, `${why} ${sides}`];
  }
  if (!isLarge) return [...lines, tooFewSamples(report)];
  return [...lines, ...rules.flatMap((rule) => untested(rule, report))];
}

/** Why a rule tests nothing, if it does not. */
function untested(
  { text, metric, functionText, isAbout }: Rule,
  { rows, isNormalized, minSamples, countsSamples }: Unwarned,
): string[] {
  if (metric === "total") {
    return isNormalized ? [`-fail_on=${text}: -normalize makes the totals equal`] : [];
  }
  const matching = rows.filter(({ name }) => isAbout(name));
  if (matching.length === 0) {
    const functions = functionText === undefined ? "function" : "function of that name or pattern";
    return [`-fail_on=${text}: no ${functions} is in any of the profiles`];
  }
  if (matching.some(({ isJudged }) => isJudged)) return [];
  const what = countsSamples ? "samples" : "records";
  return [
    `-fail_on=${text}: what it is about has fewer ${what} than -min_samples=${minSamples}, too few to judge`,
  ];
}

function tooFewSamples({ baseSamples, nextSamples, countsSamples, minSamples, rules }: Unwarned) {
  const what = countsSamples ? "samples" : "records";
  return (
    `${baseSamples + nextSamples} ${what} in all are fewer than -min_samples=${minSamples}: ` +
    `nothing is judged${rules.length > 0 ? ", and no rule can be broken" : ""}`
  );
}

function warningsOf(report: Unwarned, isLarge: boolean): string[] {
  const { baseProfiles, nextProfiles, method, rules } = report;
  // With rules that is a reason why they test nothing.
  if (!isLarge) return rules.length > 0 ? [] : [tooFewSamples(report)];
  const isSeveral = baseProfiles + nextProfiles > 2;
  if (isSeveral && method.name !== "permutation") {
    return [
      `${baseProfiles} and ${nextProfiles} profiles are too few to compare their spread at ` +
        `-alpha=${report.alpha}; give at least 4 on each side` +
        (method.name === "none" ? ": rules go by size alone" : ""),
    ];
  }
  return [];
}

/** In a few words, what has happened. */
export interface Verdict {
  /** Rows that have really grown, and shrunk, by either value. */
  readonly slower: number;
  readonly faster: number;
  /** Whether changes could be told from noise at all. */
  readonly isKnown: boolean;
}

/** Sums the report up. */
export function verdictOf({ rows, method }: DiffReport): Verdict {
  const isTurned = (row: DiffRow, sign: number) =>
    METRICS.some(
      (metric) => row[metric].judgement.isReal && Math.sign(Number(row[metric].change)) === sign,
    );
  return {
    slower: rows.filter((row) => isTurned(row, 1)).length,
    faster: rows.filter((row) => isTurned(row, -1) && !isTurned(row, 1)).length,
    isKnown: method.name !== "none",
  };
}
