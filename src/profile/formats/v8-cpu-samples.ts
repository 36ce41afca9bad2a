import type { JsonInput } from "./json.js";
import type { ScriptFrame, ScriptFrames } from "./script-frames.js";
import { NO_LABELS, NO_STACK, type StackSums, shareOut } from "./stack-sums.js";
import { isV8Root, v8Frame } from "./v8-frames.js";

/** What V8's sampler tells, of one thread. Times are microseconds. */
export interface V8Samples {
  /** Nodes of the call tree, which name their `children`, or their `parent`. */
  readonly nodes: readonly unknown[];
  /** Ids of nodes; without them, nodes have no more than a `hitCount`. */
  readonly samples: readonly unknown[];
  /** From the sample before to each; of the first from `startTime`. */
  readonly timeDeltas: readonly unknown[];
  /** Of each sample, from 1, and 0 where it is not known; undefined where nodes have `positionTicks`. */
  readonly lines: readonly unknown[] | undefined;
  readonly startTime: number;
  /** Undefined where it is not known. */
  readonly endTime: number | undefined;
}

interface Taken {
  count: number;
  micros: number;
}

interface Node {
  readonly id: number;
  readonly callFrame: unknown;
  /** None of the root, which is no function. */
  frame: ScriptFrame | undefined;
  readonly isRoot: boolean;
  readonly hitCount: number;
  readonly ticks: unknown;
  parent: Node | undefined;
  readonly children: Node[];
  /** The stack of its callers, and with itself. */
  caller: number;
  stack: number;
  /** What was taken at it, in no known line, and by line. */
  readonly own: Taken;
  readonly taken: Map<number, Taken>;
}

/** A hundred days: as many nanoseconds are a safe integer. */
const MAX_MICROS = 2 ** 43;

/** In a microsecond. */
const NANOS = 1000;

/**
 * Adds samples to `sums`, each with the set of labels `labels` and with the values count
 * and nanoseconds.
 */
export function addV8Samples(
  json: JsonInput,
  read: V8Samples,
  frames: ScriptFrames,
  sums: StackSums,
  labels = NO_LABELS,
): void {
  const nodes = readNodes(json, read.nodes);
  placeNodes(json, nodes, frames, sums);
  if (read.samples.length === 0) {
    for (const node of nodes.values()) if (node.hitCount > 0) take(node, 0, node.hitCount, 0);
  } else {
    takeSamples(json, read, nodes);
  }
  for (const node of nodes.values()) {
    for (const [line, { count, micros }] of [...splitByTicks(json, node), ...node.taken]) {
      if (count === 0 && micros === 0) continue;
      const { frame } = node;
      const isStart = !frame || line === 0 || line === frame.startLine;
      const stack = isStart ? node.stack : sums.child(node.caller, frames.location(frame, line));
      sums.add(stack, [count, Math.round(micros * NANOS)], labels);
    }
  }
}

function readNodes(json: JsonInput, list: readonly unknown[]): Map<number, Node> {
  const nodes = new Map<number, Node>();
  const links: [Node, unknown, unknown][] = [];
  for (const entry of list) {
    const { id, callFrame, hitCount, children, parent, positionTicks } = json.object(
      entry,
      "a node",
    );
    const node: Node = {
      id: json.whole(id, "the id of a node"),
      callFrame,
      frame: undefined,
      isRoot: isV8Root(json, callFrame),
      hitCount: json.whole(hitCount, "a hitCount", 0),
      ticks: positionTicks,
      parent: undefined,
      children: [],
      caller: 0,
      stack: 0,
      own: { count: 0, micros: 0 },
      taken: new Map(),
    };
    if (nodes.has(node.id)) throw json.malformed(`two nodes have the id ${node.id}`);
    nodes.set(node.id, node);
    links.push([node, children, parent]);
  }
  const nodeOf = (id: unknown) => {
    const node = nodes.get(json.whole(id, "the id of a node"));
    if (!node) throw json.malformed(`there is no node ${id}`);
    return node;
  };
  const link = (parent: Node, child: Node) => {
    if (child.parent === parent) return;
    if (child.parent) throw json.malformed(`node ${child.id} has two parents`);
    child.parent = parent;
    parent.children.push(child);
  };
  for (const [node, children, parent] of links) {
    for (const id of json.list(children, "the children of a node", true)) link(node, nodeOf(id));
    if (parent !== undefined) link(nodeOf(parent), node);
  }
  return nodes;
}

/** Finds the stack of each node, from the roots on. */
function placeNodes(
  json: JsonInput,
  nodes: ReadonlyMap<number, Node>,
  frames: ScriptFrames,
  sums: StackSums,
): void {
  const open = [...nodes.values()].filter(({ parent }) => !parent).reverse();
  let placed = 0;
  for (let node = open.pop(); node; node = open.pop()) {
    placed++;
    node.caller = node.parent?.stack ?? NO_STACK;
    if (node.isRoot && !node.parent) {
      node.stack = NO_STACK;
    } else {
      node.frame = v8Frame(json, frames, node.callFrame);
      node.stack = sums.child(node.caller, frames.location(node.frame));
    }
    for (let i = node.children.length - 1; i >= 0; i--) open.push(node.children[i]);
  }
  if (placed < nodes.size) throw json.malformed("nodes are their own callers");
}

/** Gives each sample's node the time up to the next one, as Chrome's own view does. */
function takeSamples(json: JsonInput, read: V8Samples, nodes: ReadonlyMap<number, Node>): void {
  const { samples, timeDeltas, lines, startTime, endTime } = read;
  if (timeDeltas.length > 0 && timeDeltas.length !== samples.length) {
    throw json.malformed(`${timeDeltas.length} timeDeltas for ${samples.length} samples`);
  }
  const hasTimes = timeDeltas.length > 0;
  const times = new Float64Array(samples.length);
  let now = startTime;
  for (let i = 0; hasTimes && i < samples.length; i++) {
    const delta = timeDeltas[i];
    now += typeof delta === "number" ? delta : Number.NaN;
    // Texts are made for what is wrong only: there are millions of samples.
    if (!(Math.abs(now - startTime) <= MAX_MICROS)) {
      throw json.malformed(`timeDeltas[${i}] is no time of a sample`);
    }
    times[i] = now;
  }
  const order = inOrder(times);
  const nodeOf = lookup(nodes);
  for (let at = 0; at < order.length; at++) {
    const sample = order[at];
    const node = nodeOf(samples[sample]);
    if (!node) throw json.malformed(`samples[${sample}] is of no node`);
    const end =
      at + 1 < order.length ? times[order[at + 1]] : Math.max(times[sample], endTime ?? 0);
    const micros = hasTimes ? end - times[sample] : 0;
    if (micros > MAX_MICROS) throw json.malformed("endTime is no time of a profile");
    const line = lines ? lines[sample] : 0;
    if (typeof line !== "number" || !Number.isSafeInteger(line) || line < 0) {
      throw json.malformed(`lines[${sample}] is no line`);
    }
    take(node, line, 1, micros);
  }
}

/** Finds nodes by id. V8 numbers them from 1 on: a list is faster than a map then. */
function lookup(nodes: ReadonlyMap<number, Node>): (id: unknown) => Node | undefined {
  const list: (Node | undefined)[] = new Array(nodes.size + 2).fill(undefined);
  for (const [id, node] of nodes) {
    if (id < 0 || id >= list.length) return (any) => nodes.get(any as number);
    list[id] = node;
  }
  return (id) => (typeof id === "number" ? list[id] : undefined);
}

/** The rows in the order of their times: V8 sometimes writes samples out of order. */
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

/** Shares what a node took out to its lines, by their ticks; the rest is of no known line. */
function splitByTicks(json: JsonInput, node: Node): [number, Taken][] {
  const whole = node.own;
  const list = json.list(node.ticks, "positionTicks", true);
  if (whole.count === 0 || list.length === 0) return [[0, whole]];
  const ticks = list.map((entry): [number, number] => {
    const { line, ticks } = json.object(entry, "an entry of positionTicks");
    return [json.whole(line, "the line of a tick"), json.whole(ticks, "the ticks of a line")];
  });
  if (ticks.some(([line, count]) => line < 0 || count < 0)) {
    throw json.malformed("positionTicks are negative");
  }
  const known = ticks.reduce((sum, [, count]) => sum + count, 0);
  if (known < whole.count) ticks.push([0, whole.count - known]);
  const weights = ticks.map(([, count]) => count);
  const counts = shareOut(whole.count, weights);
  // In nanoseconds only where the time is not one of whole microseconds.
  const parts = Number.isInteger(whole.micros)
    ? shareOut(whole.micros, weights)
    : shareOut(Math.round(whole.micros * NANOS), weights).map((nanos) => nanos / NANOS);
  return ticks.map(([line], i) => [line, { count: counts[i], micros: parts[i] }]);
}
