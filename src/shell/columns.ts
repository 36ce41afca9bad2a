import stringWidth from "string-width";
import type { Candidate } from "./completion.js";

/** Blanks between columns. */
const GAP = 2;

/**
 * A list of candidates in at most `height` rows of `width` columns: with what they mean,
 * one a row, if that fits, and otherwise side by side, in order from top to bottom. `total`
 * tells how many there are; what is left out is counted in the last row.
 */
export function listCandidates(
  candidates: readonly Candidate[],
  total: number,
  width: number,
  height: number,
): string[] {
  const rows = Math.max(2, height);
  if (total <= rows && candidates.some(({ summary }) => summary !== "")) {
    return withSummaries(candidates, width);
  }
  const isOneColumn = total <= rows;
  // At the very edge some terminals begin a new line.
  const room = isOneColumn ? width - 1 : Math.floor(width / 2) - GAP;
  const labels = candidates.map(({ label }) => shorten(label, room));
  const column = longest(labels) + GAP;
  const columns =
    isOneColumn && column > width / 2 ? 1 : Math.max(1, Math.floor((width - 1 + GAP) / column));
  const fitting = columns * (total > columns * rows ? rows - 1 : rows);
  const shown = labels.slice(0, fitting);
  const list = sideBySide(shown, column, columns);
  if (total > shown.length) {
    list.push(`… and ${(total - shown.length).toLocaleString("en-US")} more`);
  }
  return list;
}

function sideBySide(labels: readonly string[], column: number, columns: number): string[] {
  const rows = Math.ceil(labels.length / columns);
  return Array.from({ length: rows }, (_, row) => {
    const inRow = labels.filter((_, i) => i % rows === row);
    return inRow
      .map((label) => pad(label, column))
      .join("")
      .trimEnd();
  });
}

function withSummaries(candidates: readonly Candidate[], width: number): string[] {
  const labels = candidates.map(({ label }) => shorten(label, Math.floor(width / 2)));
  const column = longest(labels) + GAP;
  return candidates.map(({ summary }, i) => {
    const room = width - 1 - column;
    const text = summary.length > room ? `${summary.slice(0, Math.max(0, room - 1))}…` : summary;
    return (pad(labels[i], column) + text).trimEnd();
  });
}

function longest(labels: readonly string[]): number {
  return labels.reduce((most, label) => Math.max(most, stringWidth(label)), 0);
}

function pad(label: string, width: number): string {
  return label + " ".repeat(Math.max(0, width - stringWidth(label)));
}

/** Cuts a name in its middle to `width` columns: it ends with the function itself. */
function shorten(label: string, width: number): string {
  if (stringWidth(label) <= width) return label;
  const letters = [...label];
  const end: string[] = [];
  const start: string[] = [];
  let left = Math.max(1, width) - 1;
  const take = (letter: string | undefined, into: string[], until: number) => {
    if (letter === undefined || stringWidth(letter) > left - until) return false;
    left -= stringWidth(letter);
    into.push(letter);
    return true;
  };
  const forStart = Math.floor(left * 0.4);
  while (take(letters.at(-1 - end.length), end, forStart));
  while (take(letters[start.length], start, 0));
  return `${start.join("")}…${end.reverse().join("")}`;
}
