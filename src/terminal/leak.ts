import { plainName } from "../render/diff/words.js";
import {
  leakCells,
  leakFacts,
  leakHead,
  otherRows,
  rowsWithStack,
  STACKS_TITLE,
  shownLeaks,
  stackLines,
} from "../render/leak/text.js";
import type { LeakReport } from "../report/leak.js";
import { foldLine, shortenName } from "./fit.js";
import { terminalStyle } from "./style.js";
import { type Column, drawTable, layOut, MIN_NAME_BESIDE_COLUMNS } from "./table.js";
import type { Terminal } from "./terminal.js";

/** The part of the width that names get before columns of numbers. */
const NAME_SHARE = 0.4;

/** The columns to drop on narrow terminals, in order: freed, allocated, objects, per minute, noise. */
const OPTIONAL_COLUMNS = [5, 4, 3, 2, 1];

/** Draws the growth of memory: real growth in red, what may be chance dimmed. */
export function drawLeak(report: LeakReport, rowLimit: number, { width, env }: Terminal): string {
  const paint = terminalStyle(env);
  const { shown, others } = shownLeaks(report, rowLimit);
  const fold = (text: string) => foldLine(text, width, Number.POSITIVE_INFINITY);
  const [result, verdict, ...basis] = leakFacts(report);
  const head = leakHead(report);
  const cells = shown.map((row) => leakCells(report, row));
  const { shown: columns, nameWidth } = layOut(head, cells, {
    optional: OPTIONAL_COLUMNS,
    width,
    leastName: Math.max(MIN_NAME_BESIDE_COLUMNS, Math.floor(width * NAME_SHARE)),
  });
  const titles: Column[] = [
    ...columns.map((column) => ({ title: head[column], align: "right" as const })),
    { title: "function", align: "left" },
  ];
  const rows = shown.map((row, i) => {
    const colour = row.isReal ? paint.red.bold : row.p === undefined ? paint : paint.dim;
    const name = shortenName(plainName(row.name), nameWidth);
    return [...columns.map((column) => colour(cells[i][column])), colour(name)];
  });
  const stacks = rowsWithStack(shown).flatMap((row) =>
    stackLines(row).map((text, depth) => {
      const line = `  ${shortenName(text, width - 2)}`;
      return depth === 0 ? line : paint.dim(line);
    }),
  );
  return [
    ...fold(result).map((line) => paint.bold(line)),
    ...fold(verdict),
    ...basis.flatMap(fold).map((line) => paint.dim(line)),
    ...(rows.length > 0 ? ["", drawTable(titles, rows, paint)] : []),
    ...(others > 0 ? [paint.dim(otherRows(others))] : []),
    ...(stacks.length > 0 ? ["", STACKS_TITLE, ...stacks] : []),
    "",
  ].join("\n");
}
