import { METRICS } from "../../report/diff/sides.js";
import { type DiffReport, type DiffRow, isRealRow } from "../../report/diff.js";
import { formatValue } from "../../report/value-format.js";
import {
  type DiffStyle,
  describeBreach,
  describeMethod,
  formatP,
  formatPoints,
  formatRelative,
  plainName,
  valueFormat,
  verdictLine,
} from "./words.js";

/** GitHub shows this many annotations of each level for a step and drops the others. */
const MAX_ANNOTATIONS = 10;

type Level = "error" | "warning" | "notice";

/** Writes GitHub annotations: broken or untested rules as errors, other real growth as warnings. */
export function renderDiffGithub(report: DiffReport, style: DiffStyle): string {
  const { breaches, missing, rows, warnings } = report;
  const broken = new Set(breaches.map(({ name }) => name));
  const errors = [
    ...missing.map((line) => annotation("error", "tsprof: not checked", line)),
    ...breaches.map((breach) =>
      annotation("error", `tsprof: ${breach.rule}`, describeBreach(report, breach, style)),
    ),
  ];
  const grown = rows
    .filter((row) => isRealRow(row) && !broken.has(row.name))
    .flatMap((row) => growthWarning(report, row, style) ?? []);
  return [
    ...limitAnnotations("error", errors),
    ...limitAnnotations("warning", [
      ...warnings.map((line) => annotation("warning", "tsprof", line)),
      ...grown,
    ]),
    annotation("notice", "tsprof", `${verdictLine(report, style)}. ${describeMethod(report)}`),
    "",
  ].join("\n");
}

function growthWarning(report: DiffReport, row: DiffRow, style: DiffStyle): string | undefined {
  const metric = METRICS.find(
    (candidate) => row[candidate].judgement.isReal && row[candidate].change > 0,
  );
  if (metric === undefined) return undefined;
  const change = row[metric];
  const format = valueFormat(report, style);
  const message =
    `${plainName(row.name)}: ${metric} ${formatValue(format, change.base)} → ` +
    `${formatValue(format, change.next)} (${formatRelative(change)}, ${formatPoints(change)}, ${formatP(change)})`;
  return annotation("warning", "tsprof: grew beyond noise", message);
}

/** If there are too many annotations, replaces the last ones by their number. */
function limitAnnotations(level: Level, lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_ANNOTATIONS) return lines;
  const more = lines.length - MAX_ANNOTATIONS + 1;
  return [
    ...lines.slice(0, MAX_ANNOTATIONS - 1),
    annotation(level, "tsprof", `... and ${more} more like these`),
  ];
}

function annotation(level: Level, title: string, message: string): string {
  return `::${level} title=${escapeProperty(title)}::${escapeData(message)}`;
}

/** Escapes data as the runner expects it: https://github.com/actions/toolkit, packages/core. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
