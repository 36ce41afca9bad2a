import { type Amounts, type FlameColumns, flameTree } from "../graph/flame-tree.js";
import { type FlameKind, type FlameReport, flame } from "../report/flame.js";
import type { ReportInput } from "../report/input.js";
import type { ProfileLegend } from "../report/legend.js";
import {
  bigint,
  fieldsOf,
  integer,
  list,
  number,
  parseAs,
  string,
  stringify,
  UnexpectedJson,
} from "./json-fields.js";
import { FIRST_FRAMES } from "./protocol.js";
import { sanitizeFlame, sanitizeTexts } from "./sanitize.js";

export interface FlameAnswer {
  readonly report: FlameReport;
  readonly warnings: readonly string[];
}

/** Returns the flame graph that a page shows while it reads the profile. */
export function firstFlame(input: ReportInput, warnings: readonly string[]): FlameAnswer {
  return {
    report: sanitizeFlame(flame(input, { limit: FIRST_FRAMES })),
    warnings: sanitizeTexts(warnings),
  };
}

/** Encodes a flame graph for the page, with functions and frames as columns. */
export function encodeFlame({ report, warnings }: FlameAnswer): string {
  const { tree, functions, ...rest } = report;
  const { selfPlus, selfMinus } = tree;
  return stringify({
    ...rest,
    warnings,
    names: functions.map(({ name }) => name),
    files: functions.map(({ file }) => file),
    groups: functions.map(({ group }) => group),
    // Most functions have none: positions and values are shorter than a column.
    filterNames: functions.flatMap(({ filterName }, fn) =>
      filterName === undefined ? [] : [[fn, filterName]],
    ),
    own: functions.flatMap(({ isOwn }, fn) => (isOwn ? [fn] : [])),
    depths: Array.from(tree.depths),
    functions: Array.from(tree.functions),
    flags: Array.from(tree.flags),
    selfPlus: Array.from<number | bigint>(selfPlus),
    selfMinus: selfMinus && Array.from<number | bigint>(selfMinus),
  });
}

/** Decodes the text from {@link encodeFlame}. Throws a one-line Error if it is anything else. */
export function decodeFlame(text: string): FlameAnswer {
  return parseAs(text, "flame graph", (json) => {
    const fields = fieldsOf(json);
    const { from, to, ratio } = fieldsOf(fields.format);
    const files = list(fields.files);
    const groups = list(fields.groups);
    const own = new Set(list(fields.own));
    const filterNames = new Map(
      list(fields.filterNames).map((pair) => {
        const [fn, name] = list(pair);
        return [number(fn), string(name)];
      }),
    );
    const report: FlameReport = {
      legend: legend(fields.legend),
      activeFilters: list(fields.activeFilters).map(string),
      kind: kind(fields.kind),
      format: { from: string(from), to: string(to), ratio: number(ratio) },
      total: integer(fields.total),
      functions: list(fields.names).map((name, fn) => ({
        name: string(name),
        file: string(files[fn]),
        group: string(groups[fn]),
        ...(filterNames.has(fn) && { filterName: filterNames.get(fn) ?? "" }),
        ...(own.has(fn) && { isOwn: true as const }),
      })),
      tree: flameTree(frames(fields)),
      cutFrames: number(fields.cutFrames),
      grouping: fields.grouping === "function" ? "function" : "package",
    };
    return { report, warnings: list(fields.warnings).map(string) };
  });
}

function frames(fields: Readonly<Record<string, unknown>>): FlameColumns {
  return {
    depths: Uint32Array.from(list(fields.depths).map(number)),
    functions: Uint32Array.from(list(fields.functions).map(number)),
    flags: Uint8Array.from(list(fields.flags).map(number)),
    selfPlus: amounts(fields.selfPlus),
    selfMinus: fields.selfMinus === undefined ? undefined : amounts(fields.selfMinus),
  };
}

function amounts(json: unknown): Amounts {
  const values = list(json);
  return values.some((value) => typeof value === "string")
    ? values.map(bigint)
    : Float64Array.from(values.map(number));
}

const KINDS: readonly FlameKind[] = ["plain", "compared", "signed"];

function kind(json: unknown): FlameKind {
  const found = KINDS.find((name) => name === json);
  if (!found) throw new UnexpectedJson();
  return found;
}

function legend(json: unknown): ProfileLegend {
  const fields = fieldsOf(json);
  return {
    file: string(fields.file),
    buildId: string(fields.buildId),
    comments: list(fields.comments).map(string),
    sampleType: string(fields.sampleType),
    docUrl: string(fields.docUrl),
    timeNanos: integer(fields.timeNanos),
    durationNanos: integer(fields.durationNanos),
    totalNanos: fields.totalNanos === undefined ? undefined : integer(fields.totalNanos),
  };
}
