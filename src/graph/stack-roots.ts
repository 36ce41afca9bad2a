import type { Profile, SampleTable } from "../profile/profile.js";

/** So many locations of each stack, from its root on, lie together by how deep they are. */
const COLUMN_DEPTHS = 8;

/** Stacks that are alike for so long may well be so for ever. */
const MAX_SORTED_DEPTH = 64;

/** As few stacks as lie together in memory anyway are left in the order they have. */
const MIN_SORTED_GROUP = 64;

/**
 * Reads stacks from their roots, for walks that go through all samples again and again: where
 * stacks lie one behind the other, each step of each of them is a miss of all caches.
 */
export interface StackRoots {
  /** By position in the order: the sample, where its stack ends among the locations, and how long it is. */
  readonly samples: Uint32Array;
  readonly ends: Uint32Array;
  readonly lengths: Uint32Array;
  /** Location `depth` of position `p`, where that is below {@link depths}, is `columns[depth * count + p]`. */
  readonly columns: Uint32Array;
  readonly depths: number;
  readonly count: number;
}

const rootsByProfile = new WeakMap<Profile, StackRoots>();

/** The roots of all stacks, in whatever order; made once for a profile. */
export function stackRoots(profile: Profile): StackRoots {
  const { length } = profile.samples;
  return (
    rootsByProfile.get(profile) ??
    remember(
      profile,
      Uint32Array.from({ length }, (_, i) => i),
    )
  );
}

/**
 * Puts the stacks in an order in which those that begin alike are side by side, so that who
 * follows one frame after the other finds what it needs next to what it had. That pays from
 * the second walk on.
 */
export function sortStacks(profile: Profile): void {
  remember(profile, new Sorter(profile).sort());
}

function remember(profile: Profile, samples: Uint32Array): StackRoots {
  const roots = rootsOf(profile, samples);
  rootsByProfile.set(profile, roots);
  return roots;
}

/** Gathers the roots of the stacks of `samples`, in this order. */
function rootsOf({ samples: table }: Profile, samples: Uint32Array): StackRoots {
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

/** Puts samples in order by their functions at depth 0, those alike by depth 1, and so on. */
class Sorter {
  readonly #samples: Uint32Array;
  readonly #table: SampleTable;
  readonly #functions: Int32Array;
  /** By position: the function at the depth that is looked at. */
  readonly #column: Int32Array;
  /** By function: the number that it has in the group being divided, or -1. */
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
    /** Where groups of samples that are alike so far start and end. */
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

  /** Puts those of one function side by side, and tells where they are. */
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
 * By location: its function plus one, and where it has several the one that was not inlined.
 * Locations without a function are as many of their own.
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
