import type { Budget } from "../../profile/budget.js";
import { grown, indexColumn } from "../../profile/columns.js";
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
import { retainingEdges } from "./retaining-edges.js";

const TYPES: readonly NewValueType[] = [
  { type: "objects", unit: "count" },
  { type: "space", unit: "bytes" },
];

/** The name at the root of the paths of objects that the root of the snapshot does not retain. */
const UNREACHABLE = "(unreachable)";

/** The memory of the sums of a path, in bytes. */
const SUM_BYTES = 16;

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

/** Sums up the objects by their paths in the dominator tree. */
function profileOf(
  { nodeCount, selfSize, type, types }: HeapGraph,
  { order, dominator, reachable }: DominatorTree,
  classes: Classes,
  { builder, frames, budget }: Output,
): Profile {
  const paths = new ClassPaths(budget);
  const native = types.indexOf("native");
  const unreachable = classes.count;
  const pathAt = wordsFor(budget, nodeCount + 1);
  let counts = new Float64Array(1 << 10);
  let sizes = new Float64Array(1 << 10);
  for (let position = ROOT_POSITION; position <= nodeCount; position++) {
    const node = order[position];
    const above = dominator[position];
    let path = above === 0 ? NO_PATH : pathAt[above];
    // The root itself is on no path.
    if (position !== ROOT_POSITION || selfSize[node] > 0) {
      if (position > reachable && above === ROOT_POSITION) path = paths.extend(path, unreachable);
      path = paths.extend(path, classes.ofNode[node]);
    }
    pathAt[position] = position === ROOT_POSITION ? NO_PATH : path;
    // As in Chrome DevTools, other nodes without a size are no objects.
    if (selfSize[node] === 0 && type[node] !== native) continue;
    if (path >= counts.length) {
      budget.charge(counts.length * SUM_BYTES);
      counts = grown(counts);
      sizes = grown(sizes);
    }
    counts[path]++;
    sizes[path] += selfSize[node];
  }
  const location = (cls: number): LocationIndex =>
    cls === unreachable
      ? frames.location(frames.frame({ ...NO_POSITION, name: UNREACHABLE }))
      : classes.location(cls);
  const { length } = paths;
  for (let path = 0; path < length; path++) {
    if (path >= counts.length || counts[path] === 0) continue;
    const stack = new Uint32Array(paths.depth(path));
    for (let at = path, i = 0; at !== NO_PATH; at = paths.parent(at)) {
      stack[i++] = location(paths.lastClass(at));
    }
    builder.addSample(indexColumn<LocationIndex>(stack), [counts[path], sizes[path]]);
  }
  return builder.finish({ defaultSampleType: TYPES[1].type });
}

const NO_POSITION = { file: "", startLine: 0, startColumn: 0 };
