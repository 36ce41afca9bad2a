import type { Breach, Change, DiffReport, DiffRow } from "../../report/diff.js";

/** What the schema is called; the number grows when a program that reads it could break. */
export const DIFF_SCHEMA = "tsprof/diff/1";

type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The changes for programs; the schema is described in docs/ci.md. */
export function renderDiffJson(report: DiffReport): string {
  const { method, total, rows, breaches } = report;
  const rowLines = rows.map((row) => `    ${exactJson(rowJson(row))}`);
  const head = exactJson({
    schema: DIFF_SCHEMA,
    type: report.type,
    unit: report.unit,
    filters: report.activeFilters,
    normalized: report.isNormalized,
    base: { profiles: report.baseProfiles, samples: report.baseSamples },
    new: { profiles: report.nextProfiles, samples: report.nextSamples },
    samplesAre: report.countsSamples ? "samples" : "records",
    alpha: report.alpha,
    minSamples: report.minSamples,
    method: methodJson(method),
    tested: report.tested,
    total: changeJson(total),
    rules: report.rules,
    broken: breaches.map(breachJson),
    warnings: report.warnings,
  });
  const rest = rowLines.length === 0 ? "[]" : `[\n${rowLines.join(",\n")}\n  ]`;
  return `${head.slice(0, -1)},\n  "rows": ${rest}\n}\n`;
}

function methodJson(method: DiffReport["method"]): Json {
  switch (method.name) {
    case "permutation":
      return { name: method.name, arrangements: method.arrangements, complete: method.isComplete };
    case "counts":
      return { name: method.name, overdispersion: method.overdispersion, from: method.from };
    case "none":
      return { name: method.name };
  }
}

function changeJson({ judgement, ...change }: Change): Json {
  return {
    base: change.base,
    new: change.next,
    change: change.change,
    baseShare: change.baseShare,
    newShare: change.nextShare,
    p: judgement.p ?? null,
    noise: finite(judgement.noise),
    real: judgement.isReal,
    baseRuns: change.baseRuns,
    newRuns: change.nextRuns,
  };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function rowJson(row: DiffRow): Json {
  return {
    name: row.name,
    in: row.presence === "both" ? "both" : row.presence === "new" ? "new" : "base",
    baseSamples: row.baseSamples,
    newSamples: row.nextSamples,
    judged: row.isJudged,
    flat: changeJson(row.flat),
    cum: changeJson(row.cum),
  };
}

function breachJson({ rule, metric, name, change }: Breach): Json {
  return { rule, metric, name: name ?? null, change: changeJson(change) };
}

/**
 * JSON in which integers have all their digits, however many, and control characters are
 * escaped, those too that JSON itself would leave.
 */
function exactJson(value: Json): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return exactText(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(exactJson).join(",")}]`;
  const fields = Object.entries(value).map(
    ([key, field]) => `${exactText(key)}:${exactJson(field)}`,
  );
  return `{${fields.join(",")}}`;
}

function exactText(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, (control) => {
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
