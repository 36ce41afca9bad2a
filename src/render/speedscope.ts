import { OWN_EXPORTER, OWN_EXPORTER_IN_TIME } from "../formats/speedscope.js";
import type {
  ConvertedFrame,
  ConvertedNode,
  ConvertedThread,
  ConvertedTree,
} from "../report/converted.js";
import { add, type Int64 } from "../units/int64.js";
import { scale } from "../units/scale.js";
import { jsonText } from "./data/json.js";
import { joinNumbers } from "./join-numbers.js";

/** The units of the format. All other units are written as `none`. */
const UNITS = ["nanoseconds", "microseconds", "milliseconds", "seconds", "bytes"];

/**
 * Writes a speedscope file of sampled profiles: stacks, root first, with their weights. Samples with
 * times keep them: each thread is a profile, whose name follows the sample type after a colon, and
 * the time between samples is an empty stack. Other samples are in one profile.
 */
export function* renderSpeedscope(tree: ConvertedTree): Generator<string> {
  const { type, unit, frames, threads } = tree;
  const known = UNITS.includes(unit) ? unit : "none";
  // Times need a unit of time, which "none" is not.
  const isInTime = threads && threads.length > 0 && known !== "none";
  yield '{"$schema":"https://www.speedscope.app/file-format-schema.json",';
  yield `"exporter":"${isInTime ? OWN_EXPORTER_IN_TIME : OWN_EXPORTER}","shared":{"frames":[`;
  for (let i = 0; i < frames.length; i++) yield (i > 0 ? ",\n" : "\n") + frameJson(frames[i]);
  yield '\n]},"profiles":[';
  const name = `${type} in ${unit}`;
  if (isInTime) {
    const nanos = scale(1, unit, "ns").value;
    for (let i = 0; i < threads.length; i++) {
      if (i > 0) yield ",";
      const thread = threads[i].name;
      const samples = inTime(tree, threads[i], nanos);
      const start = threads[i].times[0] / nanos;
      yield* profileJson(thread === "" ? name : `${name}: ${thread}`, known, samples, start);
    }
  } else {
    yield* profileJson(name, known, byStack(tree), 0);
  }
  yield '],"activeProfileIndex":0}\n';
}

/** Frames, root first, and a weight. */
type Sample = readonly [stack: readonly number[], weight: Int64];

function* profileJson(
  name: string,
  unit: string,
  samples: Iterable<Sample>,
  start: number,
): Generator<string> {
  const weights: Int64[] = [];
  yield `{"type":"sampled","name":${jsonText(name)},"unit":"${unit}","samples":[`;
  for (const [stack, weight] of samples) {
    yield `${weights.length > 0 ? ",\n" : "\n"}[${stack.join(",")}]`;
    weights.push(weight);
  }
  yield '\n],"weights":[';
  yield* joinNumbers(weights);
  yield `],"startValue":${start},"endValue":${weights.reduce(add, start)}}`;
}

function* byStack({ nodes }: ConvertedTree): Generator<Sample> {
  for (let row = 0; row < nodes.length; row++) {
    const { ownByLine } = nodes[row];
    if (ownByLine.size === 0) continue;
    yield [stackOf(nodes, row), [...ownByLine.values()].map(({ value }) => value).reduce(add)];
  }
}

/** Yields the samples of a thread, with empty stacks between them. */
function* inTime(
  { nodes }: ConvertedTree,
  { nodes: rows, times, values }: ConvertedThread,
  nanos: number,
): Generator<Sample> {
  const stacks = new Map<number, readonly number[]>();
  let end = times[0];
  for (let i = 0; i < rows.length; i++) {
    if (times[i] > end) yield [[], (times[i] - end) / nanos];
    let stack = stacks.get(rows[i]);
    if (!stack) {
      stack = stackOf(nodes, rows[i]);
      stacks.set(rows[i], stack);
    }
    yield [stack, values[i]];
    end = Math.max(end, times[i]) + Number(values[i]) * nanos;
  }
}

function stackOf(nodes: readonly ConvertedNode[], row: number): number[] {
  const stack: number[] = [];
  for (let node = row; node > 0; node = nodes[node].parent) stack.push(nodes[node].frame);
  return stack.reverse();
}

function frameJson({ name, file, startLine, startColumn }: ConvertedFrame): string {
  let json = `{"name":${jsonText(name)}`;
  if (file !== "") json += `,"file":${jsonText(file)}`;
  if (startLine > 0) json += `,"line":${startLine}`;
  if (startLine > 0 && startColumn > 0) json += `,"col":${startColumn}`;
  return `${json}}`;
}
