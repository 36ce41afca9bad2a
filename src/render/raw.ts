import { int64At, uint64At } from "../profile/columns.js";
import { NO_MAPPING } from "../profile/indices.js";
import { MappingFlags, type Profile } from "../profile/profile.js";
import { labelsOf, type SampleLabels } from "../profile/sample-labels.js";
import { compareUtf8 } from "../profile/utf8.js";
import type { RawReport } from "../report/raw.js";
import { durationText } from "../units/duration.js";
import type { FormatTime } from "./legend.js";
import { joinIntoPieces } from "./pieces.js";

/** Prints the raw report as pprof does. `formatTime` must be exact and give the zone's offset. */
export function renderRaw({ profile }: RawReport, formatTime: FormatTime): Generator<string> {
  return joinIntoPieces(rawLines(profile, formatTime));
}

function* rawLines(profile: Profile, formatTime: FormatTime): Generator<string> {
  yield* headerLines(profile, formatTime);
  yield* sampleLines(profile);
  yield "Locations";
  yield* locationLines(profile);
  yield "Mappings";
  yield* mappingLines(profile);
}

/** pprof prints only this many characters of a duration. */
const DURATION_WIDTH = 4;

function headerLines(profile: Profile, formatTime: FormatTime): string[] {
  const { strings, periodType, timeNanos, durationNanos } = profile;
  const lines = profile.comments.map((comment) => `Comment: ${strings.get(comment)}`);
  const docUrl = strings.get(profile.docUrl);
  if (docUrl !== "") lines.push(`Doc: ${docUrl}`);
  lines.push(`PeriodType: ${strings.get(periodType.type)} ${strings.get(periodType.unit)}`);
  lines.push(`Period: ${profile.period}`);
  if (timeNanos !== 0) lines.push(`Time: ${formatTime(timeNanos)}`);
  if (durationNanos !== 0) {
    lines.push(`Duration: ${durationText(durationNanos).slice(0, DURATION_WIDTH)}`);
  }
  const types = profile.sampleTypes.map(({ type, unit }) => {
    const isDefault = strings.equal(type, profile.defaultSampleType);
    return `${strings.get(type)}/${strings.get(unit)}${isDefault ? "[dflt]" : ""}`;
  });
  lines.push("Samples:", trimSpace(types.join(" ")));
  return lines;
}

/** White space according to Go's `unicode.IsSpace`. */
const OUTER_SPACE =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

function trimSpace(text: string): string {
  return text.replace(OUTER_SPACE, "");
}

const LABEL_INDENT = " ".repeat(16);

function* sampleLines(profile: Profile): Generator<string> {
  const { samples, locations } = profile;
  const ids = Array.from({ length: locations.length }, (_, row) => uint64At(locations.id, row));
  const idTexts = ids.map((id) => `${id} `);
  for (let sample = 0; sample < samples.length; sample++) {
    let line = "";
    for (const column of samples.values) line += ` ${String(column[sample]).padStart(10)}`;
    line += ": ";
    const end = samples.stackOffsets[sample + 1];
    for (let i = samples.stackOffsets[sample]; i < end; i++) {
      line += idTexts[samples.stackLocations[i]];
    }
    yield line;
    yield* labelLines(labelsOf(profile, sample));
  }
}

function* labelLines({ texts, numbers }: SampleLabels): Generator<string> {
  if (texts.size > 0) {
    const labels = Array.from(texts, ([key, values]) => `${key}:[${values.join(" ")}]`);
    yield LABEL_INDENT + labels.sort(compareUtf8).join(" ");
  }
  if (numbers.size > 0) {
    const labels = Array.from(numbers, ([key, { values, units }]) => {
      const shown = units ? values.map((value, i) => `${value} ${units[i]}`) : values;
      return `${key}:[${shown.join(" ")}]`;
    });
    yield LABEL_INDENT + labels.sort(compareUtf8).join(" ");
  }
}

/** The indentation of all lines of a location except the first. */
const LINE_INDENT = " ".repeat(13);

function* locationLines(profile: Profile): Generator<string> {
  const { locations, mappings } = profile;
  for (let location = 0; location < locations.length; location++) {
    let head = `${String(uint64At(locations.id, location)).padStart(6)}: `;
    head += `${hex(uint64At(locations.address, location))} `;
    const mapping = locations.mapping[location];
    if (mapping !== NO_MAPPING) head += `M=${uint64At(mappings.id, mapping)} `;
    if (locations.folded[location]) head += "[F] ";
    const start = locations.lineOffsets[location];
    const end = locations.lineOffsets[location + 1];
    if (start === end) yield head;
    for (let row = start; row < end; row++) {
      yield (row === start ? head : LINE_INDENT) + lineText(profile, row);
    }
  }
}

function lineText({ lines, functions, strings }: Profile, row: number): string {
  const fn = lines.function[row];
  const name = strings.get(functions.name[fn]);
  const systemName = strings.get(functions.systemName[fn]);
  const position = `${strings.get(functions.filename[fn])}:${int64At(lines.line, row)}:${int64At(lines.column, row)}`;
  const origin = name === systemName ? "" : `(${systemName})`;
  return `${name} ${position} s=${int64At(functions.startLine, fn)}${origin}`;
}

const FLAGS = [
  [MappingFlags.functions, "[FN]"],
  [MappingFlags.filenames, "[FL]"],
  [MappingFlags.lineNumbers, "[LN]"],
  [MappingFlags.inlineFrames, "[IN]"],
] as const;

function* mappingLines({ mappings, strings }: Profile): Generator<string> {
  for (let row = 0; row < mappings.length; row++) {
    const range = [mappings.start, mappings.limit, mappings.offset]
      .map((column) => hex(uint64At(column, row)))
      .join("/");
    const flags = FLAGS.map(([flag, text]) => (mappings.flags[row] & flag ? text : "")).join("");
    const file = strings.get(mappings.file[row]);
    const buildId = strings.get(mappings.buildId[row]);
    yield `${uint64At(mappings.id, row)}: ${range} ${file} ${buildId} ${flags}`;
  }
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
