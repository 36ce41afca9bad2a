import { int64At, uint64At } from "../../src/profile/columns.js";
import { MappingFlags, type Profile } from "../../src/profile/profile.js";
import type { PlainMessage } from "./proto.js";

/** Converts a profile to protobufjs's form of messages, to compare the two. */
export function toPlain(profile: Profile): PlainMessage {
  const { strings, samples, labels, mappings, locations, lines, functions } = profile;
  const rows = <T>(count: number, row: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => row(index));
  const range = <T>(start: number, end: number, row: (index: number) => T) =>
    rows(end - start, (index) => row(start + index));
  const flag = (row: number, name: keyof typeof MappingFlags) =>
    (mappings.flags[row] & MappingFlags[name]) !== 0;
  const valueType = ({ type, unit }: { type: number; unit: number }) => ({
    type: String(type),
    unit: String(unit),
  });
  return {
    sample_type: profile.sampleTypes.map(valueType),
    sample: rows(samples.length, (row) => ({
      location_id: range(samples.stackOffsets[row], samples.stackOffsets[row + 1], (i) =>
        String(uint64At(locations.id, samples.stackLocations[i])),
      ),
      value: samples.values.map((column) => String(int64At(column, row))),
      label: range(samples.labelOffsets[row], samples.labelOffsets[row + 1], (i) => ({
        key: String(labels.key[i]),
        str: String(labels.text[i]),
        num: String(int64At(labels.number, i)),
        num_unit: String(labels.unit[i]),
      })),
    })),
    mapping: rows(mappings.length, (row) => ({
      id: String(uint64At(mappings.id, row)),
      memory_start: String(uint64At(mappings.start, row)),
      memory_limit: String(uint64At(mappings.limit, row)),
      file_offset: String(uint64At(mappings.offset, row)),
      filename: String(mappings.file[row]),
      build_id: String(mappings.buildId[row]),
      has_functions: flag(row, "functions"),
      has_filenames: flag(row, "filenames"),
      has_line_numbers: flag(row, "lineNumbers"),
      has_inline_frames: flag(row, "inlineFrames"),
    })),
    location: rows(locations.length, (row) => ({
      id: String(uint64At(locations.id, row)),
      mapping_id:
        locations.mapping[row] < 0 ? "0" : String(uint64At(mappings.id, locations.mapping[row])),
      address: String(uint64At(locations.address, row)),
      line: range(locations.lineOffsets[row], locations.lineOffsets[row + 1], (i) => ({
        function_id: String(uint64At(functions.id, lines.function[i])),
        line: String(int64At(lines.line, i)),
        column: String(int64At(lines.column, i)),
      })),
      is_folded: locations.folded[row] === 1,
    })),
    function: rows(functions.length, (row) => ({
      id: String(uint64At(functions.id, row)),
      name: String(functions.name[row]),
      system_name: String(functions.systemName[row]),
      filename: String(functions.filename[row]),
      start_line: String(int64At(functions.startLine, row)),
    })),
    string_table: rows(strings.length, (row) =>
      strings.get(row as Parameters<typeof strings.get>[0]),
    ),
    drop_frames: String(profile.dropFrames),
    keep_frames: String(profile.keepFrames),
    time_nanos: String(profile.timeNanos),
    duration_nanos: String(profile.durationNanos),
    period_type: valueType(profile.periodType),
    period: String(profile.period),
    comment: profile.comments.map(String),
    default_sample_type: String(profile.defaultSampleType),
    doc_url: String(profile.docUrl),
  };
}
