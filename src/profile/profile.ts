import type { Int64 } from "../units/int64.js";
import type { IndexColumn, Int64Column, Uint64Column } from "./columns.js";
import type {
  FunctionIndex,
  LocationIndex,
  MappingIndex,
  SampleIndex,
  StringIndex,
} from "./indices.js";
import type { StringTable } from "./strings.js";

/** A sample type: what a value measures and its unit, such as `cpu` in `nanoseconds`. */
export interface ValueType {
  readonly type: StringIndex;
  readonly unit: StringIndex;
}

/** Samples: stacks with their values and labels. */
export interface SampleTable {
  readonly length: number;
  /** Sample `s` has `stackLocations[stackOffsets[s], stackOffsets[s + 1])` as stack, leaf first. */
  readonly stackOffsets: Uint32Array;
  readonly stackLocations: IndexColumn<LocationIndex>;
  /** One column per sample type, in the order of {@link Profile.sampleTypes}. */
  readonly values: readonly Int64Column[];
  /** The labels of sample `s` are rows `[labelOffsets[s], labelOffsets[s + 1])`. */
  readonly labelOffsets: Uint32Array;
}

/**
 * When samples were observed, sorted by time. A sample has one stack and its labels, and can be
 * observed many times; its values are the sums of the values of its observations. Formats without
 * times have no observations, and a merged profile has those of some samples only.
 */
export interface ObservationTable {
  readonly length: number;
  readonly sample: IndexColumn<SampleIndex>;
  /** Nanoseconds since the recording began, as whole numbers. */
  readonly time: Float64Array;
  /**
   * How long the stack lasted, in nanoseconds, if the format records intervals: 0 for an observation
   * at a point in time, of a sampling profiler. Undefined if all of them are.
   */
  readonly duration: Float64Array | undefined;
  /** One column per sample type, as in {@link SampleTable.values}. */
  readonly values: readonly Int64Column[];
}

/**
 * Labels of samples. A row is a string label if `text` is not 0, else a numeric label. In
 * profile.proto a label without text, number and unit does not exist; other formats may have labels
 * with the number 0 and no unit.
 */
export interface LabelTable {
  readonly length: number;
  readonly key: IndexColumn<StringIndex>;
  readonly text: IndexColumn<StringIndex>;
  readonly number: Int64Column;
  readonly unit: IndexColumn<StringIndex>;
}

/** Binaries and the address ranges where they are mapped. The first is the main binary. */
export interface MappingTable {
  readonly length: number;
  readonly id: Uint64Column;
  readonly start: Uint64Column;
  readonly limit: Uint64Column;
  readonly offset: Uint64Column;
  readonly file: IndexColumn<StringIndex>;
  readonly buildId: IndexColumn<StringIndex>;
  /** {@link MappingFlags}, combined with `|`. */
  readonly flags: Uint8Array;
}

/** The symbol information that the locations of a mapping already have. */
export const MappingFlags = {
  functions: 1,
  filenames: 2,
  lineNumbers: 4,
  inlineFrames: 8,
} as const;

/** Addresses in code, each with the functions that are inlined there. */
export interface LocationTable {
  readonly length: number;
  readonly id: Uint64Column;
  /** `NO_MAPPING` if unknown. */
  readonly mapping: IndexColumn<MappingIndex>;
  readonly address: Uint64Column;
  /** Location `l` has the lines `[lineOffsets[l], lineOffsets[l + 1])`, innermost call first. */
  readonly lineOffsets: Uint32Array;
  /** 1 if the location combines several addresses (`is_folded`). */
  readonly folded: Uint8Array;
}

/** Source lines, each in a function. */
export interface LineTable {
  readonly length: number;
  readonly function: IndexColumn<FunctionIndex>;
  readonly line: Int64Column;
  readonly column: Int64Column;
}

export interface FunctionTable {
  readonly length: number;
  readonly id: Uint64Column;
  readonly name: IndexColumn<StringIndex>;
  /** The linker's (mangled) name. */
  readonly systemName: IndexColumn<StringIndex>;
  readonly filename: IndexColumn<StringIndex>;
  /** The position where the function begins, counted from 1; 0 if unknown. */
  readonly startLine: Int64Column;
  readonly startColumn: Int64Column;
  /** The first of the rows, at the end of the table, that are not functions but values of labels. */
  readonly firstLabelRow?: number;
}

/**
 * A profile: one immutable table per message of profile.proto. Every index is within the table it
 * points to. The ids of the file are kept as columns, but tables refer to each other by dense row
 * numbers.
 */
export interface Profile {
  readonly strings: StringTable;
  readonly sampleTypes: readonly ValueType[];
  readonly samples: SampleTable;
  /** Undefined if the times of samples are unknown. */
  readonly observations?: ObservationTable | undefined;
  readonly labels: LabelTable;
  readonly mappings: MappingTable;
  readonly locations: LocationTable;
  readonly lines: LineTable;
  readonly functions: FunctionTable;
  /** Regular expressions for functions to drop, and for exceptions to keep. */
  readonly dropFrames: StringIndex;
  readonly keepFrames: StringIndex;
  /** Nanoseconds since 1970, UTC; 0 if unknown. */
  readonly timeNanos: Int64;
  readonly durationNanos: Int64;
  /** The type of event between two samples; two empty strings if unknown. */
  readonly periodType: ValueType;
  readonly period: Int64;
  readonly comments: readonly StringIndex[];
  /** The sample type to show by default, or empty. */
  readonly defaultSampleType: StringIndex;
  readonly docUrl: StringIndex;
}
