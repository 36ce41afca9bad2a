import {
  type Change,
  type DiffReport,
  type DiffRow,
  isRealRow,
  verdictOf,
} from "../../report/diff.js";
import { formatValue, type ValueFormat } from "../../report/value-format.js";
import { abs, type Int64, negate } from "../../units/int64.js";
import { escapeLine } from "../controls.js";
import { plainUnit } from "../plain-unit.js";

export interface DiffStyle {
  readonly unit: string;
  /** The maximum number of rows; 0 for all. */
  readonly rowLimit: number;
  /** Rows below this share of both totals are left out, unless their change is real. */
  readonly leastShare: number;
}

/** Returns the format of values. Without a unit in the options, each value has its own unit. */
export function valueFormat({ unit }: DiffReport, style: DiffStyle): ValueFormat {
  return { from: plainUnit(unit), to: style.unit === "minimum" ? "auto" : style.unit, ratio: 1 };
}

/** Returns the rows to show, and the number of other rows that changed. */
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

/** Returns a name in one line, without control characters. */
export function plainName(name: string): string {
  return escapeLine(name).replaceAll("\t", " ");
}

/** Formats a value with its sign: `+12ms`. */
export function formatSigned(format: ValueFormat, value: Int64): string {
  if (value === 0) return "0";
  const sign = value > 0 ? "+" : "-";
  const size = abs(value);
  return `${sign}${formatValue(format, size < 0 ? negate(size) : size).replace(/^-/, "")}`;
}

/** Formats a change relative to the base: `+12.3%`, or `new` if the base is 0. */
export function formatRelative({ base, next, change }: Change): string {
  if (change === 0) return "0%";
  if (base === 0) return "new";
  if (next === 0) return "gone";
  return signedPercent((Number(change) / Math.abs(Number(base))) * 100, "%");
}

/** Formats the change of the share in percentage points: `+1.2pp`. */
export function formatPoints({ baseShare, nextShare }: Change): string {
  return signedPercent((nextShare - baseShare) * 100, "pp");
}

function signedPercent(percent: number, unit: string): string {
  const digits = Math.abs(percent) >= 1000 ? wholeNumber(percent) : percent.toFixed(1);
  if (Number(digits) === 0) return `0${unit}`;
  return `${percent > 0 ? "+" : ""}${digits}${unit}`;
}

/** Formats a number without a fraction and without an exponent. */
function wholeNumber(value: number): string {
  return BigInt(Math.round(value)).toString();
}

/** Formats the noise of a change: `±12ms`. Empty if it is not known. */
export function formatNoise(format: ValueFormat, { judgement: { noise } }: Change): string {
  if (noise === undefined || !Number.isFinite(noise)) return "";
  return `±${formatValue(format, Math.round(Math.min(noise, Number.MAX_SAFE_INTEGER)))}`;
}

/** Formats the noise as a percentage of the base. Empty if it is not known. */
export function formatNoisePercent({ base, judgement: { noise } }: Change): string {
  if (noise === undefined || !Number.isFinite(noise) || base === 0) return "";
  const percent = (noise / Math.abs(Number(base))) * 100;
  return `±${percent >= 10 ? wholeNumber(percent) : percent.toFixed(1)}%`;
}

/** Returns a one-line summary without names of functions. */
export function verdictLine(report: DiffReport, style: DiffStyle): string {
  const { slower, faster, isKnown } = verdictOf(report);
  const parts = [
    slower > 0 ? `${functionCount(slower)} grew` : "",
    faster > 0 ? `${functionCount(faster)} shrank` : "",
  ].filter(Boolean);
  const total = describeTotal(report, style);
  if (!isKnown) return `${total.replace(/^t/, "T")}; noise is not known`;
  if (parts.length === 0) return `No change beyond noise; ${total}`;
  return `${parts.join(", ")} beyond noise; ${total}`;
}

function functionCount(count: number): string {
  return `${count} ${count === 1 ? "function" : "functions"}`;
}

/** Returns text such as `total fell by 89.0%, from 5.57s to 610ms`: a sign is easily misread. */
function describeTotal(report: DiffReport, style: DiffStyle): string {
  const { total } = report;
  const { base, next, change } = total;
  const format = valueFormat(report, style);
  const { isReal, p } = total.judgement;
  const noise = p === undefined ? "" : isReal ? " (beyond noise)" : " (within noise)";
  if (change === 0) return `total unchanged at ${formatValue(format, next)}${noise}`;
  const values = `from ${formatValue(format, base)} to ${formatValue(format, next)}${noise}`;
  const verb = change > 0 ? "grew" : "fell";
  // Without a base value, there is no percentage.
  if (base === 0) return `total ${verb} ${values}`;
  const percent = signedPercent((Number(change) / Math.abs(Number(base))) * 100, "%");
  return `total ${verb} by ${percent.replace(/^[+-]/, "")}, ${values}`;
}

/** Describes in a few sentences how the changes were tested, for reviewers. */
export function describeMethod({ method, alpha, tested, rows }: DiffReport): string {
  const chance =
    `If nothing had changed, any of the ${tested} tested changes would be called real with a ` +
    `chance of at most ${percentOf(alpha)}.${noiseFloorText(rows)}`;
  switch (method.name) {
    case "permutation": {
      const ways = `${method.isComplete ? "all" : "a random"} ${method.arrangements} ways`;
      return (
        `Noise is measured: swapping the profiles between the sides in ${ways} shows which changes ` +
        `arise by chance. ${chance}`
      );
    }
    case "counts":
      return (
        "Noise is estimated from the numbers of samples, as there are too few profiles to measure " +
        `it (give at least 4 on each side). ${chance}`
      );
    case "none":
      return (
        "Noise is not known: there are too few profiles to measure it, and too few samples, or " +
        "none that are counted, to estimate it from. Give at least 4 profiles on each side."
      );
  }
}

function percentOf(alpha: number): string {
  return `${Number((alpha * 100).toPrecision(3))}%`;
}

/** Describes the noise of the largest functions. */
function noiseFloorText(rows: readonly DiffRow[]): string {
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
  const percent = median < 10 ? median.toFixed(1) : wholeNumber(median);
  return ` For the largest functions, changes below about ${percent}% are within noise.`;
}

/** Explains the columns and marks of a table with these rows. */
export function tableLegend(rows: readonly DiffRow[], hasNoise: boolean): string {
  const isMarked = rows.some(isRealRow);
  const isKnown = rows.some(({ flat, cum }) =>
    [flat, cum].some(({ judgement }) => judgement.noise !== undefined),
  );
  return [
    "flat and cum are of the new side.",
    isMarked ? "* marks a real change, one beyond noise." : "",
    hasNoise && isKnown ? "noise is the largest change that chance is likely to cause." : "",
  ]
    .filter(Boolean)
    .join(" ");
}

export function describeSides(report: DiffReport): string {
  const { baseProfiles, nextProfiles, baseSamples, nextSamples, countsSamples } = report;
  const what = countsSamples ? "samples" : "records";
  const side = (profiles: number, samples: number) =>
    `${profiles} ${profiles === 1 ? "profile" : "profiles"} (${samples} ${what})`;
  return `base ${side(baseProfiles, baseSamples)}, new ${side(nextProfiles, nextSamples)}`;
}

export function describeBreach(
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
    `${formatValue(format, change.next)} (${formatRelative(change)}, ${formatPoints(change)}` +
    `${isReal ? `, ${formatP(change)}` : ""})`
  );
}

/** Formats p: `p=0.008`. */
export function formatP({ judgement: { p } }: Change): string {
  if (p === undefined) return "";
  return p < 0.0001 ? "p<0.0001" : `p=${Number(p.toPrecision(2))}`;
}
