import { indexColumn, type Uint64Column } from "../columns.js";
import { ProfileError, tooLarge } from "../errors.js";
import { NO_MAPPING, type StringIndex } from "../indices.js";
import type {
  FunctionTable,
  LabelTable,
  LineTable,
  LocationTable,
  MappingTable,
  Profile,
  SampleTable,
} from "../profile.js";
import type { StringTable } from "../strings.js";
import { type IdSpace, NO_ROW, type RowLookup } from "./ids.js";
import type { RawProfile, RawValueType } from "./raw.js";
import type { SampleDecoder } from "./samples.js";
import type { FunctionDecoder, LocationDecoder, MappingDecoder } from "./symbols.js";

/**
 * Turns the decoded tables into a profile: ids become row numbers. Throws a {@link ProfileError}
 * that names the table, the row and the field for input that pprof refuses.
 */
export function assemble(raw: RawProfile): Profile {
  const strings = raw.strings.finish();
  if (strings.length === 0) throw malformed("missing string table");
  const check = new StringCheck(strings);

  const mappingRows = checkedRows("mapping", raw.mappings.ids, raw.mappings.id.finish());
  const functionRows = checkedRows(
    "function",
    raw.locations.functionIds,
    raw.functions.id.finish(),
  );
  const locationIds = raw.locations.id.finish();
  const locationRows = checkedRows("location", raw.samples.locationIds, locationIds);

  const { header } = raw;
  const sampleTable = samples(raw.samples, locationRows, header.sampleTypes.length);
  const locationTables = locations(raw.locations, mappingRows, functionRows, locationIds);
  checkFrames(sampleTable, locationTables.locations, raw.limit);
  const observations = raw.observations.finish(sampleTable.length, header.sampleTypes.length);
  if (observations === null) throw malformed("the times of samples contradict each other");
  return {
    strings,
    sampleTypes: header.sampleTypes.map((type, i) => check.valueType(type, `sample_type ${i}`)),
    samples: sampleTable,
    ...(observations && { observations }),
    labels: labels(raw.samples, check),
    mappings: mappings(raw.mappings, check),
    ...locationTables,
    functions: functions(raw.functions, check),
    dropFrames: check.index(header.dropFrames, "drop_frames"),
    keepFrames: check.index(header.keepFrames, "keep_frames"),
    timeNanos: header.timeNanos,
    durationNanos: header.durationNanos,
    periodType: check.valueType(header.periodType, "period_type"),
    period: header.period,
    comments: comments(header.comments, check, raw.limit),
    defaultSampleType: check.index(header.defaultSampleType, "default_sample_type"),
    docUrl: check.index(header.docUrl, "doc_url"),
  };
}

function malformed(message: string): ProfileError {
  return new ProfileError(`malformed profile: ${message}`);
}

/** Refuses string indices beyond the end of the table. */
class StringCheck {
  constructor(readonly strings: StringTable) {}

  index(index: number, where: string): StringIndex {
    if (index >= this.strings.length) {
      throw malformed(
        `${where} is string ${index === 0xffffffff ? "(out of range)" : index}, but the string table has ${this.strings.length}`,
      );
    }
    return index as StringIndex;
  }

  column(indices: Uint32Array, where: (row: number) => string) {
    const { length } = this.strings;
    for (let row = 0; row < indices.length; row++) {
      if (indices[row] >= length) this.index(indices[row], where(row));
    }
    return indexColumn<StringIndex>(indices);
  }

  valueType({ type, unit }: RawValueType, where: string) {
    return { type: this.index(type, `${where}: type`), unit: this.index(unit, `${where}: unit`) };
  }
}

/** Returns the rows of `table` by id; throws if two rows have the same id. */
function checkedRows(table: string, space: IdSpace, ids: Uint64Column): RowLookup {
  const rows = space.rows(ids);
  if (rows.duplicate) {
    const { row, earlier } = rows.duplicate;
    throw malformed(`${table} ${row} has the same id as ${table} ${earlier}`);
  }
  return rows;
}

function samples(raw: SampleDecoder, locationRows: RowLookup, typeCount: number): SampleTable {
  const { count } = raw;
  if (count > 0 && typeCount === 0) throw malformed("missing sample type information");
  if (count > 0 && raw.values.length !== typeCount) {
    throw malformed(
      `sample 0 has ${raw.values.length} values, but there are ${typeCount} sample types`,
    );
  }
  const stackOffsets = raw.stackOffsets.finish();
  const stack = raw.stack.finish();
  const unknown = locationRows.resolve(stack);
  if (unknown >= 0) {
    const sample = stackOffsets.findIndex((offset) => offset > unknown) - 1;
    const frame = unknown - stackOffsets[sample];
    throw malformed(`sample ${sample}: frame ${frame} is a location that does not exist`);
  }
  return {
    length: count,
    stackOffsets,
    stackLocations: indexColumn(stack),
    values: Array.from({ length: typeCount }, (_, i) =>
      count > 0 ? raw.values[i].finish() : new Float64Array(0),
    ),
    labelOffsets: raw.labelOffsets.finish(),
  };
}

/** The memory per frame in a report that visits each frame. */
const BYTES_PER_FRAME = 4;

/**
 * Refuses stacks whose frames, including inlined calls, need more than `limit` bytes. An input with
 * one location of many lines and one stack of many frames needs memory for the product of both.
 */
function checkFrames(
  { stackLocations }: SampleTable,
  { length, lineOffsets }: LocationTable,
  limit: number,
): void {
  const most = limit / BYTES_PER_FRAME;
  let mostLines = 1;
  for (let row = 0; row < length; row++) {
    mostLines = Math.max(mostLines, lineOffsets[row + 1] - lineOffsets[row]);
  }
  if (stackLocations.length * mostLines <= most) return;
  let frames = 0;
  for (let i = 0; i < stackLocations.length; i++) {
    const row = stackLocations[i];
    frames += Math.max(1, lineOffsets[row + 1] - lineOffsets[row]);
  }
  if (frames > most) throw tooLarge(limit);
}

/** Refuses comments whose total length exceeds `limit`: many comments can be the same string. */
function comments(indices: readonly number[], check: StringCheck, limit: number): StringIndex[] {
  let length = 0;
  return indices.map((index, i) => {
    const comment = check.index(index, `comment ${i}`);
    length += check.strings.bytes(comment).length;
    if (length > limit) throw tooLarge(limit);
    return comment;
  });
}

function labels(raw: SampleDecoder, check: StringCheck): LabelTable {
  const label = (field: string) => (row: number) => `label ${row}: ${field}`;
  check.index(raw.largestBareKey, "a label without a value: key");
  return {
    length: raw.labelKey.length,
    key: check.column(raw.labelKey.finish(), label("key")),
    text: check.column(raw.labelText.finish(), label("str")),
    number: raw.labelNumber.finish(),
    unit: check.column(raw.labelUnit.finish(), label("num_unit")),
  };
}

function mappings(raw: MappingDecoder, check: StringCheck): MappingTable {
  const mapping = (field: string) => (row: number) => `mapping ${row}: ${field}`;
  return {
    length: raw.file.length,
    id: raw.id.finish(),
    start: raw.start.finish(),
    limit: raw.limit.finish(),
    offset: raw.offset.finish(),
    file: check.column(raw.file.finish(), mapping("filename")),
    buildId: check.column(raw.buildId.finish(), mapping("build_id")),
    flags: Uint8Array.from(raw.flags.finish()),
  };
}

function locations(
  raw: LocationDecoder,
  mappingRows: RowLookup,
  functionRows: RowLookup,
  id: Uint64Column,
): { locations: LocationTable; lines: LineTable } {
  const lineOffsets = raw.lineOffsets.finish();
  const mapping = new Int32Array(raw.mapping.finish().length);
  raw.mapping.finish().forEach((key, row) => {
    // Like pprof, treat an unknown mapping as none.
    const found = mappingRows.row(key);
    mapping[row] = found === NO_ROW ? NO_MAPPING : found;
  });
  const fn = raw.lineFunction.finish();
  const unknown = functionRows.resolve(fn);
  if (unknown >= 0) {
    const location = lineOffsets.findIndex((offset) => offset > unknown) - 1;
    const line = unknown - lineOffsets[location];
    throw malformed(`location ${location}: line ${line} is in a function that does not exist`);
  }
  return {
    locations: {
      length: mapping.length,
      id,
      mapping: indexColumn(mapping),
      address: raw.address.finish(),
      lineOffsets,
      folded: Uint8Array.from(raw.folded.finish()),
    },
    lines: {
      length: fn.length,
      function: indexColumn(fn),
      line: raw.line.finish(),
      column: raw.column.finish(),
    },
  };
}

function functions(raw: FunctionDecoder, check: StringCheck): FunctionTable {
  const fn = (field: string) => (row: number) => `function ${row}: ${field}`;
  return {
    length: raw.name.length,
    id: raw.id.finish(),
    name: check.column(raw.name.finish(), fn("name")),
    systemName: check.column(raw.systemName.finish(), fn("system_name")),
    filename: check.column(raw.filename.finish(), fn("filename")),
    startLine: raw.startLine.finish(),
    startColumn: new Float64Array(raw.name.length),
  };
}
