import type { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";
import { type NewHeader, type NewValueType, ProfileBuilder } from "../profile/profile-builder.js";
import type { Format } from "./format.js";
import { JsonInput, outermostKeys } from "./json.js";
import { ScriptFrames } from "./script-frames.js";
import { NO_STACK, StackSums } from "./stack-sums.js";
import { isV8Root, v8Frame } from "./v8-frames.js";

const SPACE: NewValueType = { type: "space", unit: "bytes" };
const OBJECTS: NewValueType = { type: "objects", unit: "count" };

/**
 * V8's sampling heap profiles, `.heapprofile`: JSON with a call tree, and what was allocated
 * at each node and is still there. With `samples`, as today's V8 writes them, each is
 * counted as an object and its size is a label; without, there are only bytes.
 */
export const v8Heap: Format = {
  name: "V8 heap profile",

  detect(bytes) {
    for (const key of outermostKeys(bytes)) {
      if (key === "head") return true;
      if (key !== "samples" && key !== "startTime" && key !== "endTime") return false;
    }
    return false;
  },

  read(bytes, budget) {
    const json = new JsonInput(this.name, budget);
    return heapProfileOf(json.parse(bytes), budget);
  },
};

/** What V8's own object does not tell of a heap profile, and the one who asked for it knows. */
export interface HeapProfileHints
  extends Pick<NewHeader, "timeNanos" | "durationNanos" | "comments"> {
  /** What the sample types begin with, such as `inuse_`: whether there are also freed objects. */
  readonly prefix?: string;
  /** About how many bytes are allocated between two samples. */
  readonly intervalBytes?: number;
}

/**
 * A profile of what V8's `HeapProfiler.getSamplingProfile` returns, which is also what a
 * `.heapprofile` holds, once parsed. Throws a `ProfileError` where it is none, or takes more
 * than is left of `budget`.
 */
export function heapProfileOf(
  value: unknown,
  budget: Budget,
  hints: HeapProfileHints = {},
): Profile {
  const { prefix, intervalBytes = 0, ...header } = hints;
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
  const open = [{ entry: head, stack: NO_STACK, isTop: true }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { callFrame, selfSize, id, children } = json.object(next.entry, "a node");
    const isRoot = next.isTop && isV8Root(json, callFrame);
    const stack = isRoot
      ? next.stack
      : sums.child(next.stack, frames.location(v8Frame(json, frames, callFrame)));
    let left = json.whole(selfSize, "a selfSize", 0);
    const ownSamples = samplesOf.get(id) ?? [];
    // Nodes that share an id do not share their samples.
    samplesOf.delete(id);
    for (const [size, count] of sizesUpTo(left, ownSamples)) {
      // Of small objects it is what the sample stands for, and not their size.
      const labels = prefix === undefined ? [{ key: "bytes", number: size, unit: "bytes" }] : [];
      sums.add(stack, [count, count * size], sums.labels(labels));
      left -= count * size;
    }
    if (left !== 0) sums.add(stack, hasSamples ? [0, left] : [left]);
    const callees = json.list(children, "the children of a node", true);
    budget.charge(callees.length * OPEN_NODE_BYTES);
    for (let i = callees.length - 1; i >= 0; i--) {
      open.push({ entry: callees[i], stack, isTop: false });
    }
  }
  sums.finish();
  return builder.finish({
    ...header,
    defaultSampleType: named(SPACE).type,
    periodType: SPACE,
    period: intervalBytes,
  });
}

/** What a sample, and a node whose turn is still to come, takes in memory, in bytes. */
const SAMPLE_BYTES = 64;
const OPEN_NODE_BYTES = 56;

interface Sample {
  readonly size: number;
  readonly ordinal: number;
}

/** By id of a node: its samples, the first that was taken first. */
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

/**
 * By size: how many samples there are, of those that make up the size of their node. V8
 * itself allocates between the writing of the tree and that of the samples, so that there
 * may be more, and of nodes that are not in the tree.
 */
function sizesUpTo(selfSize: number, samples: readonly Sample[]): Map<number, number> {
  const counts = new Map<number, number>();
  let left = selfSize;
  for (const { size } of samples) {
    if (size > left) break;
    left -= size;
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  return counts;
}
