import { CHANGE_LABEL } from "../profile/change-label.js";
import { int64At } from "../profile/columns.js";
import { ProfileError } from "../profile/errors.js";
import type { SampleIndex, StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { add, compare, exactDifference, type Int64, negate } from "../units/int64.js";
import type { NodeIndex, NodeTable } from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import type { View } from "../view/view.js";
import type { ReportInput } from "./input.js";
import { type NodeRef, nodeRef } from "./node-ref.js";
import { holm } from "./significance/holm.js";
import { criticalZ } from "./significance/normal.js";
import { signTest } from "./significance/sign-test.js";

/** How much memory in use has grown, in bytes, and how exact that is. */
export interface Growth {
  /** {@link allocated} minus {@link freed}. */
  readonly growth: Int64;
  /** The number of objects, allocated minus freed. */
  readonly objects: Int64;
  readonly allocated: Int64;
  readonly freed: Int64;
  /**
   * The growth varies by at most this number of bytes in 95 % of all samplings. 0 if the memory was
   * not sampled, but measured.
   */
  readonly noise: number;
  /** The probability of such a growth by chance, corrected for all rows; undefined if not tested. */
  readonly p: number | undefined;
  readonly isReal: boolean;
}

export interface LeakRow extends NodeRef, Growth {
  /** The callers of the function in the stack that grows most, innermost first. */
  readonly callers: readonly NodeRef[];
}

/** The growth of the memory in use between two points in time. */
export interface LeakReport {
  readonly total: Growth;
  /** By growth, the largest first. */
  readonly rows: readonly LeakRow[];
  readonly seconds: number;
  /** The average number of bytes allocated between two samples. */
  readonly intervalBytes: number;
  /**
   * Whether the profile contains only what was allocated and freed meanwhile. Otherwise all of the
   * memory counts as replaced, which makes the noise larger than it is.
   */
  readonly knowsTurnover: boolean;
}

/** The probability of calling any function's growth real if nothing grows. */
export const LEAK_ALPHA = 0.05;

/** The number of callers that a row has at most. */
const MAX_CALLERS = 6;

/** The share of samplings in which the growth is within its noise. */
const NOISE_Z = criticalZ(0.05);

/** The label with the size of an object in bytes, in heap profiles of tsprof and Go. */
const SIZE_LABEL = "bytes";

/** Whether a profile is one of heap growth. */
export function isHeapGrowth(profile: Profile): boolean {
  const { allocated, freed, after, before } = CHANGE_LABEL;
  const changes = changesOf(profile);
  return [allocated, freed, after, before].some((change) => changes.has(change));
}

/** Sums up a profile of heap growth by the functions that allocate. */
export function leak({ view, nodes: nodeOptions }: ReportInput): LeakReport {
  const { profile } = view;
  const nodes = buildNodes(view, nodeOptions);
  const total = new Sum();
  const sums = new Map<NodeIndex, Sum>();
  for (const change of changes(view)) {
    total.add(change);
    const [node] = stackNodes(view, nodes, change.sample);
    if (node === undefined) continue;
    const sum = sums.get(node) ?? new Sum();
    sum.add(change);
    sums.set(node, sum);
  }
  const changed = [...sums].filter(([, { allocated, freed }]) => allocated !== 0 || freed !== 0);
  const tested = changed.filter(([, sum]) => sum.isSampled);
  const corrected = holm(tested.map(([, sum]) => sum.p));
  const pOf = new Map(tested.map(([node], i) => [node, corrected[i]]));
  const rows = changed.map(([node, sum]) => ({
    ...nodeRef(nodes, node),
    ...sum.growth(pOf.get(node)),
    callers: sum
      .largestStack(view, nodes)
      .slice(1)
      .map((caller) => nodeRef(nodes, caller)),
  }));
  const names = changesOf(profile);
  return {
    total: total.growth(total.isSampled ? total.p : undefined),
    rows: rows.sort((a, b) => compare(b.growth, a.growth)),
    seconds: Number(profile.durationNanos) / 1e9,
    intervalBytes: Number(profile.period),
    knowsTurnover: !names.has(CHANGE_LABEL.after) && !names.has(CHANGE_LABEL.before),
  };
}

/** The values of the label that tells in which way a sample counts. */
function changesOf({ labels, strings }: Profile): Set<string> {
  const texts = new Set<StringIndex>();
  for (let row = 0; row < labels.length; row++) {
    if (strings.get(labels.key[row]) === CHANGE_LABEL.key) texts.add(labels.text[row]);
  }
  return new Set([...texts].map((text) => strings.get(text)));
}

/** A row of the sample table. */
interface Change {
  readonly sample: SampleIndex;
  readonly bytes: Int64;
  readonly objects: Int64;
  /** The number of times that the allocator's sampler has hit. */
  readonly hits: number;
}

function* changes({ profile, samples: selected }: View): Generator<Change> {
  const { samples, labels, sampleTypes, strings, period } = profile;
  const column = (name: string) =>
    samples.values[sampleTypes.findIndex(({ type }) => strings.get(type) === name)];
  const space = column("inuse_space");
  const objects = column("inuse_objects");
  if (!space) throw new ProfileError("the profile has no sample type inuse_space");
  for (let sample = 0 as SampleIndex; sample < samples.length; sample++) {
    if (!selected[sample]) continue;
    const bytes = int64At(space, sample);
    const count = objects ? int64At(objects, sample) : 0;
    let size = count === 0 ? 0 : Number(bytes) / Number(count);
    for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
      if (strings.get(labels.key[row]) === SIZE_LABEL) size = Number(int64At(labels.number, row));
    }
    yield { sample, bytes, objects: count, hits: hitsOf(Number(count), size, Number(period)) };
  }
}

/**
 * Returns the number of samples that represent objects of a size in bytes. A sampler with an
 * average interval R samples an object of S bytes with the probability 1 - exp(-S / R).
 */
function hitsOf(objects: number, size: number, interval: number): number {
  const probability = interval > 1 ? 1 - Math.exp(-size / interval) : 1;
  return Math.round(Math.abs(objects) * probability);
}

/** The changes of a function. */
class Sum {
  allocated: Int64 = 0;
  freed: Int64 = 0;
  #objects: Int64 = 0;
  #hitsAllocated = 0;
  #hitsFreed = 0;
  readonly #changes: Change[] = [];

  add(change: Change): void {
    const { bytes, objects, hits } = change;
    if (bytes >= 0) {
      this.allocated = add(this.allocated, bytes);
      this.#hitsAllocated += hits;
    } else {
      this.freed = add(this.freed, negate(bytes));
      this.#hitsFreed += hits;
    }
    this.#objects = add(this.#objects, objects);
    this.#changes.push(change);
  }

  /** Whether the memory was sampled, rather than measured. */
  get isSampled(): boolean {
    return this.#hitsAllocated + this.#hitsFreed > 0;
  }

  /** The probability of this growth if allocating and freeing a sampled object is equally likely. */
  get p(): number {
    return signTest(this.#hitsAllocated, this.#hitsFreed);
  }

  growth(p: number | undefined): Growth {
    const { allocated, freed } = this;
    const growth = exactDifference(allocated, freed);
    const hits = this.#hitsAllocated + this.#hitsFreed;
    const bytesPerHit = hits === 0 ? 0 : (Number(allocated) + Number(freed)) / hits;
    return {
      ...{ growth, objects: this.#objects, allocated, freed, p },
      // The number of hits varies as a Poisson distribution.
      noise: NOISE_Z * Math.sqrt(hits) * bytesPerHit,
      isReal: p !== undefined && p <= LEAK_ALPHA,
    };
  }

  /** Returns the nodes of the stack with the largest growth, the allocating one first. */
  largestStack(view: View, nodes: NodeTable): readonly NodeIndex[] {
    const stacks = new Map<string, { readonly stack: readonly NodeIndex[]; bytes: number }>();
    let largest: { readonly stack: readonly NodeIndex[]; bytes: number } | undefined;
    for (const { sample, bytes } of this.#changes) {
      const stack = [...stackNodes(view, nodes, sample, MAX_CALLERS + 1)];
      const key = stack.join();
      const sum = stacks.get(key) ?? { stack, bytes: 0 };
      sum.bytes += Number(bytes);
      stacks.set(key, sum);
    }
    for (const sum of stacks.values()) if (!largest || sum.bytes > largest.bytes) largest = sum;
    return largest?.stack ?? [];
  }
}

/** Yields the first nodes of a sample's stack, the allocating function first. */
function* stackNodes(
  { profile, stackStart, stackEnd }: View,
  { locationOffsets, locationNodes }: NodeTable,
  sample: SampleIndex,
  limit = 1,
): Generator<NodeIndex> {
  let left = limit;
  for (let i = stackStart[sample]; i < stackEnd[sample]; i++) {
    const location = profile.samples.stackLocations[i];
    for (let j = locationOffsets[location]; j < locationOffsets[location + 1]; j++) {
      if (left-- <= 0) return;
      yield locationNodes[j];
    }
  }
}
