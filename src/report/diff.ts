import { abs, add, divide, type Int64, negate, sum } from "../units/int64.js";
import type { CompilePattern } from "../view/matcher.js";
import { type Judgement, type JudgeOptions, judge, type Method, samplesOf } from "./diff/judge.js";
import { completeRule, exceeds, parseRule, type Rule } from "./diff/rules.js";
import { type FunctionRuns, METRICS, type Metric, type Sides } from "./diff/sides.js";
import type { NodeRef } from "./node-ref.js";

/** A value on both sides. With several profiles on a side, it is their mean. */
export interface Change {
  readonly base: Int64;
  readonly next: Int64;
  /** `next - base`. */
  readonly change: Int64;
  /** The share of the total of the side, from 0 to 1. */
  readonly baseShare: number;
  readonly nextShare: number;
  /** The value in each profile, in the order of the profiles. */
  readonly baseRuns: readonly Int64[];
  readonly nextRuns: readonly Int64[];
  readonly judgement: Judgement;
}

export interface DiffRow extends NodeRef, Readonly<Record<Metric, Change>> {
  /** Whether the function occurs on both sides, or in no profile of the base or of the new side. */
  readonly presence: "both" | "new" | "gone";
  /** The number of samples in all profiles of the side. */
  readonly baseSamples: number;
  readonly nextSamples: number;
  /** Whether the function has enough samples to be judged and to break a rule. */
  readonly isJudged: boolean;
}

/** A rule that a row or the total breaks. */
export interface Breach {
  readonly rule: string;
  readonly metric: Metric | "total";
  /** The name of the row; undefined for the total. */
  readonly name: string | undefined;
  readonly change: Change;
}

export interface DiffReport {
  readonly type: string;
  readonly unit: string;
  readonly activeFilters: readonly string[];
  readonly baseProfiles: number;
  readonly nextProfiles: number;
  readonly isNormalized: boolean;
  /** Whether the profiles count samples. If not, numbers of samples are numbers of records. */
  readonly countsSamples: boolean;
  readonly baseSamples: number;
  readonly nextSamples: number;
  readonly method: Method;
  readonly alpha: number;
  readonly minSamples: number;
  readonly tested: number;
  readonly total: Change;
  readonly sort: Metric;
  /** All rows: real changes first, then by the size of the change of {@link sort}. */
  readonly rows: readonly DiffRow[];
  readonly rules: readonly string[];
  readonly breaches: readonly Breach[];
  /** The rules, filters and sides that match nothing, one line each; empty if that is allowed. */
  readonly missing: readonly string[];
  readonly warnings: readonly string[];
}

export interface DiffOptions extends JudgeOptions {
  readonly sort: Metric;
  readonly failOn: readonly string[];
  readonly activeFilters: readonly string[];
  /** The filters that matched nothing in any profile, as `-name=text`. */
  readonly unmatchedFilters: readonly string[];
  /** Whether rules and filters may match nothing, which then only causes a warning. */
  readonly allowsMissing: boolean;
}

/** Makes the report. Throws a UserError for an invalid rule. */
export function diff(sides: Sides, options: DiffOptions, compile: CompilePattern): DiffReport {
  const { baseCount, samples } = sides;
  const names = new Set(sides.functions.flatMap(({ node }) => namesOf(node)));
  const rules = options.failOn.map((text) =>
    completeRule(parseRule(text), sides.unit, names, compile),
  );
  const judged = judge(sides, options);
  const total = changeOf(sides, sides.totals, sides.totals, judged.total);
  const rows = sides.functions
    .map((fn, i) => rowOf(sides, fn, judged.functions[i]))
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
  const missing = rules.length > 0 ? missingLines(report, rules, options, isLarge) : [];
  const warnings = warningLines(report, isLarge);
  return {
    ...report,
    breaches: isLarge ? rules.flatMap((rule) => breachesOf(rule, rows, total, judged.method)) : [],
    missing: options.allowsMissing ? [] : missing,
    warnings: options.allowsMissing ? [...warnings, ...missing] : warnings,
  };
}

/** Returns the names by which a rule can refer to a row: as printed, and without the position. */
function namesOf({ name, function: functionName = name }: NodeRef): string[] {
  return [name, functionName];
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Returns the mean of exact values, rounded towards zero. */
function meanOf(values: readonly Int64[]): Int64 {
  return divide(sum(values), values.length);
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
  fn: FunctionRuns,
  judgements: Readonly<Record<Metric, Judgement>> | undefined,
): DiffRow {
  const { baseCount, totals } = sides;
  const [flat, cum] = METRICS.map((metric) =>
    changeOf(
      sides,
      fn.runs.map((run) => run[metric]),
      totals,
      judgements?.[metric] ?? { p: undefined, noise: undefined, isReal: false },
    ),
  );
  const base: FunctionRuns = { ...fn, runs: fn.runs.slice(0, baseCount) };
  const next: FunctionRuns = { ...fn, runs: fn.runs.slice(baseCount) };
  const [inBase, inNext] = [base, next].map(isPresent);
  return {
    ...fn.node,
    presence: inBase === inNext ? "both" : inNext ? "new" : "gone",
    flat,
    cum,
    baseSamples: samplesOf(base),
    nextSamples: samplesOf(next),
    isJudged: judgements !== undefined,
  };
}

function isPresent({ runs }: FunctionRuns): boolean {
  return runs.some(({ flat, cum }) => flat !== 0 || cum !== 0);
}

/** Whether the change of flat or cum is real, that is, beyond noise. */
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

/** Returns the rows (or the total) that break a rule. Changes that were tested must be real. */
function breachesOf(
  { text, metric, limit, isAbout }: Rule,
  rows: readonly DiffRow[],
  total: Change,
  method: Method,
): Breach[] {
  const isBroken = (change: Change) => {
    const { base, next } = change;
    const isUntested = method.name === "none" || change.judgement.p === undefined;
    return (
      exceeds(limit, { ...change, base: Number(base), next: Number(next) }) &&
      (isUntested || change.judgement.isReal)
    );
  };
  if (metric === "total") {
    return isBroken(total) ? [{ rule: text, metric, name: undefined, change: total }] : [];
  }
  return rows
    .filter((row) => row.isJudged && namesOf(row).some(isAbout) && isBroken(row[metric]))
    .map((row) => ({ rule: text, metric, name: row.name, change: row[metric] }));
}

type ReportBasis = Omit<DiffReport, "breaches" | "missing" | "warnings">;

/** Returns why the rules test nothing, one line each. */
function missingLines(
  report: ReportBasis,
  rules: readonly Rule[],
  { unmatchedFilters }: DiffOptions,
  isLarge: boolean,
): string[] {
  const { baseSamples, nextSamples, activeFilters } = report;
  const lines = unmatchedFilters.map((filter) => `${filter} matches nothing in any profile`);
  if (baseSamples === 0 || nextSamples === 0) {
    const sides =
      baseSamples === nextSamples ? "either side" : baseSamples === 0 ? "the base" : "the new side";
    const why =
      activeFilters.length > 0 ? "the filters leave no samples in" : "there are no samples in";
    return [...lines, `${why} ${sides}`];
  }
  if (!isLarge) return [...lines, tooFewSamplesText(report)];
  return [...lines, ...rules.flatMap((rule) => reasonsUntested(rule, report))];
}

/** Returns why a rule tests nothing; empty if it tests something. */
function reasonsUntested(
  { text, metric, functionText, isAbout }: Rule,
  { rows, isNormalized, minSamples, countsSamples }: ReportBasis,
): string[] {
  if (metric === "total") {
    return isNormalized ? [`-fail_on=${text}: -normalize makes the totals equal`] : [];
  }
  const matching = rows.filter((row) => namesOf(row).some(isAbout));
  if (matching.length === 0) {
    const functions = functionText === undefined ? "function" : "function of that name or pattern";
    return [`-fail_on=${text}: no ${functions} is in any of the profiles`];
  }
  if (matching.some(({ isJudged }) => isJudged)) return [];
  const what = countsSamples ? "samples" : "records";
  return [
    `-fail_on=${text}: no matching function has at least ${minSamples} ${what} (-min_samples)`,
  ];
}

function tooFewSamplesText({
  baseSamples,
  nextSamples,
  countsSamples,
  minSamples,
  rules,
}: ReportBasis) {
  const what = countsSamples ? "samples" : "records";
  return (
    `${baseSamples + nextSamples} ${what} in all are fewer than -min_samples=${minSamples}: ` +
    `nothing is judged${rules.length > 0 ? ", and no rule can be broken" : ""}`
  );
}

function warningLines(report: ReportBasis, isLarge: boolean): string[] {
  const { baseProfiles, nextProfiles, method, rules } = report;
  // If there are rules, the same line is among the reasons why they test nothing.
  if (!isLarge) return rules.length > 0 ? [] : [tooFewSamplesText(report)];
  const isSeveral = baseProfiles + nextProfiles > 2;
  if (isSeveral && method.name !== "permutation") {
    return [
      `${baseProfiles} and ${nextProfiles} profiles are too few to compare their spread at ` +
        `-alpha=${report.alpha}; give at least 4 on each side` +
        (method.name === "none" ? ": rules compare sizes only" : ""),
    ];
  }
  return [];
}

/** The number of rows in which flat or cum really grew (`slower`), or only shrank (`faster`). */
export interface Verdict {
  readonly slower: number;
  readonly faster: number;
  readonly isKnown: boolean;
}

export function verdictOf({ rows, method }: DiffReport): Verdict {
  const hasRealChange = (row: DiffRow, sign: number) =>
    METRICS.some(
      (metric) => row[metric].judgement.isReal && Math.sign(Number(row[metric].change)) === sign,
    );
  return {
    slower: rows.filter((row) => hasRealChange(row, 1)).length,
    faster: rows.filter((row) => hasRealChange(row, -1) && !hasRealChange(row, 1)).length,
    isKnown: method.name !== "none",
  };
}
