import type { Growth, LeakReport, LeakRow } from "../../report/leak.js";
import { LEAK_ALPHA } from "../../report/leak.js";
import { formatValue, type ValueFormat } from "../../report/value-format.js";
import { abs, truncate } from "../../units/int64.js";
import { escapeLine } from "../controls.js";
import { formatSigned, plainName } from "../diff/words.js";

const BYTES: ValueFormat = { from: "bytes", to: "auto", ratio: 1 };
const COUNT: ValueFormat = { from: "count", to: "auto", ratio: 1 };

const SECONDS_PER_MINUTE = 60;

/** The number of stacks below the table. */
const MAX_STACKS = 5;

/** Returns the titles of the cells of {@link leakCells}. */
export function leakHead({ knowsTurnover }: LeakReport): string[] {
  return [
    ...["growth", "noise", "per minute", "objects"],
    ...(knowsTurnover ? ["allocated", "freed"] : ["after", "before"]),
  ];
}

/** Returns the cells of a row without its name. A `*` marks growth that is more than chance. */
export function leakCells(report: LeakReport, row: Growth): string[] {
  const { growth, noise, objects, allocated, freed, isReal } = row;
  return [
    `${formatSigned(BYTES, growth)}${isReal ? "*" : ""}`,
    noise === 0 ? "" : `±${formatValue(BYTES, truncate(noise))}`,
    perMinute(report, row),
    formatSigned(COUNT, objects),
    formatValue(BYTES, allocated),
    formatValue(BYTES, freed),
  ];
}

function perMinute({ seconds }: LeakReport, { growth }: Growth): string {
  if (seconds <= 0) return "";
  return formatSigned(BYTES, truncate((Number(growth) / seconds) * SECONDS_PER_MINUTE));
}

/** Returns the result and what it rests on, one sentence each. */
export function leakFacts(report: LeakReport): string[] {
  const { total, rows, seconds, intervalBytes, knowsTurnover } = report;
  const real = rows.filter(({ isReal }) => isReal).length;
  const time = seconds > 0 ? ` in ${formatValue(SECONDS, truncate(seconds * 1e9))}` : "";
  const verb = total.growth < 0 ? "shrank" : "grew";
  const rate = perMinute(report, total);
  return [
    `Memory in use ${verb} by ${formatValue(BYTES, abs(total.growth))}${time}` +
      `${rate === "" ? "" : ` (${rate} per minute)`}.`,
    real === 0
      ? "No function allocated more than it freed beyond chance."
      : `${real} of ${rows.length} functions (*) allocated more than was freed, beyond chance ` +
        `(at most ${LEAK_ALPHA * 100} % that any of them is an accident).`,
    intervalBytes > 1
      ? `The heap is sampled every ${formatValue(BYTES, truncate(intervalBytes))}; ` +
        "noise is the range of 95 % of all samplings."
      : "All allocations are recorded.",
    ...(knowsTurnover
      ? []
      : ["It is not known what was freed, so that noise assumes that everything was replaced."]),
  ].map(escapeLine);
}

const SECONDS: ValueFormat = { from: "nanoseconds", to: "auto", ratio: 1 };

/** Returns the rows to show, and the number of the others. */
export function shownLeaks(
  { rows }: LeakReport,
  rowLimit: number,
): { readonly shown: readonly LeakRow[]; readonly others: number } {
  const shown = rowLimit > 0 ? rows.slice(0, rowLimit) : rows;
  return { shown, others: rows.length - shown.length };
}

/** Returns the rows whose stacks are shown: those that really grow, or else the first one. */
export function rowsWithStack(shown: readonly LeakRow[]): readonly LeakRow[] {
  const growing = shown.filter(({ growth, callers }) => growth > 0 && callers.length > 0);
  const real = growing.filter(({ isReal }) => isReal);
  return real.length > 0 ? real.slice(0, MAX_STACKS) : growing.slice(0, 1);
}

/** Returns the stack of a row, a line each: the function, then its callers. */
export function stackLines({ name, callers }: LeakRow): string[] {
  return [plainName(name), ...callers.map((caller) => `  ← ${plainName(caller.name)}`)];
}

/** Prints the growth as text; at most `rowLimit` rows, or all if it is 0. */
export function renderLeak(report: LeakReport, rowLimit: number): string {
  const { shown, others } = shownLeaks(report, rowLimit);
  const head = leakHead(report);
  const cells = shown.map((row) => leakCells(report, row));
  const widths = head.map((title, column) =>
    cells.reduce((most, row) => Math.max(most, row[column].length), title.length),
  );
  const line = (row: readonly string[], name: string) =>
    `${row.map((cell, column) => cell.padStart(widths[column])).join("  ")}  ${name}`;
  const stacks = rowsWithStack(shown);
  return [
    ...leakFacts(report),
    ...(shown.length > 0 ? ["", line(head, "function")] : []),
    ...shown.map((row, i) => line(cells[i], plainName(row.name))),
    ...(others > 0 ? [otherRows(others)] : []),
    ...(stacks.length > 0 ? ["", STACKS_TITLE] : []),
    ...stacks.flatMap((row) => stackLines(row).map((text) => `  ${text}`)),
    "",
  ].join("\n");
}

/** The line above the stacks. */
export const STACKS_TITLE = "Where most of it is allocated:";

/** Returns the line below a table that leaves out rows. */
export function otherRows(count: number): string {
  return `${count} more functions; -nodecount=0 shows all.`;
}
