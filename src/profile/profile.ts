import type { Int64 } from "../units/int64.js";
import type { IndexColumn, Int64Column, Uint64Column } from "./columns.js";
import type { FunctionIndex, LocationIndex, MappingIndex, StringIndex } from "./indices.js";
import type { StringTable } from "./strings.js";

/** What a value measures and in which unit, such as `cpu` in `nanoseconds`. */
export interface ValueType {
  readonly type: StringIndex;
  readonly unit: StringIndex;
}

/** Call stacks with their values. */
export interface SampleTable {
  readonly length: number;
  /**
   * The stack of sample `s`, leaf first, is
   * `stackLocations[stackOffsets[s], stackOffsets[s + 1])`.
   */
  readonly stackOffsets: Uint32Array;
  readonly stackLocations: IndexColumn<LocationIndex>;
  /** One column for each sample type, in the order of {@link Profile.sampleTypes}. */
  readonly values: readonly Int64Column[];
  /** The labels of sample `s` are rows `[labelOffsets[s], labelOffsets[s + 1])`. */
  readonly labelOffsets: Uint32Array;
}

/**
 * Labels of samples. A row is a string label where `text` is not 0, and otherwise a numeric
 * one. In profile.proto a label with neither text, number nor unit is none; old formats
 * have labels with the number 0 and no unit.
 */
export interface LabelTable {
  readonly length: number;
  readonly key: IndexColumn<StringIndex>;
  readonly text: IndexColumn<StringIndex>;
  readonly number: Int64Column;
  readonly unit: IndexColumn<StringIndex>;
}

/** Binaries and the address ranges they are mapped to; the first is the main one. */
export interface MappingTable {
  readonly length: number;
  readonly id: Uint64Column;
  readonly start: Uint64Column;
  readonly limit: Uint64Column;
  readonly offset: Uint64Column;
  readonly file: IndexColumn<StringIndex>;
  readonly buildId: IndexColumn<StringIndex>;
  /** {@link MappingFlags} or-ed together. */
  readonly flags: Uint8Array;
}

/** Which parts of the symbol information the locations of a mapping already carry. */
export const MappingFlags = {
  functions: 1,
  filenames: 2,
  lineNumbers: 4,
  inlineFrames: 8,
} as const;

/** Places in code, each with the functions inlined there. */
export interface LocationTable {
  readonly length: number;
  readonly id: Uint64Column;
  /** `NO_MAPPING` where it is not known. */
  readonly mapping: IndexColumn<MappingIndex>;
  readonly address: Uint64Column;
  /**
   * The lines of location `l` are rows `[lineOffsets[l], lineOffsets[l + 1])`,
   * innermost inlined call first; none where there are no symbols.
   */
  readonly lineOffsets: Uint32Array;
  /** 1 where several places were folded into one. */
  readonly folded: Uint8Array;
}

/** Lines of source, each within a function. */
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
  readonly startLine: Int64Column;
}

/**
 * A profile: a table for each message of profile.proto, immutable, with every index
 * checked to be within the table it points into. The ids of the file are kept as
 * columns; between the tables dense row numbers are used.
 */
export interface Profile {
  readonly strings: StringTable;
  readonly sampleTypes: readonly ValueType[];
  readonly samples: SampleTable;
  readonly labels: LabelTable;
  readonly mappings: MappingTable;
  readonly locations: LocationTable;
  readonly lines: LineTable;
  readonly functions: FunctionTable;
  /** Regular expressions for functions to remove, or to keep all the same. */
  readonly dropFrames: StringIndex;
  readonly keepFrames: StringIndex;
  /** Nanoseconds since 1970, UTC; 0 where it is not known. */
  readonly timeNanos: Int64;
  readonly durationNanos: Int64;
  /** What happens between two samples; two empty strings where it is not known. */
  readonly periodType: ValueType;
  readonly period: Int64;
  readonly comments: readonly StringIndex[];
  /** The type of the sample value to show first, or empty. */
  readonly defaultSampleType: StringIndex;
  readonly docUrl: StringIndex;
}
