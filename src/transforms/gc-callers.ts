import {
  Int64Builder,
  type Int64Column,
  indexColumn,
  int64At,
  isZeroAt,
  Uint32Builder,
} from "../profile/columns.js";
import type { LocationIndex, SampleIndex, StringIndex } from "../profile/indices.js";
import { isStringLabel } from "../profile/labels.js";
import type { ObservationTable, Profile } from "../profile/profile.js";
import type { Int64 } from "../units/int64.js";

/** V8's name for its garbage collection, which is the only frame of its stack. */
const GC = "(garbage collector)";

/** V8's names for time outside of functions. */
const STATES: ReadonlySet<string> = new Set([GC, "(idle)", "(program)", "(root)"]);

/** The keys of labels that identify a thread. */
const THREAD_KEYS: ReadonlySet<string> = new Set(["pid", "process", "tid", "thread", "profile"]);

/** Returns whether a profile has samples of V8's garbage collector. */
export function hasGarbageCollection(profile: Profile): boolean {
  return stacksOf(profile).includes(COLLECTOR);
}

/**
 * Returns the profile with V8's garbage collection as a callee of the functions that caused it: of the
 * stack that the same thread had in the sample before. Collections get the labels of that sample.
 * Those after time outside of functions, such as `(idle)`, stay. All sums are the same.
 */
export function withGcCallers(profile: Profile, observations: ObservationTable): Profile {
  const kinds = stacksOf(profile);
  const threads = threadsOf(profile);
  const moved = new MovedSamples(profile);
  const last = new Map<number, SampleIndex>();
  const sampleOf = new Uint32Array(observations.length);
  for (let row = 0; row < observations.length; row++) {
    const sample = observations.sample[row];
    const thread = threads[sample];
    const cause = last.get(thread);
    sampleOf[row] = sample;
    if (kinds[sample] !== COLLECTOR) last.set(thread, sample);
    else if (cause !== undefined && kinds[cause] === FUNCTIONS) {
      const values = observations.values.map((column) => int64At(column, row));
      sampleOf[row] = moved.move(sample, cause, values);
    }
  }
  return moved.finish(observations, sampleOf);
}

/** What a stack consists of. */
const OTHER = 0;
const FUNCTIONS = 1;
const COLLECTOR = 2;

function stacksOf({ samples, locations, lines, functions, strings }: Profile): Uint8Array {
  return Uint8Array.from({ length: samples.length }, (_, sample) => {
    const start = samples.stackOffsets[sample];
    const depth = samples.stackOffsets[sample + 1] - start;
    if (depth === 0) return OTHER;
    const line = locations.lineOffsets[samples.stackLocations[start]];
    if (line === locations.lineOffsets[samples.stackLocations[start] + 1]) return FUNCTIONS;
    const fn = lines.function[line];
    const name = functions.filename[fn] === 0 ? strings.get(functions.name[fn]) : "";
    if (depth > 1 || !STATES.has(name)) return FUNCTIONS;
    return name === GC ? COLLECTOR : OTHER;
  });
}

/** Returns a number for the thread of each sample, by its labels. */
function threadsOf({ samples, labels, strings }: Profile): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from({ length: samples.length }, (_, sample) => {
    const words: string[] = [];
    for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
      const key = strings.get(labels.key[row]);
      if (!THREAD_KEYS.has(key)) continue;
      const text = isStringLabel(labels, row) ? strings.get(labels.text[row]) : "";
      words.push(`${key}=${text}${int64At(labels.number, row)}`);
    }
    const thread = JSON.stringify(words.sort());
    const number = numbers.get(thread) ?? numbers.size;
    numbers.set(thread, number);
    return number;
  });
}

/** The samples of a profile, and those of collections that are moved to their callers. */
class MovedSamples {
  readonly #profile: Profile;
  readonly #values: readonly Int64Builder[];
  /** The old samples that the new ones, after all old ones, consist of. */
  readonly #added: { readonly collection: SampleIndex; readonly cause: SampleIndex }[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #emptied = new Set<number>();

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#values = profile.samples.values.map((column) => {
      const values = new Int64Builder();
      for (let row = 0; row < column.length; row++) values.push(int64At(column, row));
      return values;
    });
  }

  /** Moves values of a collection. Returns the number of the sample that has them now. */
  move(collection: SampleIndex, cause: SampleIndex, values: readonly Int64[]): number {
    const key = `${collection} ${cause}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#profile.samples.length + this.#added.push({ collection, cause }) - 1;
      this.#numbers.set(key, number);
      for (const column of this.#values) column.push(0);
    }
    for (const [type, value] of values.entries()) {
      this.#values[type].addAt(collection, -value);
      this.#values[type].addAt(number, value);
    }
    this.#emptied.add(collection);
    return number;
  }

  /** Returns the profile without collections that were moved as a whole. */
  finish(observations: ObservationTable, sampleOf: Uint32Array): Profile {
    const { samples, labels } = this.#profile;
    const values = this.#values.map((column) => column.finish());
    const isEmpty = (sample: number) =>
      this.#emptied.has(sample) && values.every((column) => isZeroAt(column, sample));
    const kept = Array.from({ length: values[0]?.length ?? 0 }, (_, i) => i).filter(
      (sample) => !isEmpty(sample),
    );
    const stackOffsets = new Uint32Builder();
    const stack = new Uint32Builder();
    const labelOffsets = new Uint32Builder();
    const labelRows = new Uint32Builder();
    const copyStack = (sample: number) => {
      for (let i = samples.stackOffsets[sample]; i < samples.stackOffsets[sample + 1]; i++) {
        stack.push(samples.stackLocations[i]);
      }
    };
    stackOffsets.push(0);
    labelOffsets.push(0);
    for (const number of kept) {
      const { collection, cause = number } = this.#added[number - samples.length] ?? {};
      if (collection !== undefined) copyStack(collection);
      copyStack(cause);
      stackOffsets.push(stack.length);
      for (let row = samples.labelOffsets[cause]; row < samples.labelOffsets[cause + 1]; row++) {
        labelRows.push(row);
      }
      labelOffsets.push(labelRows.length);
    }
    const rows = labelRows.finish();
    return {
      ...this.#profile,
      samples: {
        length: kept.length,
        stackOffsets: stackOffsets.finish(),
        stackLocations: indexColumn<LocationIndex>(stack.finish()),
        values: values.map((column) => pick(column, kept)),
        labelOffsets: labelOffsets.finish(),
      },
      labels: {
        length: rows.length,
        key: indexColumn<StringIndex>(rows.map((row) => labels.key[row])),
        text: indexColumn<StringIndex>(rows.map((row) => labels.text[row])),
        number: pick(labels.number, rows),
        unit: indexColumn<StringIndex>(rows.map((row) => labels.unit[row])),
      },
      observations: {
        ...observations,
        sample: indexColumn<SampleIndex>(renumbered(sampleOf, kept)),
      },
    };
  }
}

function pick(column: Int64Column, rows: Iterable<number>): Int64Column {
  const picked = new Int64Builder();
  for (const row of rows) picked.push(int64At(column, row));
  return picked.finish();
}

/** Returns the positions of samples in `kept`, which contains all of them. */
function renumbered(samples: Uint32Array, kept: readonly number[]): Uint32Array {
  const numbers = new Map(kept.map((sample, i) => [sample, i]));
  return samples.map((sample) => numbers.get(sample) ?? 0);
}
