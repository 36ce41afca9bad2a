import type { ReadFormat } from "../formats/read.js";
import type { InfoLabel, InfoMapping, InfoValue, ProfileInfo } from "../report/info.js";
import type { Int64 } from "../units/int64.js";
import { scaledLabel } from "../units/scale.js";
import { categoryShares } from "./categories.js";
import { escapeLine } from "./controls.js";
import type { JsonObject } from "./data/model.js";
import type { FormatTime } from "./legend.js";

/** The facts about a file, or the reason why it cannot be read. */
export type FileInfo = { readonly file: string } & (
  | { readonly problem: string }
  | { readonly bytes: number; readonly format: ReadFormat; readonly info: ProfileInfo }
);

/** The maximum number of binaries and of labels in the text. */
const MAX_SHOWN = 20;

export function renderInfo(file: FileInfo, formatTime: FormatTime): string {
  if ("problem" in file) {
    return `File: ${escapeLine(file.file)}\nProblem: ${escapeLine(file.problem)}\n`;
  }
  const { info, format, bytes } = file;
  const facts: [string, string][] = [
    ["File", file.file],
    ["Format", formatText(format, bytes)],
    ...info.values.map((value): [string, string] => ["Values", valueText(value)]),
    ["Time", info.timeNanos === 0 ? "" : formatTime(info.timeNanos)],
    ["Duration", nonZero(info.durationNanos, "nanoseconds")],
    ["Times", timesText(info)],
    ["Period", periodText(info)],
    ["Samples", `${info.samples} with ${info.distinctStacks} different stacks`],
    ["Categories", categoriesText(info)],
    ["Depth", `${info.maxDepth} at most`],
    ["Locations", `${info.locations} in ${info.functions} functions`],
    ...shown("Binary", info.mappings.map(mappingText)),
    ...shown("Label", info.labels.map(labelText)),
    ...info.comments.map((comment): [string, string] => ["Comment", comment]),
    ["Doc", info.docUrl],
    ["Producer", info.producer ? `probably ${info.producer.name}: ${info.producer.because}` : ""],
    ...info.warnings.map((warning): [string, string] => ["Warning", warning]),
  ];
  return facts
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${escapeLine(value.replaceAll("\n", " "))}\n`)
    .join("");
}

export function infoFields(file: FileInfo): JsonObject {
  if ("problem" in file) return { file: file.file, problem: file.problem };
  const { info, format, bytes } = file;
  return {
    file: file.file,
    format: format.name,
    gzip: format.compressed,
    bytes,
    inflated_bytes: format.inflatedBytes,
    values: info.values.map(({ isDefault, ...value }) => ({ ...value, default: isDefault })),
    time_nanos: info.timeNanos === 0 ? undefined : info.timeNanos,
    duration_nanos: info.durationNanos === 0 ? undefined : info.durationNanos,
    times: info.times && { ...info.times },
    period:
      info.period === 0
        ? undefined
        : { value: info.period, type: info.periodType, unit: info.periodUnit },
    samples: info.samples,
    distinct_stacks: info.distinctStacks,
    categories: info.categories?.map(({ category, value }) => ({ category, value })),
    max_depth: info.maxDepth,
    locations: info.locations,
    functions: info.functions,
    mappings: info.mappings.map(({ file, buildId }) => ({ file, build_id: buildId })),
    labels: info.labels.map((label) => ({ ...label })),
    comments: info.comments,
    doc_url: info.docUrl === "" ? undefined : info.docUrl,
    producer_guess: info.producer && { ...info.producer },
    warnings: info.warnings,
  };
}

function formatText({ name, compressed, inflatedBytes }: ReadFormat, bytes: number): string {
  const size = scaledLabel(bytes, "bytes", "auto");
  if (!compressed) return `${name}, ${size}`;
  return `${name} in gzip, ${size} (${scaledLabel(inflatedBytes, "bytes", "auto")} inflated)`;
}

function valueText({ type, unit, total, samples, isDefault }: InfoValue): string {
  const readable = scaledLabel(total, unit, "auto");
  const exact = readable === String(total) ? "" : ` (${total} ${unit})`;
  const note = isDefault ? ", shown by default" : "";
  return `${type} in ${unit}, ${readable}${exact} in ${samples} samples${note}`;
}

function categoriesText({ categories = [], values }: ProfileInfo): string {
  const total = values.find(({ isDefault }) => isDefault)?.total ?? 0;
  return categoryShares(categories, total).join(", ");
}

function timesText({ times }: ProfileInfo): string {
  if (!times) return "";
  const [first, last] = [times.first, times.last].map((nanos) => scaledLabel(nanos, "ns", "auto"));
  return `${times.observations} observations, from ${first} to ${last} (see -from and -to)`;
}

function periodText({ period, periodType, periodUnit }: ProfileInfo): string {
  return [nonZero(period, periodUnit), periodType].filter((part) => part !== "").join(" of ");
}

function nonZero(value: Int64, unit: string): string {
  return value === 0 ? "" : scaledLabel(value, unit, "auto");
}

function mappingText({ file, buildId }: InfoMapping): string {
  const name = file === "" ? "without a name" : file;
  return buildId === "" ? name : `${name}, build id ${buildId}`;
}

function labelText({ key, kind, values, labels }: InfoLabel): string {
  const noun = kind === "text" ? "value" : "number";
  return `${key}, ${values} different ${noun}${values === 1 ? "" : "s"} in ${labels} labels`;
}

/** Returns a line for each of the first values, and the number of the others. */
function shown(name: string, values: readonly string[]): [string, string][] {
  const lines = values.slice(0, MAX_SHOWN).map((value): [string, string] => [name, value]);
  const more = values.length - MAX_SHOWN;
  return more > 0 ? [...lines, [name, `and ${more} more (-format=json lists all)`]] : lines;
}
