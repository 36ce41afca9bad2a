import { type DiffReport, type DiffRow, isRealRow } from "../../report/diff.js";
import { formatValue } from "../../report/value-format.js";
import { code, type TableColumn, tableLines } from "../data/markdown.js";
import {
  type DiffStyle,
  describeBreach,
  describeMethod,
  describeSides,
  formatNoisePercent,
  formatPoints,
  formatRelative,
  formatSigned,
  plainName,
  shownRows,
  valueFormat,
  verdictLine,
} from "./words.js";

/** Compilers make names of several kilobytes, so names are shortened to this length. */
const MAX_NAME_UNITS = 200;

function shortened(name: string): string {
  const plain = plainName(name);
  return plain.length > MAX_NAME_UNITS
    ? `${plain.slice(0, MAX_NAME_UNITS).toWellFormed()}…`
    : plain;
}

/** GitHub limits comments to 65,536 characters, so only this many breaches are listed. */
const MAX_BREACHES = 5;

const COLUMNS: readonly TableColumn[] = [
  { title: "Function", isText: true },
  ...["flat", "change", "cum", "change", "of total", "noise"].map((title) => ({
    title,
    isText: false,
  })),
];

/** Writes the comparison as a comment for a pull request: a one-line verdict and a table. */
export function renderDiffMarkdown(report: DiffReport, style: DiffStyle): string {
  const { total, breaches, missing, type } = report;
  const format = valueFormat(report, style);
  const mark = breaches.length > 0 || missing.length > 0 ? "❌ " : "";
  const lines = [`**${mark}${verdictLine(report, style)}**`, ""];
  for (const breach of breaches.slice(0, MAX_BREACHES)) {
    const words = describeBreach(report, { ...breach, rule: "" }, style, (name) =>
      code(shortened(name)),
    );
    lines.push(`- Rule ${code(breach.rule)}${words}`);
  }
  const more = breaches.length - MAX_BREACHES;
  if (more > 0) lines.push(`- … and ${more} more broken rules`);
  for (const line of missing) lines.push(`- Not checked: ${code(plainName(line))}`);
  if (breaches.length > 0 || missing.length > 0) lines.push("");
  const { shown, others } = shownRows(report, style);
  const whole = formatValue(format, total.next);
  const totalCells = [
    "total",
    "",
    "",
    whole,
    changeCell(format, total),
    "",
    formatNoisePercent(total),
  ];
  const rows = shown.map((row) => rowCells(report, row, style));
  lines.push(...tableLines(COLUMNS, [totalCells, ...rows]));
  lines.push("");
  if (others > 0)
    lines.push(`${others} more functions changed; -nodecount=0 -trim=false shows all.`, "");
  lines.push(
    `<sub>${code(plainName(type))}; ${describeSides(report)}. Bold changes are real, that is, ` +
      `beyond noise; values are of the new side. ${describeMethod(report)}</sub>`,
    "",
  );
  return lines.join("\n");
}

function changeCell(format: ReturnType<typeof valueFormat>, change: DiffRow["flat"]): string {
  if (change.change === 0) return "0";
  const text = `${formatSigned(format, change.change)} (${formatRelative(change)})`;
  return change.judgement.isReal ? `**${text}**` : text;
}

function rowCells(report: DiffReport, row: DiffRow, style: DiffStyle): string[] {
  const format = valueFormat(report, style);
  const { flat, cum } = row;
  const isUp = cum.change > 0 || (cum.change === 0 && flat.change > 0);
  const mark = isRealRow(row) ? (isUp ? "🔺 " : "🔽 ") : "";
  return [
    `${mark}${code(shortened(row.name))}`,
    formatValue(format, flat.next),
    changeCell(format, flat),
    formatValue(format, cum.next),
    changeCell(format, cum),
    formatPoints(cum),
    formatNoisePercent(cum),
  ];
}
