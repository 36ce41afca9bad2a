import type { Int64 } from "../units/int64.js";
import { Budget } from "./budget.js";
import {
  type IndexColumn,
  Int64Builder,
  indexColumn,
  rowIds,
  Uint32Builder,
  Uint64Builder,
} from "./columns.js";
import {
  type FunctionIndex,
  type LocationIndex,
  type MappingIndex,
  NO_MAPPING,
  type StringIndex,
} from "./indices.js";
import { LocationBuilder } from "./location-builder.js";
import type { ObservationTable, Profile } from "./profile.js";
import { StringPool } from "./string-pool.js";

/** An exact unsigned 64-bit integer: a `number` if it is a safe integer, else a `bigint`. */
export type Uint64 = number | bigint;

export interface NewValueType {
  readonly type: string;
  readonly unit: string;
}

export interface NewMapping {
  readonly start: Uint64;
  readonly limit: Uint64;
  readonly offset?: Uint64;
  readonly file?: string;
  readonly buildId?: string;
  /** {@link MappingFlags}, combined with `|`. */
  readonly flags?: number;
}

export interface NewFunction {
  readonly name: string;
  /** The linker's name; defaults to `name`. */
  readonly systemName?: string;
  readonly filename?: string;
  readonly startLine?: Int64;
  readonly startColumn?: Int64;
}

export interface NewLine {
  readonly function: FunctionIndex;
  readonly line?: Int64;
  readonly column?: Int64;
}

export interface NewLocation {
  readonly mapping?: MappingIndex;
  readonly address?: Uint64;
  /** Innermost inlined call first. */
  readonly lines?: readonly NewLine[];
  readonly folded?: boolean;
}

/** A label: a string label if it has a `text`, else a numeric label. */
export interface NewLabel {
  readonly key: string;
  readonly text?: string;
  readonly number?: Int64;
  readonly unit?: string;
}

/** The fields of a profile besides its tables. */
export interface NewHeader {
  readonly dropFrames?: string;
  readonly keepFrames?: string;
  readonly timeNanos?: Int64;
  readonly durationNanos?: Int64;
  readonly periodType?: NewValueType;
  readonly period?: Int64;
  readonly comments?: readonly string[];
  readonly defaultSampleType?: string;
  readonly docUrl?: string;
}

/** Sizes of rows in memory, in bytes, including the final columns. */
const MAPPING_BYTES = 48;
const FUNCTION_BYTES = 36;
const LOCATION_BYTES = 36;
const LINE_BYTES = 20;
const SAMPLE_BYTES = 8;
const FRAME_BYTES = 4;
const VALUE_BYTES = 8;
const LABEL_BYTES = 20;

/** Builds a {@link Profile} from plain values. Ids are row numbers plus one. Keeps equal rows. */
export class ProfileBuilder {
  readonly #budget: Budget;
  readonly #strings: StringPool;
  readonly #sampleTypes: readonly NewValueType[];

  readonly #stackOffsets = new Uint32Builder();
  readonly #stack = new Uint32Builder();
  readonly #values: readonly Int64Builder[];
  readonly #labelOffsets = new Uint32Builder();
  readonly #labelKey = new Uint32Builder();
  readonly #labelText = new Uint32Builder();
  readonly #labelNumber = new Int64Builder();
  readonly #labelUnit = new Uint32Builder();

  #observations: ObservationTable | undefined;

  readonly #mappingStart = new Uint64Builder();
  readonly #mappingLimit = new Uint64Builder();
  readonly #mappingOffset = new Uint64Builder();
  readonly #mappingFile = new Uint32Builder();
  readonly #mappingBuildId = new Uint32Builder();
  readonly #mappingFlags = new Uint32Builder();

  readonly #locations = new LocationBuilder();

  readonly #functionName = new Uint32Builder();
  readonly #systemName = new Uint32Builder();
  readonly #filename = new Uint32Builder();
  readonly #startLine = new Int64Builder();
  readonly #startColumn = new Int64Builder();

  /** Charges the memory of the tables to `budget`, which throws if they are too large. */
  constructor(sampleTypes: readonly NewValueType[], budget = new Budget()) {
    this.#sampleTypes = sampleTypes;
    this.#budget = budget;
    this.#strings = new StringPool(budget);
    this.#values = sampleTypes.map(() => new Int64Builder());
    this.#stackOffsets.push(0);
    this.#labelOffsets.push(0);
  }

  addMapping(mapping: NewMapping): MappingIndex {
    this.#budget.charge(MAPPING_BYTES);
    const row = this.#mappingFile.length;
    this.#mappingStart.pushValue(mapping.start);
    this.#mappingLimit.pushValue(mapping.limit);
    this.#mappingOffset.pushValue(mapping.offset ?? 0);
    this.#mappingFile.push(this.#strings.addText(mapping.file ?? ""));
    this.#mappingBuildId.push(this.#strings.addText(mapping.buildId ?? ""));
    this.#mappingFlags.push(mapping.flags ?? 0);
    return row as MappingIndex;
  }

  addFunction(fn: NewFunction): FunctionIndex {
    this.#budget.charge(FUNCTION_BYTES);
    const row = this.#functionName.length;
    this.#functionName.push(this.#strings.addText(fn.name));
    this.#systemName.push(this.#strings.addText(fn.systemName ?? fn.name));
    this.#filename.push(this.#strings.addText(fn.filename ?? ""));
    this.#startLine.push(fn.startLine ?? 0);
    this.#startColumn.push(fn.startColumn ?? 0);
    return row as FunctionIndex;
  }

  addLocation(location: NewLocation): LocationIndex {
    const row = this.#locations.length;
    const lines = location.lines ?? [];
    this.#budget.charge(LOCATION_BYTES + lines.length * LINE_BYTES);
    for (const line of lines) {
      this.#locations.addLine(line.function, line.line ?? 0, line.column ?? 0);
    }
    const address = BigInt(location.address ?? 0);
    this.#locations.addLocation(
      location.mapping ?? NO_MAPPING,
      Number(address & 0xffffffffn),
      Number(address >> 32n),
      location.folded ?? false,
    );
    return row as LocationIndex;
  }

  /** Adds a sample. The `stack` is leaf first; `values` has one value per sample type. */
  addSample(
    stack: IndexColumn<LocationIndex>,
    values: readonly Int64[],
    labels: readonly NewLabel[] = [],
  ): void {
    if (values.length !== this.#values.length) {
      throw new RangeError(`${values.length} values for ${this.#values.length} sample types`);
    }
    this.#budget.charge(
      SAMPLE_BYTES +
        stack.length * FRAME_BYTES +
        values.length * VALUE_BYTES +
        labels.length * LABEL_BYTES,
    );
    for (let i = 0; i < stack.length; i++) this.#stack.push(stack[i]);
    this.#stackOffsets.push(this.#stack.length);
    for (let i = 0; i < values.length; i++) this.#values[i].push(values[i]);
    for (const label of labels) this.#addLabel(label);
    this.#labelOffsets.push(this.#labelKey.length);
  }

  /** Sets the times of samples; the table refers to samples in the order of {@link addSample}. */
  setObservations(observations: ObservationTable | undefined): void {
    this.#observations = observations;
  }

  #addLabel({ key, text = "", number = 0, unit = "" }: NewLabel): void {
    this.#labelKey.push(this.#strings.addText(key));
    this.#labelText.push(this.#strings.addText(text));
    this.#labelNumber.push(number);
    this.#labelUnit.push(this.#strings.addText(unit));
  }

  finish(header: NewHeader = {}): Profile {
    const string = (text = "") => this.#strings.addText(text);
    const valueType = ({ type, unit }: NewValueType) => ({
      type: string(type),
      unit: string(unit),
    });
    const strings = (column: Uint32Builder) => indexColumn<StringIndex>(column.finish());
    return {
      sampleTypes: this.#sampleTypes.map(valueType),
      samples: {
        length: this.#stackOffsets.length - 1,
        stackOffsets: this.#stackOffsets.finish(),
        stackLocations: indexColumn<LocationIndex>(this.#stack.finish()),
        values: this.#values.map((column) => column.finish()),
        labelOffsets: this.#labelOffsets.finish(),
      },
      ...(this.#observations && { observations: this.#observations }),
      labels: {
        length: this.#labelKey.length,
        key: strings(this.#labelKey),
        text: strings(this.#labelText),
        number: this.#labelNumber.finish(),
        unit: strings(this.#labelUnit),
      },
      mappings: {
        length: this.#mappingFile.length,
        id: rowIds(this.#mappingFile.length),
        start: this.#mappingStart.finish(),
        limit: this.#mappingLimit.finish(),
        offset: this.#mappingOffset.finish(),
        file: strings(this.#mappingFile),
        buildId: strings(this.#mappingBuildId),
        flags: Uint8Array.from(this.#mappingFlags.finish()),
      },
      ...this.#locations.finish(),
      functions: {
        length: this.#functionName.length,
        id: rowIds(this.#functionName.length),
        name: strings(this.#functionName),
        systemName: strings(this.#systemName),
        filename: strings(this.#filename),
        startLine: this.#startLine.finish(),
        startColumn: this.#startColumn.finish(),
      },
      dropFrames: string(header.dropFrames),
      keepFrames: string(header.keepFrames),
      timeNanos: header.timeNanos ?? 0,
      durationNanos: header.durationNanos ?? 0,
      periodType: valueType(header.periodType ?? { type: "", unit: "" }),
      period: header.period ?? 0,
      comments: (header.comments ?? []).map(string),
      defaultSampleType: string(header.defaultSampleType),
      docUrl: string(header.docUrl),
      // Last, because the other tables add strings.
      strings: this.#strings.finish(),
    };
  }
}
