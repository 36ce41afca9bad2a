/**
 * Computes the numbers of objects in V8's sampling heap profiles. V8 takes one sample per interval
 * of R bytes on average, so that it samples an object of S bytes with the probability
 * 1 - exp(-S / R). It divides the number of samples by that, rounds it to whole objects, and writes
 * only the product of this number and S. These functions find S and the number of objects again.
 */

/** Objects of one size that were allocated at one node. */
export interface ObjectGroup {
  /** The size of each object, in bytes. */
  readonly size: number;
  readonly count: number;
}

/** The alignment of objects in V8's heap, in bytes: of Node, then of Chrome, then of any writer. */
const ALIGNMENTS = [8, 4, 1];

/**
 * The ranges that are searched: all sizes up to a limit, and larger sizes with up to this number of
 * objects per sample. With V8's default interval of 512 KiB they contain all sizes.
 */
const MAX_SEARCHED_BYTES = 1024;
const MAX_SEARCHED_COUNT = 1024;

/** The limit on sizes in all combinations that are tried for a node. */
const MAX_TRIED_SIZES = 4096;

/** The limit on the sizes by which the interval of a file is found. */
const MAX_COMPARED_SIZES = 1000;

/** If a sample may represent objects of several sizes, the size closest to this one is the best. */
const TYPICAL_OBJECT_BYTES = 48;

/** V8's heap sampler with a sampling interval in bytes; 0 if every object is sampled. */
export class HeapSampler {
  readonly interval: number;
  readonly #alignment: number;
  readonly #sizes = new Map<number, readonly number[]>();

  constructor(interval: number, alignment = ALIGNMENTS[0]) {
    this.interval = interval;
    this.#alignment = alignment;
  }

  /** Returns the number of objects of `size` bytes that V8 computes from a number of samples. */
  objects(size: number, samples: number): number {
    if (this.interval === 0) return samples;
    return Math.floor(samples / (1 - Math.exp(-size / this.interval)) + 0.5);
  }

  /**
   * Returns the possible sizes of an object whose sample represents `bytes`, the most probable size
   * first; none if this sampler cannot have taken the sample.
   */
  sizesOf(bytes: number): readonly number[] {
    let sizes = this.#sizes.get(bytes);
    if (!sizes) {
      sizes = this.#findSizes(bytes);
      this.#sizes.set(bytes, sizes);
    }
    return sizes;
  }

  #findSizes(bytes: number): number[] {
    if (this.interval === 0) return [bytes];
    const sizes: number[] = [];
    const alignment = this.#alignment;
    const add = (size: number) => {
      if (size * this.objects(size, 1) === bytes) sizes.push(size);
    };
    // Rounding adds less than the size of an object to the interval.
    // The smallest objects have a header and a field.
    const least = Math.max(2 * alignment, bytes - this.interval);
    const first = Math.ceil(least / alignment) * alignment;
    for (let size = first; size <= Math.min(bytes, MAX_SEARCHED_BYTES); size += alignment) {
      if (bytes % size === 0) add(size);
    }
    const most = Math.min(MAX_SEARCHED_COUNT, bytes / (MAX_SEARCHED_BYTES + 1), bytes / least);
    for (let count = Math.floor(most); count > 0; count--) {
      const size = bytes / count;
      if (size % alignment === 0) add(size);
    }
    return sizes.sort((a, b) => improbability(a) - improbability(b));
  }

  /**
   * Returns the objects of a node with `total` bytes and these samples, each given by the bytes that
   * it represents, the oldest first. The bytes of the objects come as close to `total` as possible.
   */
  objectsOf(total: number, samples: readonly number[]): ObjectGroup[] {
    let best: Combination = { groups: [], rest: total };
    // V8 allocates between writing the tree and the samples, so the last samples may not count.
    const least = Math.max(1, samples.length - MAX_LATE_SAMPLES);
    for (let length = samples.length; length >= least && best.rest !== 0; length--) {
      const counts = new Map<number, number>();
      for (const bytes of samples.slice(0, length)) {
        counts.set(bytes, (counts.get(bytes) ?? 0) + 1);
      }
      const found = this.#combine(total, counts);
      if (length === samples.length || isCloser(found, best)) best = found;
    }
    return best.groups;
  }

  /** Chooses a size for each kind of sample. */
  #combine(total: number, counts: ReadonlyMap<number, number>): Combination {
    const choices: ObjectGroup[][] = [];
    const limit = MAX_TRIED_SIZES / counts.size;
    let combinations = 1;
    // With too many combinations, only the most frequent samples have a choice.
    for (const [bytes, samples] of [...counts].sort(([, a], [, b]) => b - a)) {
      let sizes = this.sizesOf(bytes);
      // The interval is not known well enough: each sample counts as an object.
      if (sizes.length === 0) choices.push([{ size: bytes, count: samples }]);
      if (combinations * sizes.length > limit) sizes = sizes.slice(0, 1);
      combinations *= Math.max(1, sizes.length);
      if (sizes.length > 0) {
        choices.push(sizes.map((size) => ({ size, count: this.objects(size, samples) })));
      }
    }
    let best: Combination | undefined;
    let bestCost = 0;
    for (let number = 0; number < combinations; number++) {
      let rest = total;
      let cost = 0;
      let index = number;
      const groups = choices.map((groups) => {
        const group = groups[index % groups.length];
        index = Math.floor(index / groups.length);
        rest -= group.size * group.count;
        cost += improbability(group.size);
        return group;
      });
      const found = { groups, rest };
      if (best && !isCloser(found, best) && !(rest === best.rest && cost < bestCost)) continue;
      best = found;
      bestCost = cost;
    }
    return best ?? { groups: [], rest: total };
  }
}

/** Sizes for the samples of a node, and the bytes of the node that they leave; may be negative. */
interface Combination {
  readonly groups: ObjectGroup[];
  readonly rest: number;
}

function isCloser(a: Combination, b: Combination): boolean {
  const [restOfA, restOfB] = [Math.abs(a.rest), Math.abs(b.rest)];
  return restOfA < restOfB || (restOfA === restOfB && a.rest > b.rest);
}

/** The limit on samples of a node that V8 took after it wrote the tree. */
const MAX_LATE_SAMPLES = 2;

/** Returns how much a size differs from the typical size, as the logarithm of their ratio. */
function improbability(size: number): number {
  return Math.abs(Math.log(size / TYPICAL_OBJECT_BYTES));
}

/** Returns a sampler that can have taken samples that represent these bytes. */
export function samplerOf(samples: Iterable<number>): HeapSampler {
  const all = new Set(samples);
  // No sample represents less than the interval.
  let least = Number.POSITIVE_INFINITY;
  for (const bytes of all) least = Math.min(least, bytes);
  const compared = [...all].slice(0, MAX_COMPARED_SIZES);
  for (const alignment of ALIGNMENTS) {
    for (const interval of intervalsUpTo(least)) {
      const sampler = new HeapSampler(interval, alignment);
      if (compared.every((bytes) => sampler.sizesOf(bytes).length > 0)) return sampler;
    }
  }
  return new HeapSampler(0);
}

/** The default of tsprof's own profilers (v8/protocol.ts). */
const OWN_INTERVAL_BYTES = 524_160;

/**
 * Returns the usual intervals up to a limit, the largest first: powers of 2, round decimal numbers
 * and tsprof's default.
 */
function intervalsUpTo(limit: number): number[] {
  const intervals = [OWN_INTERVAL_BYTES];
  for (let power = 2 ** 30; power >= 16; power /= 2) intervals.push(power);
  for (let power = 10; power <= 1e9; power *= 10) intervals.push(power, 2 * power, 5 * power);
  return intervals.filter((interval) => interval <= limit).sort((a, b) => b - a);
}
