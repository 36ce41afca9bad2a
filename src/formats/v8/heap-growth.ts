import type { Budget } from "../../profile/budget.js";
import type { Profile } from "../../profile/profile.js";
import { JsonInput } from "../json.js";
import { type HeapProfileHints, heapProfileOf, type OutsideMemory, v8Heap } from "./heap.js";
import { HeapSampler } from "./heap-objects.js";

/** The memory that was allocated and freed between two points in time, as positive values. */
export interface HeapChange {
  readonly allocated: Profile;
  readonly freed: Profile;
}

/** The memory in use at a point in time. */
export interface HeapState {
  /** The result of V8's `HeapProfiler.getSamplingProfile`. */
  readonly profile: unknown;
  readonly outside?: OutsideMemory | undefined;
}

/** The hints of a profile of the program itself. */
type OwnHints = HeapProfileHints & Required<Pick<HeapProfileHints, "intervalBytes">>;

/**
 * Compares the memory in use at two points of the same sampling; without `before`, the sampling began
 * later. A sample keeps its ordinal as long as its object lives. Throws a `ProfileError` if a profile
 * is invalid, or if they need more than the rest of `budget`.
 */
export function heapChangeOf(
  before: HeapState | undefined,
  after: HeapState,
  budget: Budget,
  hints: OwnHints,
): HeapChange {
  const json = new JsonInput(v8Heap.name, budget);
  const old = before ? ordinalsOf(json, before.profile) : new Set();
  const current = ordinalsOf(json, after.profile);
  const only = (state: HeapState, others: ReadonlySet<unknown>, outside: OutsideMemory) =>
    heapProfileOf(withoutSamples(json, state.profile, others, hints.intervalBytes), budget, {
      ...hints,
      outside,
    });
  return {
    allocated: only(after, old, growthOutside(before?.outside, after.outside)),
    freed: only(before ?? after, current, growthOutside(after.outside, before?.outside)),
  };
}

const NOTHING: OutsideMemory = { arrayBuffers: 0, external: 0 };

/** Returns by how much the memory outside of the heap grew; 0 if it shrank. */
function growthOutside(before = NOTHING, after = NOTHING): OutsideMemory {
  const arrayBuffers = Math.max(0, after.arrayBuffers - before.arrayBuffers);
  const others = (state: OutsideMemory) => state.external - state.arrayBuffers;
  return { arrayBuffers, external: arrayBuffers + Math.max(0, others(after) - others(before)) };
}

function ordinalsOf(json: JsonInput, value: unknown): Set<unknown> {
  return new Set(samplesOf(json, value).map(({ ordinal }) => ordinal));
}

function samplesOf(json: JsonInput, value: unknown): Record<string, unknown>[] {
  const { samples } = json.object(value, "the profile");
  return json.list(samples, "samples", true).map((sample) => json.object(sample, "a sample"));
}

/** Returns the profile without the samples with the given ordinals. */
function withoutSamples(
  json: JsonInput,
  value: unknown,
  without: ReadonlySet<unknown>,
  interval: number,
): unknown {
  const samples = samplesOf(json, value).filter(({ ordinal }) => !without.has(ordinal));
  const sampler = new HeapSampler(interval);
  /** By node: the number of samples of each size, given by the bytes that a sample represents. */
  const counts = new Map<unknown, Map<number, number>>();
  for (const { nodeId, size } of samples) {
    const bytes = json.whole(size, "the size of a sample");
    const ofNode = counts.get(nodeId) ?? new Map<number, number>();
    counts.set(nodeId, ofNode.set(bytes, (ofNode.get(bytes) ?? 0) + 1));
  }
  const selfSize = (id: unknown) => {
    let sum = 0;
    for (const [bytes, number] of counts.get(id) ?? []) {
      const [size = bytes] = sampler.sizesOf(bytes);
      sum += size * sampler.objects(size, number);
    }
    return sum;
  };
  const { head } = json.object(value, "the profile");
  return { head: copyTree(json, head, selfSize), samples };
}

/** Copies the nodes of a call tree, with other sizes. */
function copyTree(json: JsonInput, head: unknown, selfSize: (id: unknown) => number): unknown {
  const root: unknown[] = [];
  const open = [{ entry: head, siblings: root }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { callFrame, id, children } = json.object(next.entry, "a node");
    const copies: unknown[] = [];
    next.siblings.push({ callFrame, id, selfSize: selfSize(id), children: copies });
    for (const child of json.list(children, "the children of a node", true)) {
      open.push({ entry: child, siblings: copies });
    }
  }
  return root[0];
}
