import { shorten, widthOf } from "../terminal/fit.js";
import type { Candidate } from "./completion.js";

/** Blanks between columns. */
const GAP = 2;

/**
 * Lists candidates in at most `height` rows of `width` columns: one per row with their summaries if
 * they fit, or else in columns. `total` counts all candidates; the last row counts the rest.
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
  // Leave the last column empty, because some terminals begin a new line there.
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
  return labels.reduce((most, label) => Math.max(most, widthOf(label)), 0);
}

function pad(label: string, width: number): string {
  return label + " ".repeat(Math.max(0, width - widthOf(label)));
}
