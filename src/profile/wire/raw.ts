import type { Int64 } from "../../units/int64.js";
import type { ObservationDecoder } from "./observations.js";
import type { SampleDecoder } from "./samples.js";
import type { StringTableDecoder } from "./strings.js";
import type { FunctionDecoder, LocationDecoder, MappingDecoder } from "./symbols.js";

/** A ValueType message: two unchecked string indices. */
export interface RawValueType {
  type: number;
  unit: number;
}

export interface RawHeader {
  sampleTypes: RawValueType[];
  dropFrames: number;
  keepFrames: number;
  timeNanos: Int64;
  durationNanos: Int64;
  periodType: RawValueType;
  period: Int64;
  comments: number[];
  defaultSampleType: number;
  docUrl: number;
}

/** The decoded tables, before ids are resolved and anything is checked. */
export interface RawProfile {
  header: RawHeader;
  samples: SampleDecoder;
  observations: ObservationDecoder;
  mappings: MappingDecoder;
  locations: LocationDecoder;
  functions: FunctionDecoder;
  strings: StringTableDecoder;
  /** The maximum memory for the frames of all stacks, including inlined calls, in bytes. */
  limit: number;
}
