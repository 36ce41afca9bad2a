import { METRICS } from "../../report/diff/sides.js";
import type { DiffReport, DiffRow } from "../../report/diff.js";
import { formatValue } from "../../report/value-format.js";
import { escapeLine } from "../controls.js";
import {
  type DiffStyle,
  describeBreach,
  describeMethod,
  describeSides,
  formatNoise,
  formatPoints,
  formatRelative,
  formatSigned,
  plainName,
  shownRows,
  tableLegend,
  valueFormat,
  verdictLine,
} from "./words.js";

/** The titles of the cells of {@link cellsOf}. */
export const DIFF_HEAD = METRICS.flatMap((metric) => [
  metric,
  "change",
  `${metric}%`,
  "share",
  "noise",
]);

/** Returns the cells of a row without its name, flat first. A `*` marks a real change. */
export function cellsOf(report: DiffReport, row: DiffRow, style: DiffStyle): string[] {
  const format = valueFormat(report, style);
  return METRICS.flatMap((metric) => {
    const change = row[metric];
    return [
      formatValue(format, change.next),
      `${formatSigned(format, change.change)}${change.judgement.isReal ? "*" : " "}`,
      formatRelative(change),
      formatPoints(change),
      formatNoise(format, change),
    ];
  });
}

/** Describes both sides and their totals, one line each. */
export function factLines(report: DiffReport, style: DiffStyle): string[] {
  const { total, type, activeFilters, isNormalized } = report;
  const format = valueFormat(report, style);
  const noise = formatNoise(format, total);
  return [
    `Type: ${plainName(type)}; ${describeSides(report)}`,
    `Total: ${formatValue(format, total.base)} → ${formatValue(format, total.next)} ` +
      `(${formatSigned(format, total.change)}, ${formatRelative(total)}${noise && `, noise ${noise}`})`,
    ...(isNormalized
      ? ["All profiles are scaled to the same total, so changes are changes of shares."]
      : []),
    ...(activeFilters.length > 0
      ? [`Active filters: ${activeFilters.map(plainName).join(", ")}`]
      : []),
  ].map(escapeLine);
}

/** Returns why the comparison fails, one line each. */
export function problemLines(report: DiffReport, style: DiffStyle): string[] {
  const { breaches, missing } = report;
  return [
    ...breaches
      .slice(0, MAX_BREACHES)
      .map((breach) => `Rule ${describeBreach(report, breach, style)}`),
    ...(breaches.length > MAX_BREACHES
      ? [`... and ${breaches.length - MAX_BREACHES} more broken rules`]
      : []),
    ...missing.map((line) => `Not checked: ${line}`),
  ].map(escapeLine);
}

const MAX_BREACHES = 10;

/** Returns the line below the rows; may be empty. */
export function footLine(shown: number, others: number): string {
  if (others > 0) return `${others} more functions changed; -nodecount=0 -trim=false shows all.`;
  return shown === 0 ? "Nothing has changed." : "";
}

/** Prints the comparison as text. Values are of the new side, followed by their changes. */
export function renderDiff(report: DiffReport, style: DiffStyle): string {
  const { shown, others } = shownRows(report, style);
  const rows = shown.map((row) => cellsOf(report, row, style));
  const widths = DIFF_HEAD.map((title, column) =>
    rows.reduce((most, cells) => Math.max(most, cells[column].length), Math.max(title.length, 6)),
  );
  const line = (cells: readonly string[], name: string) =>
    `${cells.map((cell, column) => cell.padStart(widths[column])).join(" ")}  ${name}`;
  const foot = footLine(shown.length, others);
  return [
    `${verdictLine(report, style)}.`,
    ...factLines(report, style),
    describeMethod(report),
    ...problemLines(report, style),
    ...(shown.length > 0 ? [tableLegend(shown, true), line(DIFF_HEAD, "name")] : []),
    ...shown.map((row, i) => line(rows[i], plainName(row.name))),
    ...(foot === "" ? [] : [foot]),
    "",
  ].join("\n");
}
