import type { Budget } from "../../profile/budget.js";
import { indexColumn } from "../../profile/columns.js";
import type { LocationIndex } from "../../profile/indices.js";
import type { Profile } from "../../profile/profile.js";
import { type NewValueType, ProfileBuilder } from "../../profile/profile-builder.js";
import type { Format } from "../format.js";
import { JsonInput, outermostFields, outermostKeys } from "../json.js";
import { ScriptFrames } from "../script-frames.js";
import { ClassPaths, NO_PATH } from "./class-paths.js";
import { type Classes, classesOf } from "./classes.js";
import { type DominatorTree, dominatorTree, ROOT_POSITION } from "./dominators.js";
import { type HeapGraph, readGraph, wordsFor } from "./graph.js";
import { PathSums } from "./path-sums.js";
import { retainingEdges } from "./retaining-edges.js";

const TYPES: readonly NewValueType[] = [
  { type: "objects", unit: "count" },
  { type: "space", unit: "bytes" },
];

/** The name at the root of the paths of objects that the root of the snapshot does not retain. */
const UNREACHABLE = "(unreachable)";

/** The name of memory outside of the heap that belongs to no object. */
const EXTRA_NATIVE = "(extra native bytes)";

/** The label with the function that allocated an object. */
const ALLOCATED_BY = "allocated_by";

/**
 * V8's heap snapshots, `.heapsnapshot`: the objects of a program and their references. The stack of
 * an object is its path in the dominator tree by classes, so that the flat value of a class is its
 * shallow size, and the cum value its retained size. Values and names are as in Chrome DevTools.
 */
export const heapSnapshot: Format = {
  name: "V8 heap snapshot",

  detect(bytes) {
    for (const { key, valueAt } of outermostFields(bytes)) {
      return key === "snapshot" && hasMeta(bytes.subarray(valueAt));
    }
    return false;
  },

  read(bytes, budget) {
    const json = new JsonInput(this.name, budget);
    const graph = readGraph(bytes, json);
    const builder = new ProfileBuilder(TYPES, budget);
    const frames = new ScriptFrames(builder, budget);
    // Before the edges that retain nothing are removed.
    const classes = classesOf(graph, frames, budget);
    const tree = dominatorTree(retainingEdges(graph, budget), graph.root, budget);
    return profileOf(graph, tree, classes, { builder, frames, budget });
  },
};

/** Tests whether the value of `snapshot` describes a heap snapshot. */
function hasMeta(snapshot: Uint8Array): boolean {
  for (const key of outermostKeys(snapshot)) if (key === "meta") return true;
  return false;
}

interface Output {
  readonly builder: ProfileBuilder;
  readonly frames: ScriptFrames;
  readonly budget: Budget;
}

/** Sums up the objects by their paths in the dominator tree, and by the functions that allocated them. */
function profileOf(
  { nodeCount, selfSize, type, types, traceNode, traces, ids, times, extraNativeBytes }: HeapGraph,
  { order, dominator, reachable }: DominatorTree,
  classes: Classes,
  { builder, frames, budget }: Output,
): Profile {
  const paths = new ClassPaths(budget);
  const sums = new PathSums(budget);
  const native = types.indexOf("native");
  const unreachable = classes.count;
  const pathAt = wordsFor(budget, nodeCount + 1);
  for (let position = ROOT_POSITION; position <= nodeCount; position++) {
    const node = order[position];
    const above = dominator[position];
    let path = above === 0 ? NO_PATH : pathAt[above];
    if (position > reachable && above === ROOT_POSITION) path = paths.extend(path, unreachable);
    path = paths.extend(path, classes.ofNode[node]);
    // The root is on no other path.
    pathAt[position] = position === ROOT_POSITION ? NO_PATH : path;
    // As in Chrome DevTools, other nodes without a size are no objects.
    if (selfSize[node] === 0 && type[node] !== native) continue;
    const label = traceNode && traces ? traces.label(traceNode[node]) : 0;
    sums.add(path, label, selfSize[node], times && ids ? times.sampleOf(ids[node]) : 0);
  }
  const special = (name: string) => frames.location(frames.frame({ ...NO_POSITION, name }));
  sums.forEach((path, label, count, size) => {
    const stack = new Uint32Array(paths.depth(path));
    for (let at = path, i = 0; at !== NO_PATH; at = paths.parent(at)) {
      const cls = paths.lastClass(at);
      stack[i++] = cls === unreachable ? special(UNREACHABLE) : classes.location(cls);
    }
    const text = label === 0 ? undefined : traces?.text(label);
    const labels = text === undefined ? [] : [{ key: ALLOCATED_BY, text }];
    builder.addSample(indexColumn<LocationIndex>(stack), [count, size], labels);
  });
  if (times) builder.setObservations(sums.observations((time) => times.time(time), budget));
  if (extraNativeBytes > 0) {
    const stack = Uint32Array.of(special(EXTRA_NATIVE));
    builder.addSample(indexColumn<LocationIndex>(stack), [0, extraNativeBytes]);
  }
  // Every object is in a snapshot, so the sampling rate is 1 byte.
  const [, space] = TYPES;
  return builder.finish({
    ...{ defaultSampleType: space.type, periodType: space, period: 1 },
    durationNanos: times?.duration ?? 0,
  });
}

const NO_POSITION = { file: "", startLine: 0, startColumn: 0 };
