import type { Budget } from "../profile/budget.js";
import type { WarnReader } from "./format.js";
import type { JsonInput, JsonObject } from "./json.js";
import type { ScriptFrame, ScriptFrames } from "./script-frames.js";
import { NO_LABELS, NO_STACK, type StackSums, shareOut } from "./stack-sums.js";
import { type FirstLine, isV8Root, isV8State, v8Frame } from "./v8-frames.js";

/** The samples of one thread from V8's profiler. Times are microseconds. */
export interface V8Samples {
  /** Nodes of the call tree, which refer to their `children` or their `parent`. */
  readonly nodes: readonly unknown[];
  /** Ids of nodes; if empty, nodes have only a `hitCount`. */
  readonly samples: readonly unknown[];
  /**
   * The time since the previous sample; for the first sample since `startTime`. Undefined if the
   * profile has no times; then only counts are added to the sums.
   */
  readonly timeDeltas: readonly unknown[] | undefined;
  /** The line of each sample, from 1, or 0 if unknown; undefined if nodes have `positionTicks`. */
  readonly lines: readonly unknown[] | undefined;
  readonly startTime: number;
  /** The number of the first line in call frames; 0 if undefined. */
  readonly firstLine?: FirstLine;
  /** Undefined if unknown. */
  readonly endTime: number | undefined;
}

/** The memory of a node, and of the time of a sample, in bytes. */
const NODE_BYTES = 500;
const SAMPLE_BYTES = 12;

/** The sums of all samples, and the numbers of problems. Times are microseconds. */
export interface V8Totals {
  count: number;
  micros: number;
  /** Samples that were skipped, because their node is missing. */
  skipped: number;
  /** Samples without some of their callers, because the parent of a node is missing. */
  incomplete: number;
  /** Children of nodes that are missing. */
  missingChildren: number;
}

export function noTotals(): V8Totals {
  return { count: 0, micros: 0, skipped: 0, incomplete: 0, missingChildren: 0 };
}

/**
 * Reports the problems that `totals` counts, in one line. Throws a ProfileError if no sample is
 * left.
 */
export function reportMissing(json: JsonInput, totals: V8Totals, warn: WarnReader): void {
  const { count, skipped, incomplete, missingChildren } = totals;
  if (skipped > 0 && count === 0) throw json.malformed("no sample refers to a node");
  const problems: string[] = [];
  if (skipped > 0) problems.push(`skipped ${counted(skipped, "sample")} without a known node`);
  if (incomplete > 0) {
    problems.push(`callers are missing in ${counted(incomplete, "sample")}`);
  }
  if (missingChildren > 0) {
    problems.push(`ignored ${counted(missingChildren, "reference")} to missing nodes`);
  }
  if (problems.length > 0) warn(problems.join("; "));
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

interface Taken {
  count: number;
  micros: number;
}

interface Node {
  readonly id: number;
  readonly callFrame: unknown;
  /** Undefined for the root, which is no function. */
  frame: ScriptFrame | undefined;
  readonly isRoot: boolean;
  /** Whether the node is a state of the engine, not a function. */
  readonly isMeta: boolean;
  /** Whether the node or one of its callers refers to a missing parent. */
  lacksParent: boolean;
  readonly hitCount: number;
  readonly ticks: unknown;
  parent: Node | undefined;
  readonly children: Node[];
  /** The stack of the callers, and the stack with the node itself. */
  caller: number;
  stack: number;
  /** The values without a known line, and the values by line. */
  readonly own: Taken;
  readonly taken: Map<number, Taken>;
  /** The values of samples with labels, without a known line, by label set. */
  labelled: Map<number, Taken> | undefined;
}

/** Returns the number of a sample's label set, by the time of the sample in microseconds. */
export type LabelsAt = (micros: number) => number;

/** A hundred days; in nanoseconds still a safe integer. */
export const MAX_MICROS = 2 ** 43;

/** Nanoseconds per microsecond. */
const NANOS_PER_MICRO = 1000;

/**
 * Adds samples to `sums`, with the values count and nanoseconds, and returns the totals. `labels` is
 * the label set of all samples, or returns the set of each; then engine states, such as `(idle)`,
 * have no labels. Tolerates references to missing nodes, and counts them. Charges the memory used
 * to `budget`.
 */
export function addV8Samples(
  json: JsonInput,
  read: V8Samples,
  frames: ScriptFrames,
  sums: StackSums,
  budget: Budget,
  labels: number | LabelsAt = NO_LABELS,
  totals: V8Totals = noTotals(),
): V8Totals {
  budget.charge(read.nodes.length * NODE_BYTES + read.samples.length * SAMPLE_BYTES);
  const [common, labelsAt] = typeof labels === "number" ? [labels, undefined] : [NO_LABELS, labels];
  const nodes = readNodes(json, read.nodes, totals);
  assignStacks(json, nodes, frames, sums, read.firstLine);
  if (read.samples.length === 0) {
    for (const node of nodes.values()) if (node.hitCount > 0) take(node, 0, node.hitCount, 0);
  } else {
    totals.skipped += takeSamples(json, read, nodes, labelsAt);
  }
  const hasTimes = read.timeDeltas !== undefined;
  for (const node of nodes.values()) {
    const { frame } = node;
    const add = (set: number, line: number, { count, micros }: Taken) => {
      if (count === 0 && micros === 0) return;
      const isStart = !frame || line === 0 || line === frame.startLine;
      const stack = isStart ? node.stack : sums.child(node.caller, frames.location(frame, line));
      totals.count += count;
      totals.micros += micros;
      if (node.lacksParent) totals.incomplete += count;
      sums.add(stack, hasTimes ? [count, Math.round(micros * NANOS_PER_MICRO)] : [count], set);
    };
    const split = new TickSplitter(json, node);
    // Samples with labels first: the others also get the remaining ticks.
    for (const [set, whole] of node.labelled ?? []) {
      for (const [line, taken] of split.next(whole)) add(set, line, taken);
    }
    for (const [line, taken] of split.next(node.own)) add(common, line, taken);
    for (const [line, taken] of node.taken) add(common, line, taken);
  }
  return totals;
}

function readNodes(json: JsonInput, list: readonly unknown[], totals: V8Totals): Map<number, Node> {
  const nodes = new Map<number, Node>();
  const links: [Node, unknown, unknown][] = [];
  for (const entry of list) {
    const object = json.object(entry, "a node");
    const { id, callFrame, hitCount, children, parent, positionTicks, lineTicks } = object;
    const node: Node = {
      id: json.whole(id, "the id of a node"),
      callFrame,
      frame: undefined,
      isRoot: isV8Root(json, callFrame),
      isMeta: isV8State(json, callFrame),
      lacksParent: false,
      hitCount: json.whole(hitCount, "a hitCount", 0),
      ticks: positionTicks ?? lineTicks ?? (callFrame as JsonObject).lineTicks,
      parent: undefined,
      children: [],
      caller: 0,
      stack: 0,
      own: { count: 0, micros: 0 },
      taken: new Map(),
      labelled: undefined,
    };
    if (nodes.has(node.id)) throw json.malformed(`two nodes have the id ${node.id}`);
    nodes.set(node.id, node);
    links.push([node, children, parent]);
  }
  const nodeOf = (id: unknown) => nodes.get(json.whole(id, "the id of a node"));
  const link = (parent: Node, child: Node) => {
    if (child.parent === parent) return;
    if (child.parent) throw json.malformed(`node ${child.id} has two parents`);
    child.parent = parent;
    parent.children.push(child);
  };
  for (const [node, children, parent] of links) {
    for (const id of json.list(children, "the children of a node", true)) {
      const child = nodeOf(id);
      if (child) link(node, child);
      else totals.missingChildren++;
    }
    if (parent === undefined) continue;
    const caller = nodeOf(parent);
    if (caller) link(caller, node);
    else node.lacksParent = true;
  }
  return nodes;
}

/** Determines the stack of each node, from the roots on. */
function assignStacks(
  json: JsonInput,
  nodes: ReadonlyMap<number, Node>,
  frames: ScriptFrames,
  sums: StackSums,
  firstLine: FirstLine | undefined,
): void {
  const open = [...nodes.values()].filter(({ parent }) => !parent).reverse();
  let assigned = 0;
  for (let node = open.pop(); node; node = open.pop()) {
    assigned++;
    node.caller = node.parent?.stack ?? NO_STACK;
    if (node.isRoot && !node.parent) {
      node.stack = NO_STACK;
    } else {
      node.frame = v8Frame(json, frames, node.callFrame, firstLine);
      node.stack = sums.child(node.caller, frames.location(node.frame));
    }
    for (let i = node.children.length - 1; i >= 0; i--) {
      node.children[i].lacksParent ||= node.lacksParent;
      open.push(node.children[i]);
    }
  }
  if (assigned < nodes.size) throw json.malformed("the nodes form a cycle");
}

/**
 * Assigns the time up to the next sample to each sample's node, as Chrome does. Returns the number
 * of samples whose node is missing.
 */
function takeSamples(
  json: JsonInput,
  read: V8Samples,
  nodes: ReadonlyMap<number, Node>,
  labelsAt: LabelsAt | undefined,
): number {
  const { samples, timeDeltas = [], lines, startTime, endTime } = read;
  if (timeDeltas.length > 0 && timeDeltas.length !== samples.length) {
    throw json.malformed(`${timeDeltas.length} timeDeltas for ${samples.length} samples`);
  }
  const hasTimes = timeDeltas.length > 0;
  const times = new Float64Array(samples.length);
  let now = startTime;
  for (let i = 0; hasTimes && i < samples.length; i++) {
    const delta = timeDeltas[i];
    now += typeof delta === "number" ? delta : Number.NaN;
    // Build the name only for errors: there are millions of samples.
    if (!(Math.abs(now - startTime) <= MAX_MICROS)) {
      throw json.malformed(`timeDeltas[${i}] is out of range`);
    }
    times[i] = now;
  }
  const order = inOrder(times);
  const nodeOf = lookup(nodes);
  let skipped = 0;
  for (let at = 0; at < order.length; at++) {
    const sample = order[at];
    const node = nodeOf(samples[sample]);
    if (!node) {
      skipped++;
      continue;
    }
    const end =
      at + 1 < order.length ? times[order[at + 1]] : Math.max(times[sample], endTime ?? 0);
    const micros = hasTimes ? end - times[sample] : 0;
    if (micros > MAX_MICROS) throw json.malformed("endTime is out of range");
    const line = lines ? lines[sample] : 0;
    if (typeof line !== "number" || !Number.isSafeInteger(line) || line < 0) {
      throw json.malformed(`lines[${sample}] is not a line number`);
    }
    const set = labelsAt && !node.isMeta ? labelsAt(times[sample]) : NO_LABELS;
    if (set === NO_LABELS) take(node, line, 1, micros);
    else takeLabelled(node, set, micros);
  }
  return skipped;
}

function takeLabelled(node: Node, set: number, micros: number): void {
  node.labelled ??= new Map();
  const taken = node.labelled.get(set);
  if (taken) {
    taken.count++;
    taken.micros += micros;
  } else {
    node.labelled.set(set, { count: 1, micros });
  }
}

/** Returns a lookup of nodes by id. V8 numbers them from 1, and a list is faster than a map. */
function lookup(nodes: ReadonlyMap<number, Node>): (id: unknown) => Node | undefined {
  const list: (Node | undefined)[] = new Array(nodes.size + 2).fill(undefined);
  for (const [id, node] of nodes) {
    if (id < 0 || id >= list.length) return (any) => nodes.get(any as number);
    list[id] = node;
  }
  return (id) => (typeof id === "number" ? list[id] : undefined);
}

/** Returns the rows sorted by time: V8 sometimes writes samples out of order. */
function inOrder(times: Float64Array): Uint32Array {
  const rows = new Uint32Array(times.length).map((_, row) => row);
  for (let i = 1; i < times.length; i++) {
    if (times[i] < times[i - 1]) return rows.sort((a, b) => times[a] - times[b] || a - b);
  }
  return rows;
}

function take(node: Node, line: number, count: number, micros: number): void {
  if (line === 0) {
    node.own.count += count;
    node.own.micros += micros;
    return;
  }
  const taken = node.taken.get(line);
  if (taken) {
    taken.count += count;
    taken.micros += micros;
  } else {
    node.taken.set(line, { count, micros });
  }
}

/**
 * Divides the values of a node among its lines, in proportion to their ticks; the rest has no known
 * line. V8 does not say which tick belongs to which sample. If samples have labels, each label set
 * gets its part of each line's ticks, and all parts add up to the line's ticks.
 */
class TickSplitter {
  /** The remaining ticks by line. */
  readonly #lines: number[] = [];
  readonly #ticks: number[] = [];

  constructor(json: JsonInput, node: Node) {
    for (const entry of json.list(node.ticks, "positionTicks", true)) {
      // V8's own format has `ticks`; v8-profiler-next's has `hitCount`.
      const { line, hitCount, ticks = hitCount } = json.object(entry, "an entry of positionTicks");
      this.#lines.push(json.whole(line, "the line of a tick"));
      this.#ticks.push(json.whole(ticks, "the tick count of a line"));
    }
    if (this.#lines.some((line) => line < 0) || this.#ticks.some((count) => count < 0)) {
      throw json.malformed("positionTicks has a negative number");
    }
    if (this.#lines.length === 0) return;
    let count = node.own.count;
    for (const whole of node.labelled?.values() ?? []) count += whole.count;
    const known = this.#ticks.reduce((sum, count) => sum + count, 0);
    if (known >= count) return;
    this.#lines.push(0);
    this.#ticks.push(count - known);
  }

  /** Returns the lines of the next part of the node's values. */
  next(whole: Taken): [line: number, taken: Taken][] {
    if (whole.count === 0 || this.#lines.length === 0) return [[0, whole]];
    const weights = [...this.#ticks];
    const counts = shareOut(whole.count, weights);
    counts.forEach((count, i) => {
      this.#ticks[i] -= count;
    });
    // Use nanoseconds only if the time is not in whole microseconds.
    const parts = Number.isInteger(whole.micros)
      ? shareOut(whole.micros, weights)
      : shareOut(Math.round(whole.micros * NANOS_PER_MICRO), weights).map(
          (nanos) => nanos / NANOS_PER_MICRO,
        );
    return this.#lines.map((line, i) => [line, { count: counts[i], micros: parts[i] }]);
  }
}
