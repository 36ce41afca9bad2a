import {
  type Change,
  type DiffReport,
  type DiffRow,
  isRealRow,
  verdictOf,
} from "../../report/diff.js";
import { formatValue, type ValueFormat } from "../../report/value-format.js";
import { abs, type Int64, negate } from "../../units/int64.js";
import { withoutControls } from "../controls.js";

/** How a report of changes is put in words, and how much of it. */
export interface DiffStyle {
  /** How values are printed. */
  readonly unit: string;
  /** At most so many rows; 0 for all. */
  readonly rowLimit: number;
  /** Rows are left out below this share of either whole, unless they have really changed. */
  readonly leastShare: number;
}

/** How the values of a report are printed: each in a unit of its own, unless one is asked for. */
export function valueFormat({ unit }: DiffReport, style: DiffStyle): ValueFormat {
  return { from: unit, to: style.unit === "minimum" ? "auto" : style.unit, ratio: 1 };
}

/** The rows that are worth showing, and how many others have changed. */
export function shownRows(
  { rows }: DiffReport,
  { rowLimit, leastShare }: DiffStyle,
): { shown: readonly DiffRow[]; others: number } {
  const changed = rows.filter(({ flat, cum }) => flat.change !== 0 || cum.change !== 0);
  const large = changed.filter((row) => isRealRow(row) || largestShare(row) >= leastShare);
  const shown = rowLimit > 0 ? large.slice(0, rowLimit) : large;
  return { shown, others: changed.length - shown.length };
}

function largestShare({ flat, cum }: DiffRow): number {
  const shares = [flat.baseShare, flat.nextShare, cum.baseShare, cum.nextShare];
  return Math.max(...shares.map(Math.abs));
}

/** A name in one line, with nothing in it that steers what shows it. */
export function plainName(name: string): string {
  return withoutControls(name.replace(/[\n\r\t\f\u2028\u2029]/g, " "));
}

/** A value with its sign, `+12ms`. */
export function signed(format: ValueFormat, value: Int64): string {
  if (value === 0) return "0";
  const sign = value > 0 ? "+" : "-";
  const size = abs(value);
  return `${sign}${formatValue(format, size < 0 ? negate(size) : size).replace(/^-/, "")}`;
}

/** By how much a value has grown of what it was, `+12.3%`; `new` where it was nothing. */
export function relative({ base, next, change }: Change): string {
  if (change === 0) return "0%";
  if (base === 0) return "new";
  if (next === 0) return "gone";
  return signedPercent((Number(change) / Math.abs(Number(base))) * 100, "%");
}

/** By how much the share of the whole has grown, `+1.2pp`. */
export function points({ baseShare, nextShare }: Change): string {
  return signedPercent((nextShare - baseShare) * 100, "pp");
}

function signedPercent(percent: number, unit: string): string {
  const digits = Math.abs(percent) >= 1000 ? percent.toExponential(1) : percent.toFixed(1);
  if (Number(digits) === 0) return `0${unit}`;
  return `${percent > 0 ? "+" : ""}${digits}${unit}`;
}

/** The change that noise alone may make, `±12ms`; empty where it is not known. */
export function noiseOf(format: ValueFormat, { judgement: { noise } }: Change): string {
  if (noise === undefined || !Number.isFinite(noise)) return "";
  return `±${formatValue(format, Math.round(Math.min(noise, Number.MAX_SAFE_INTEGER)))}`;
}

/** The noise as a percentage of what the value was; empty where that is not known. */
export function noisePercent({ base, judgement: { noise } }: Change): string {
  if (noise === undefined || !Number.isFinite(noise) || base === 0) return "";
  const percent = (noise / Math.abs(Number(base))) * 100;
  return `±${percent >= 10 ? percent.toFixed(0) : percent.toFixed(1)}%`;
}

/** What has happened, in one line without names. */
export function verdictLine(report: DiffReport): string {
  const { slower, faster, isKnown } = verdictOf(report);
  const parts = [
    slower > 0 ? `${functions(slower)} grew` : "",
    faster > 0 ? `${functions(faster)} shrank` : "",
  ].filter(Boolean);
  const total = totalWords(report);
  if (!isKnown) return `${total}; what is noise could not be told`;
  if (parts.length === 0) return `No change beyond noise; ${total}`;
  return `${parts.join(", ")} beyond noise; ${total}`;
}

function functions(count: number): string {
  return `${count} ${count === 1 ? "function" : "functions"}`;
}

function totalWords({ total }: DiffReport): string {
  const { isReal, p } = total.judgement;
  const real = p === undefined ? "" : isReal ? ", real" : ", within noise";
  return `total ${total.change === 0 ? "unchanged" : relative(total)}${real}`;
}

/** How changes were told from noise, and what that assumes; a sentence or two. */
export function methodWords({ method, alpha, tested, rows }: DiffReport): string {
  const chance = `at most ${percentOf(alpha)} of comparisons without a change call any real`;
  switch (method.name) {
    case "permutation": {
      const all = method.isComplete ? "all" : "a random";
      return (
        `Noise: ${all} ${method.arrangements} ways to deal the profiles to the sides, ` +
        `${tested} changes tested together (max-T); ${chance}${floorWords(rows)}.`
      );
    }
    case "counts": {
      const { overdispersion, from } = method;
      const origin = {
        profiles: "seen between the profiles of a side",
        places: "seen among the functions, most of which are taken for unchanged",
        assumed: "assumed",
      }[from];
      return (
        "Noise: counting of samples only, by shares; there are too few profiles for a spread. " +
        `Overdispersion ${overdispersion.toFixed(1)}, ${origin}; ${tested} changes tested ` +
        `(Holm)${floorWords(rows)}.`
      );
    }
    case "none":
      return (
        "Noise: unknown. There are too few profiles for a spread, or too few samples, or no " +
        "counts of samples; give at least 4 profiles on each side."
      );
  }
}

function percentOf(alpha: number): string {
  return `${Number((alpha * 100).toPrecision(3))}%`;
}

/** The A/A noise floor of the largest functions: what they differ by without a change. */
function floorWords(rows: readonly DiffRow[]): string {
  const floors = rows
    .map(({ cum }) => cum)
    .filter(({ base, judgement }) => base > 0 && judgement.noise !== undefined)
    .sort((a, b) => Number(b.base) - Number(a.base))
    .slice(0, 10)
    .map(({ base, judgement }) => (judgement.noise as number) / Number(base))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (floors.length === 0) return "";
  const median = floors[floors.length >> 1] * 100;
  return `; A/A noise floor of the largest functions ±${median.toFixed(median < 10 ? 1 : 0)}% (median)`;
}

/** What the two sides are. */
export function sidesWords(report: DiffReport): string {
  const { baseProfiles, nextProfiles, baseSamples, nextSamples, countsSamples } = report;
  const what = countsSamples ? "samples" : "records";
  const side = (profiles: number, samples: number) =>
    `${profiles} ${profiles === 1 ? "profile" : "profiles"} (${samples} ${what})`;
  return `base ${side(baseProfiles, baseSamples)}, new ${side(nextProfiles, nextSamples)}`;
}

/** What broke a rule, in one line. */
export function breachWords(
  report: DiffReport,
  { rule, metric, name, change }: DiffReport["breaches"][number],
  style: DiffStyle,
  shown: (name: string) => string = plainName,
): string {
  const format = valueFormat(report, style);
  const where = name === undefined ? "the total" : shown(name);
  const what = name === undefined ? "" : ` ${metric}`;
  const isReal = change.judgement.p !== undefined;
  return (
    `${rule} is broken by ${where}:${what} ${formatValue(format, change.base)} → ` +
    `${formatValue(format, change.next)} (${relative(change)}, ${points(change)}` +
    `${isReal ? `, ${pWords(change)}` : ""})`
  );
}

/** `p=0.008`. */
export function pWords({ judgement: { p } }: Change): string {
  if (p === undefined) return "";
  return p < 0.0001 ? "p<0.0001" : `p=${Number(p.toPrecision(2))}`;
}
