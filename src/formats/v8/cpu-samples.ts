import type { Budget } from "../../profile/budget.js";
import { counted } from "../counted.js";
import type { WarnReader } from "../format.js";
import type { JsonInput, JsonObject } from "../json.js";
import type { ScriptFrame, ScriptFrames } from "../script-frames.js";
import { NO_LABELS, NO_STACK, type StackSums, shareOut } from "../stack-sums.js";
import {
  type FirstLine,
  hermesFrame,
  isHermesRoot,
  isV8Root,
  isV8State,
  V8_IDLE,
  v8Frame,
} from "./frames.js";

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
  /**
   * Whether samples have the order in which they were taken; true if undefined. False in files that
   * tsprof converted from profiles without times.
   */
  readonly isInOrder?: boolean;
  /** When the recording began, which may have other threads; `startTime` if undefined. */
  readonly origin?: number;
  /** If given, the CPU time is a third value. */
  readonly cpuTimes?: CpuTimes | undefined;
}

/** The time of each sample until the next one, in microseconds; sorted by time. */
export interface SampleSpans {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** 1 for each sample that waits for events. */
  readonly isIdle: Uint8Array;
}

/** Returns the CPU time of each sample in nanoseconds. */
export type CpuTimes = (spans: SampleSpans) => Float64Array;

/** The memory of a node, and of a sample while samples are sorted by time, in bytes. */
const NODE_BYTES = 500;
const SAMPLE_BYTES = 64;

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

interface Node {
  readonly id: number;
  readonly callFrame: unknown;
  /** Undefined for the root, which is no function. */
  frame: ScriptFrame | undefined;
  readonly isRoot: boolean;
  /** Whether the node is a state of the engine, not a function. */
  readonly isMeta: boolean;
  readonly isIdle: boolean;
  /** Whether the node or one of its callers refers to a missing parent. */
  lacksParent: boolean;
  readonly hitCount: number;
  readonly ticks: unknown;
  parent: Node | undefined;
  readonly children: Node[];
  /** The stack of the callers, and the stack with the node itself. */
  caller: number;
  stack: number;
  /** The number of samples of this node, without its callees. */
  count: number;
  /** The lines of the samples; undefined before the first one. */
  lines: TickLines | undefined;
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
  const nodes = readNodes(json, read.nodes, totals);
  assignStacks(json, nodes, frames, sums, read.firstLine);
  const stackAt = (node: Node, line: number): number => {
    const { frame, stack, caller } = node;
    return frame && line > 0 ? sums.child(caller, frames.location(frame, line)) : stack;
  };
  const { samples, timeDeltas, startTime, endTime = 0, origin = startTime } = read;
  const hasTimes = timeDeltas !== undefined && timeDeltas.length > 0;
  const noTime = timeDeltas ? (read.cpuTimes ? [0, 0] : [0]) : [];
  if (samples.length === 0) {
    const common = typeof labels === "number" ? labels : NO_LABELS;
    for (const node of nodes.values()) {
      if (node.hitCount <= 0) continue;
      count(totals, node, node.hitCount);
      for (const [line, hits] of shareOutTicks(json, node, node.hitCount)) {
        if (hits > 0) sums.add(stackAt(node, line), [hits, ...noTime], common);
      }
    }
    return totals;
  }
  const { times, order } = sampleTimes(json, read);
  const nodeOf = lookup(nodes);
  for (const id of samples) {
    const node = nodeOf(id);
    if (node) node.count++;
  }
  const endAt = (at: number): number =>
    at + 1 < order.length ? times[order[at + 1]] : Math.max(times[order[at]], endTime);
  const cpu =
    hasTimes &&
    read.cpuTimes?.({
      starts: Float64Array.from(order, (sample) => times[sample]),
      ends: Float64Array.from(order, (_, at) => endAt(at)),
      isIdle: Uint8Array.from(order, (sample) => (nodeOf(samples[sample])?.isIdle ? 1 : 0)),
    });
  for (let at = 0; at < order.length; at++) {
    const sample = order[at];
    const node = nodeOf(samples[sample]);
    if (!node) {
      totals.skipped++;
      continue;
    }
    const time = times[sample];
    // The value of a sample is the time until the next one, as in Chrome.
    const micros = hasTimes ? endAt(at) - time : 0;
    if (micros > MAX_MICROS) throw json.malformed("endTime is out of range");
    count(totals, node, 1);
    totals.micros += micros;
    const stack = stackAt(node, lineOf(json, read, sample) || nextTickLine(json, node));
    let set = NO_LABELS;
    if (typeof labels === "number") set = labels;
    else if (!node.isMeta) set = labels(time);
    if (hasTimes) {
      const values = [1, Math.round(micros * NANOS_PER_MICRO)];
      if (cpu) values.push(Math.round(cpu[at]));
      if (read.isInOrder === false) sums.add(stack, values, set);
      else sums.observe((time - origin) * NANOS_PER_MICRO, stack, values, set);
    } else {
      sums.add(stack, [1, ...noTime], set);
    }
  }
  return totals;
}

function count(totals: V8Totals, { lacksParent }: Node, samples: number): void {
  totals.count += samples;
  if (lacksParent) totals.incomplete += samples;
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
      isRoot: isV8Root(json, callFrame) || isHermesRoot(json, callFrame),
      isMeta: isV8State(json, callFrame),
      isIdle: (callFrame as JsonObject).functionName === V8_IDLE,
      lacksParent: false,
      hitCount: json.whole(hitCount, "a hitCount", 0),
      ticks: positionTicks ?? lineTicks ?? (callFrame as JsonObject).lineTicks,
      parent: undefined,
      children: [],
      caller: 0,
      stack: 0,
      count: 0,
      lines: undefined,
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
  const isHermes = open.some(({ callFrame }) => isHermesRoot(json, callFrame));
  let assigned = 0;
  for (let node = open.pop(); node; node = open.pop()) {
    assigned++;
    node.caller = node.parent?.stack ?? NO_STACK;
    if (node.isRoot && !node.parent) {
      node.stack = NO_STACK;
    } else if (isHermes) {
      const { frame, line } = hermesFrame(json, frames, node.callFrame);
      node.frame = frame;
      node.stack = sums.child(node.caller, frames.location(frame, line));
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

/** Returns the time of each sample in microseconds, 0 without times, and the samples by time. */
function sampleTimes(
  json: JsonInput,
  { samples, timeDeltas = [], startTime }: V8Samples,
): { times: Float64Array; order: Uint32Array } {
  if (timeDeltas.length > 0 && timeDeltas.length !== samples.length) {
    throw json.malformed(`${timeDeltas.length} timeDeltas for ${samples.length} samples`);
  }
  const times = new Float64Array(samples.length);
  let now = startTime;
  for (let i = 0; i < timeDeltas.length; i++) {
    const delta = timeDeltas[i];
    now += typeof delta === "number" ? delta : Number.NaN;
    // Build the name only for errors: there are millions of samples.
    if (!(Math.abs(now - startTime) <= MAX_MICROS)) {
      throw json.malformed(`timeDeltas[${i}] is out of range`);
    }
    times[i] = now;
  }
  return { times, order: inOrder(times) };
}

/** Returns the line that was recorded with a sample, or 0. */
function lineOf(json: JsonInput, { lines }: V8Samples, sample: number): number {
  const line = lines ? lines[sample] : 0;
  if (typeof line === "number" && Number.isSafeInteger(line) && line >= 0) return line;
  throw json.malformed(`lines[${sample}] is not a line number`);
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

/** Returns the next line of a node's ticks, or 0. */
function nextTickLine(json: JsonInput, node: Node): number {
  node.lines ??= new TickLines(shareOutTicks(json, node, node.count), node.count);
  return node.lines.next();
}

/**
 * Divides the samples of a node among its lines, in proportion to their ticks; the rest has no known
 * line.
 */
function shareOutTicks(
  json: JsonInput,
  { ticks: entries }: Node,
  samples: number,
): (readonly [line: number, samples: number])[] {
  const lines: number[] = [];
  const ticks: number[] = [];
  let known = 0;
  for (const entry of json.list(entries, "positionTicks", true)) {
    // V8's own format has `ticks`; v8-profiler-next's has `hitCount`.
    const {
      line,
      hitCount,
      ticks: given = hitCount,
    } = json.object(entry, "an entry of positionTicks");
    const count = json.whole(given, "the tick count of a line");
    lines.push(json.whole(line, "the line of a tick"));
    ticks.push(count);
    if (count < 0 || lines[lines.length - 1] < 0) {
      throw json.malformed("positionTicks has a negative number");
    }
    known += count;
  }
  if (known < samples) {
    lines.push(0);
    ticks.push(samples - known);
  }
  return shareOut(samples, ticks).map((count, i) => [lines[i], count] as const);
}

/** The inverse of the golden ratio: steps of this share of a range spread most evenly over it. */
const EVEN_STEP = (Math.sqrt(5) - 1) / 2;

/**
 * Deals out the lines of a node's ticks to its samples. V8 does not record which tick belongs to
 * which sample, so lines are spread evenly over time.
 */
class TickLines {
  /** The lines, and by line the number of samples up to and with it. */
  readonly #lines: number[] = [];
  readonly #ends: number[] = [];
  readonly #count: number;
  readonly #stride: number;
  #position = 0;

  constructor(shares: readonly (readonly [line: number, samples: number])[], count: number) {
    let end = 0;
    for (const [line, samples] of shares) {
      if (samples === 0) continue;
      end += samples;
      this.#lines.push(line);
      this.#ends.push(end);
    }
    this.#count = count;
    this.#stride = coprimeNear(count * EVEN_STEP, count);
  }

  next(): number {
    let low = 0;
    let high = this.#ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle] > this.#position) high = middle;
      else low = middle + 1;
    }
    // Steps of a number without a common divisor visit each position once.
    this.#position = (this.#position + this.#stride) % this.#count;
    return this.#lines[low] ?? 0;
  }
}

/** Returns a whole number near `value` that has no common divisor with `count`. */
function coprimeNear(value: number, count: number): number {
  let candidate = Math.max(1, Math.round(value));
  while (divisor(candidate, count) > 1) candidate++;
  return candidate;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
