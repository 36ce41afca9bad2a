import { Int64Builder, type Int64Column, int64At, isZeroAt } from "../../profile/columns.js";
import { tooLarge } from "../../profile/errors.js";
import { addObservations, NO_SAMPLE, ObservationBuilder } from "../../profile/observations.js";
import type { ObservationTable, Profile, SampleTable } from "../../profile/profile.js";
import { RunInterner } from "../../profile/run-interner.js";
import { StringPool } from "../../profile/string-pool.js";
import { compare, type Int64 } from "../../units/int64.js";
import { FunctionMerger } from "./functions.js";
import { type MergedHeader, mergeHeader } from "./header.js";
import { LABEL_WORDS, LabelWriter } from "./labels.js";
import { LocationMerger } from "./locations.js";
import { MappingMerger } from "./mappings.js";
import { samplesAndLabels } from "./samples.js";
import { StringMapper } from "./string-mapper.js";

/** The number of samples added between two checks of the size of the tables. */
const SAMPLES_BETWEEN_CHECKS = 4096;

/**
 * Sums up profiles, added one at a time; samples with the same stack and labels are merged.
 * Functions are equal if their names, file and first line are; mappings if their build ID (or
 * file), offset and size are; locations if their lines and their address within the mapping are,
 * wherever the mapping was loaded.
 *
 * Samples whose values are all 0 are left out, unless observations at different times cancel out: then
 * a range of time can have values. Tables contain only what samples use, in order of
 * use; ids are row numbers plus one.
 */
export class ProfileMerger {
  readonly #limit: number;
  readonly #strings = new StringPool();
  readonly #mappings = new MappingMerger();
  readonly #functions = new FunctionMerger();
  readonly #locations = new LocationMerger(this.#mappings, this.#functions);
  /** Each run has the depth of the stack, its locations, and the labels. */
  readonly #samples = new RunInterner();
  #values: Int64Builder[] = [];
  #header: MergedHeader | undefined;
  readonly #observations: {
    readonly table: ObservationTable;
    readonly rows: Int32Array;
    readonly start: Int64;
  }[] = [];
  #observationBytes = 0;
  #run = new Uint32Array(64);

  /** `limit` is the maximum size of the growing result, in bytes. */
  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** Adds a profile with the same sample types and units, in order. Throws {@link tooLarge}. */
  add(profile: Profile): void {
    const { samples } = profile;
    const strings = new StringMapper(profile.strings, this.#strings);
    this.#header = mergeHeader(this.#header, profile, strings);
    if (this.#values.length === 0) this.#values = samples.values.map(() => new Int64Builder());
    this.#mappings.begin(profile, strings);
    this.#functions.begin(profile, strings);
    this.#locations.begin(profile);
    const labels = new LabelWriter(profile, strings);
    const { observations } = profile;
    const rows = observations && new Int32Array(samples.length).fill(NO_SAMPLE);
    const isUnused = unusedSamples(profile);
    for (let sample = 0; sample < samples.length; sample++) {
      if (!isUnused?.[sample]) {
        const row = this.#addSample(samples, sample, labels);
        if (rows) rows[sample] = row;
      }
      if (sample % SAMPLES_BETWEEN_CHECKS === 0) this.#checkSize();
    }
    if (observations && rows) {
      this.#observations.push({ table: observations, rows, start: profile.timeNanos });
      this.#observationBytes +=
        rows.byteLength +
        observations.length * ObservationBuilder.bytesPerRow(samples.values.length);
    }
    this.#checkSize();
  }

  /** Returns the sum. At least one profile must have been added. */
  finish(): Profile {
    if (!this.#header) throw new Error("nothing to merge");
    const profile: Profile = {
      ...this.#header,
      ...samplesAndLabels(this.#samples, this.#values),
      observations: this.#mergedObservations(),
      ...this.#locations.finish(),
      mappings: this.#mappings.finish(),
      functions: this.#functions.finish(),
      strings: this.#strings.finish(),
    };
    if (!unusedSamples(profile)) return profile;
    // Also remove rows that only the removed samples used.
    const again = new ProfileMerger(this.#limit);
    again.add(profile);
    return again.finish();
  }

  /**
   * Returns the observations of all profiles. Profiles that say when they began are placed by that
   * on the time axis; others begin with the earliest one.
   */
  #mergedObservations(): ObservationTable | undefined {
    const starts = this.#observations.map(({ start }) => start).filter((start) => start !== 0);
    const earliest = starts.reduce((a, b) => (compare(b, a) < 0 ? b : a), starts[0] ?? 0);
    const builder = new ObservationBuilder(this.#values.length);
    for (const { table, rows, start } of this.#observations) {
      const shift = start === 0 ? 0 : Number(BigInt(start) - BigInt(earliest));
      addObservations(builder, table, shift, (sample) => rows[sample]);
    }
    return builder.finish();
  }

  #addSample(samples: SampleTable, sample: number, labels: LabelWriter): number {
    const start = samples.stackOffsets[sample];
    const depth = samples.stackOffsets[sample + 1] - start;
    const labelCount = samples.labelOffsets[sample + 1] - samples.labelOffsets[sample];
    const room = 1 + depth + labelCount * LABEL_WORDS;
    if (room > this.#run.length) this.#run = new Uint32Array(room * 2);
    const run = this.#run;
    run[0] = depth;
    for (let i = 0; i < depth; i++) {
      run[1 + i] = this.#locations.row(samples.stackLocations[start + i]);
    }
    const row = this.#samples.intern(run, labels.write(sample, run, 1 + depth));
    for (let type = 0; type < this.#values.length; type++) {
      const value = int64At(samples.values[type], sample);
      if (row === this.#values[type].length) this.#values[type].push(value);
      else this.#values[type].addAt(row, value);
    }
    return row;
  }

  #checkSize(): void {
    const tables = [this.#strings, this.#mappings, this.#functions, this.#locations, this.#samples];
    let bytes = this.#observationBytes;
    for (const table of [...tables, ...this.#values]) bytes += table.bytes;
    if (bytes > this.#limit) throw tooLarge(this.#limit);
  }
}

function isZero(values: readonly Int64Column[], row: number): boolean {
  for (const column of values) if (!isZeroAt(column, row)) return false;
  return true;
}

/** Returns 1 for each sample without values, at any time; undefined if there are none. */
function unusedSamples({ samples, observations }: Profile): Uint8Array | undefined {
  const unused = new Uint8Array(samples.length);
  let count = 0;
  for (let row = 0; row < samples.length; row++) {
    if (isZero(samples.values, row)) count += unused[row] = 1;
  }
  if (count === 0) return undefined;
  for (let row = 0; observations && row < observations.length; row++) {
    const sample = observations.sample[row];
    if (unused[sample] === 0 || isZero(observations.values, row)) continue;
    unused[sample] = 0;
    count--;
  }
  return count > 0 ? unused : undefined;
}
