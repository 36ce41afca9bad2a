import type { Budget } from "../../profile/budget.js";
import type { Profile } from "../../profile/profile.js";
import {
  type NewHeader,
  type NewValueType,
  ProfileBuilder,
} from "../../profile/profile-builder.js";
import type { Format } from "../format.js";
import { JsonInput } from "../json.js";
import { ScriptFrames } from "../script-frames.js";
import { NO_STACK, StackSums } from "../stack-sums.js";
import { detectV8, unwrapV8 } from "./detect.js";
import { isV8Root, v8Frame } from "./frames.js";
import { HeapSampler, samplerOf } from "./heap-objects.js";

const SPACE: NewValueType = { type: "space", unit: "bytes" };
const OBJECTS: NewValueType = { type: "objects", unit: "count" };

/**
 * V8's sampling heap profiles, `.heapprofile`: JSON with a call tree and the live memory allocated
 * at each node. With `samples`, as current V8 versions write them, there are also the numbers of
 * objects by their size, which is a label.
 */
export const v8Heap: Format = {
  name: "V8 heap profile",

  detect(bytes) {
    return detectV8(bytes) === "heap";
  },

  read(bytes, budget) {
    const json = new JsonInput(this.name, budget);
    return heapProfileOf(unwrapV8(json.parse(bytes)), budget);
  },
};

/** Properties of a heap profile that V8's object lacks, but its requester knows. */
export interface HeapProfileHints
  extends Pick<NewHeader, "timeNanos" | "durationNanos" | "comments"> {
  /** The prefix of the sample types: `alloc_` if freed objects are included, else `inuse_`. */
  readonly prefix?: string;
  /** The average number of bytes allocated between two samples. */
  readonly intervalBytes?: number;
  /** The memory in use outside of V8's heap. */
  readonly outside?: OutsideMemory | undefined;
}

/** The memory of objects outside of V8's heap in bytes, as `process.memoryUsage()` returns it. */
export interface OutsideMemory {
  /** The memory of ArrayBuffers, such as that of Buffers. */
  readonly arrayBuffers: number;
  /** All of it. */
  readonly external: number;
}

/**
 * Converts the result of V8's `HeapProfiler.getSamplingProfile`, or a parsed `.heapprofile`, to a
 * profile. Throws a `ProfileError` if it is invalid or needs more than the rest of `budget`.
 */
export function heapProfileOf(
  value: unknown,
  budget: Budget,
  hints: HeapProfileHints = {},
): Profile {
  const { prefix, intervalBytes, outside, ...header } = hints;
  const json = new JsonInput(v8Heap.name, budget);
  const { head, samples } = json.object(value, "the profile");
  const list = json.list(samples, "samples", true);
  const hasSamples = list.length > 0 || prefix !== undefined;
  const named = ({ type, unit }: NewValueType) => ({ type: `${prefix ?? ""}${type}`, unit });
  const types = hasSamples ? [named(OBJECTS), named(SPACE)] : [SPACE];
  const builder = new ProfileBuilder(types, budget);
  const frames = new ScriptFrames(builder, budget);
  const sums = new StackSums(builder, types.length, budget);
  budget.charge(list.length * SAMPLE_BYTES);
  const samplesOf = samplesByNode(json, list);
  const sampler = samplerFor(samplesOf, intervalBytes);
  const open = [{ entry: head, stack: NO_STACK, isTop: true }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { callFrame, selfSize, id, children } = json.object(next.entry, "a node");
    const isRoot = next.isTop && isV8Root(json, callFrame);
    const stack = isRoot
      ? next.stack
      : sums.child(next.stack, frames.location(v8Frame(json, frames, callFrame)));
    let left = json.whole(selfSize, "a selfSize", 0);
    const samples = samplesOf.get(id)?.map(({ size }) => size) ?? [];
    // Nodes with the same id do not share samples.
    samplesOf.delete(id);
    for (const { size, count } of left > 0 ? sampler.objectsOf(left, samples) : []) {
      const bytes = Math.min(left, size * count);
      sums.add(stack, [count, bytes], sums.labels([{ key: "bytes", number: size, unit: "bytes" }]));
      left -= bytes;
    }
    if (left !== 0) sums.add(stack, hasSamples ? [0, left] : [left]);
    const callees = json.list(children, "the children of a node", true);
    budget.charge(callees.length * OPEN_NODE_BYTES);
    for (let i = callees.length - 1; i >= 0; i--) {
      open.push({ entry: callees[i], stack, isTop: false });
    }
  }
  for (const [name, bytes] of outside && hasSamples ? rowsOf(outside) : []) {
    const frame = frames.frame({ name, file: "", startLine: 0, startColumn: 0 });
    sums.add(sums.child(NO_STACK, frames.location(frame)), [0, bytes]);
  }
  sums.finish();
  return builder.finish({
    ...header,
    defaultSampleType: named(SPACE).type,
    periodType: SPACE,
    period: sampler.interval,
  });
}

/** Returns the memory outside of the heap by the name of a function; V8 does not know its stacks. */
function rowsOf({ arrayBuffers, external }: OutsideMemory): [string, number][] {
  return [
    ["(array buffers)", arrayBuffers],
    // V8 counts later than Node does.
    ["(external memory)", Math.max(0, external - arrayBuffers)],
  ];
}

/** The memory of a sample with its possible sizes, and of a pending node, in bytes. */
const SAMPLE_BYTES = 256;
const OPEN_NODE_BYTES = 56;

interface Sample {
  readonly size: number;
  readonly ordinal: number;
}

/** Returns the samples by node id, oldest first. */
function samplesByNode(json: JsonInput, list: readonly unknown[]): Map<unknown, Sample[]> {
  const byNode = new Map<unknown, Sample[]>();
  for (const entry of list) {
    const { nodeId, size, ordinal } = json.object(entry, "a sample");
    const sample = {
      size: json.whole(size, "the size of a sample"),
      ordinal: json.whole(ordinal, "the ordinal of a sample", 0),
    };
    if (sample.size < 0) throw json.malformed("the size of a sample is negative");
    const samples = byNode.get(nodeId);
    if (samples) samples.push(sample);
    else byNode.set(nodeId, [sample]);
  }
  for (const samples of byNode.values()) samples.sort((a, b) => a.ordinal - b.ordinal);
  return byNode;
}

function samplerFor(
  byNode: ReadonlyMap<unknown, readonly Sample[]>,
  intervalBytes: number | undefined,
): HeapSampler {
  if (intervalBytes !== undefined) return new HeapSampler(intervalBytes);
  const sizes = new Set<number>();
  for (const samples of byNode.values()) for (const { size } of samples) sizes.add(size);
  return samplerOf(sizes);
}
