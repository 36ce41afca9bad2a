import type { Profile, SampleTable } from "../profile/profile.js";

/** The number of locations at the root of each stack that are stored in columns, by depth. */
const COLUMN_DEPTHS = 8;

/** Stacks that agree up to this depth probably agree further, so sorting stops. */
const MAX_SORTED_DEPTH = 64;

/** Smaller groups fit into the processor's cache and need no sorting. */
const MIN_SORTED_GROUP = 64;

/**
 * The stacks, arranged for passes that read all samples again and again from the root. Without this
 * arrangement, each step along each stack is a cache miss.
 */
export interface StackRoots {
  /** By position: the sample, the end of its stack in `stackLocations`, and its length. */
  readonly samples: Uint32Array;
  readonly ends: Uint32Array;
  readonly lengths: Uint32Array;
  /** `columns[depth * count + p]` is the location of position `p`, for `depth < depths`. */
  readonly columns: Uint32Array;
  readonly depths: number;
  readonly count: number;
}

const rootsByProfile = new WeakMap<Profile, StackRoots>();

/** Returns the stacks of a profile in their current order. Computed once for each profile. */
export function stackRoots(profile: Profile): StackRoots {
  const { length } = profile.samples;
  return (
    rootsByProfile.get(profile) ??
    storeRoots(
      profile,
      Uint32Array.from({ length }, (_, i) => i),
    )
  );
}

/** Puts stacks with the same callers side by side in memory: later passes are faster. */
export function sortStacks(profile: Profile): void {
  storeRoots(profile, new Sorter(profile).sort());
}

function storeRoots(profile: Profile, samples: Uint32Array): StackRoots {
  const roots = arrangeStacks(profile, samples);
  rootsByProfile.set(profile, roots);
  return roots;
}

/** Collects the stacks of `samples` in this order. */
function arrangeStacks({ samples: table }: Profile, samples: Uint32Array): StackRoots {
  const { length: count, stackOffsets, stackLocations } = table;
  let depths = 0;
  for (let sample = 0; sample < count && depths < COLUMN_DEPTHS; sample++) {
    depths = Math.min(
      COLUMN_DEPTHS,
      Math.max(depths, stackOffsets[sample + 1] - stackOffsets[sample]),
    );
  }
  const ends = new Uint32Array(count);
  const lengths = new Uint32Array(count);
  const columns = new Uint32Array(depths * count);
  for (let position = 0; position < count; position++) {
    const start = stackOffsets[samples[position]];
    const end = stackOffsets[samples[position] + 1];
    ends[position] = end;
    lengths[position] = end - start;
    const known = Math.min(depths, end - start);
    for (let depth = 0; depth < known; depth++) {
      columns[depth * count + position] = stackLocations[end - 1 - depth];
    }
  }
  return { samples, ends, lengths, columns, depths, count };
}

/** Sorts samples by their function at depth 0, equal ones by the function at depth 1, and so on. */
class Sorter {
  readonly #samples: Uint32Array;
  readonly #table: SampleTable;
  readonly #functions: Int32Array;
  /** By position: the function at the current depth. */
  readonly #column: Int32Array;
  /** By function: its number in the current group, or -1. */
  readonly #numbers: Int32Array;
  readonly #spare: Uint32Array;

  constructor(profile: Profile) {
    const { samples: table, functions, locations } = profile;
    const { length } = table;
    this.#samples = Uint32Array.from({ length }, (_, sample) => sample);
    this.#table = table;
    this.#functions = outermostFunctions(profile);
    this.#column = new Int32Array(length);
    this.#numbers = new Int32Array(1 + functions.length + locations.length).fill(-1);
    this.#spare = new Uint32Array(length);
  }

  sort(): Uint32Array {
    /** The start and the end of each group of samples that are equal so far. */
    let groups = [0, this.#samples.length];
    for (let depth = 0; depth < MAX_SORTED_DEPTH && groups.length > 0; depth++) {
      const smaller: number[] = [];
      for (let i = 0; i < groups.length; i += 2) {
        if (groups[i + 1] - groups[i] <= MIN_SORTED_GROUP) continue;
        this.#read(groups[i], groups[i + 1], depth);
        this.#divide(groups[i], groups[i + 1], smaller);
      }
      groups = smaller;
    }
    return this.#samples;
  }

  #read(start: number, end: number, depth: number): void {
    const samples = this.#samples;
    const column = this.#column;
    const functions = this.#functions;
    const { stackOffsets, stackLocations } = this.#table;
    for (let position = start; position < end; position++) {
      const at = stackOffsets[samples[position] + 1] - 1 - depth;
      const isThere = at >= stackOffsets[samples[position]];
      column[position] = isThere ? functions[stackLocations[at]] : 0;
    }
  }

  /** Groups a range of samples by function, and appends each group's start and end to `groups`. */
  #divide(start: number, end: number, groups: number[]): void {
    const samples = this.#samples;
    const column = this.#column;
    const numbers = this.#numbers;
    const found: number[] = [];
    const next: number[] = [];
    for (let position = start; position < end; position++) {
      const fn = column[position];
      if (numbers[fn] < 0) {
        numbers[fn] = found.push(fn) - 1;
        next.push(0);
      }
      next[numbers[fn]]++;
    }
    let first = start;
    for (let number = 0; number < found.length; number++) {
      const size = next[number];
      next[number] = first;
      groups.push(first, first + size);
      first += size;
    }
    if (found.length > 1) {
      const spare = this.#spare;
      for (let position = start; position < end; position++) {
        spare[next[numbers[column[position]]]++] = samples[position];
      }
      samples.set(spare.subarray(start, end), start);
    }
    for (const fn of found) numbers[fn] = -1;
  }
}

/**
 * Returns by location: its function plus one; of several, the outermost. Each location without a
 * function has a number of its own.
 */
function outermostFunctions({ locations, lines, functions }: Profile): Int32Array {
  const outermost = new Int32Array(locations.length);
  for (let location = 0; location < outermost.length; location++) {
    const end = locations.lineOffsets[location + 1];
    const isBare = end === locations.lineOffsets[location];
    outermost[location] = 1 + (isBare ? functions.length + location : lines.function[end - 1]);
  }
  return outermost;
}
