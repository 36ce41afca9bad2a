import type { ChalkInstance } from "chalk";
import { factLines, footLine, problemLines } from "../render/diff/text.js";
import {
  type DiffStyle,
  describeMethod,
  formatNoise,
  formatPoints,
  formatRelative,
  formatSigned,
  plainName,
  shownRows,
  tableLegend,
  valueFormat,
  verdictLine,
} from "../render/diff/words.js";
import { METRICS } from "../report/diff/sides.js";
import type { Change, DiffReport } from "../report/diff.js";
import { formatValue } from "../report/value-format.js";
import { foldLine, shorten, shortenName } from "./fit.js";
import { terminalStyle } from "./style.js";
import {
  type Column,
  drawTable,
  layOut,
  MIN_NAME_BESIDE_COLUMNS,
  MIN_WIDTH_FOR_BARS,
} from "./table.js";
import type { Terminal } from "./terminal.js";

/** The part of the width that names get before columns of numbers. */
const NAME_SHARE = 0.35;

/** Draws a comparison: real growth in red, real decreases in green, possible noise dimmed. */
export function drawDiff(report: DiffReport, style: DiffStyle, { width, env }: Terminal): string {
  const paint = terminalStyle(env);
  const { shown, others } = shownRows(report, style);
  const isRoomy = width >= MIN_WIDTH_FOR_BARS + 20;
  const sentences = (text: string) => foldLine(text, width, Number.POSITIVE_INFINITY);
  const top = [
    ...sentences(`${verdictLine(report, style)}.`).map((line) => paint.bold(line)),
    ...factLines(report, style).map((line) => paint.dim(shorten(line, width))),
    ...sentences(describeMethod(report)).map((line) => paint.dim(line)),
    ...problemLines(report, style).map((line) => paint.red(shorten(line, width))),
  ];
  const foot = footLine(shown.length, others);
  const bottom = foot === "" ? [] : foldLine(foot, width).map((line) => paint.dim(line));
  if (shown.length === 0) return `${[...top, ...bottom].join("\n")}\n`;

  const head = METRICS.flatMap((metric) => [
    metric,
    "change",
    `${metric}%`,
    ...(isRoomy ? ["share", "noise"] : []),
  ]);
  const plain = shown.map((row) =>
    METRICS.flatMap((metric) => cells(report, row[metric], style, isRoomy)),
  );
  const each = head.length / METRICS.length;
  const { shown: columnsShown, nameWidth } = layOut(head, plain, {
    optional: optionalColumns(head.length),
    width,
    leastName: Math.max(MIN_NAME_BESIDE_COLUMNS, Math.floor(width * NAME_SHARE)),
  });
  const columns: Column[] = [
    ...columnsShown.map((column) => {
      // If the column of the value is dropped, the change gets its title.
      const isAlone = head[column] === "change" && !columnsShown.includes(column - 1);
      return { title: head[isAlone ? column - 1 : column], align: "right" as const };
    }),
    { title: "name", align: "left" },
  ];
  const rows = shown.map((row, i) => {
    const painted = columnsShown.map((column) =>
      colourOf(row[METRICS[Math.floor(column / each)]], paint)(plain[i][column]),
    );
    const real = METRICS.map((metric) => row[metric]).find(({ judgement }) => judgement.isReal);
    const name = shortenName(plainName(row.name), nameWidth);
    return [...painted, (real ? colourOf(real, paint) : paint)(name)];
  });
  const legend = sentences(tableLegend(shown, isRoomy)).map((line) => paint.dim(line));
  return `${[...top, "", ...legend, drawTable(columns, rows, paint), ...bottom].join("\n")}\n`;
}

/** Returns the columns to drop on narrow terminals, in order: noise, share, percentages, cum. */
function optionalColumns(count: number): number[] {
  const each = count / METRICS.length;
  const columns = Array.from({ length: count }, (_, column) => column);
  const ofEach = (part: number) => columns.filter((column) => column % each === part).reverse();
  return [4, 3, 2, 0].flatMap((part) => (part < each ? ofEach(part) : []));
}

function cells(report: DiffReport, change: Change, style: DiffStyle, isRoomy: boolean): string[] {
  const format = valueFormat(report, style);
  return [
    formatValue(format, change.next),
    `${formatSigned(format, change.change)}${change.judgement.isReal ? "*" : ""}`,
    formatRelative(change),
    ...(isRoomy ? [formatPoints(change), formatNoise(format, change)] : []),
  ];
}

function colourOf({ judgement, change }: Change, paint: ChalkInstance): ChalkInstance {
  // Without a measure of noise, no change is dimmed.
  if (judgement.p === undefined) return paint;
  if (!judgement.isReal) return paint.dim;
  return change > 0 ? paint.red.bold : paint.green;
}
