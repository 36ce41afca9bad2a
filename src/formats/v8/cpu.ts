import type { Budget } from "../../profile/budget.js";
import type { Profile } from "../../profile/profile.js";
import {
  type NewHeader,
  type NewLabel,
  type NewValueType,
  ProfileBuilder,
} from "../../profile/profile-builder.js";
import type { Format, WarnReader } from "../format.js";
import { JsonInput, type JsonObject } from "../json.js";
import { ScriptFrames } from "../script-frames.js";
import { StackSums } from "../stack-sums.js";
import {
  addV8Samples,
  type CpuTimes,
  type LabelsAt,
  reportMissing,
  type V8Totals,
} from "./cpu-samples.js";
import { detectV8, unwrapV8 } from "./detect.js";
import { type FirstLine, isV8Root } from "./frames.js";
import { nodesOfTree } from "./head-tree.js";

/** V8's sample types. V8 samples by wall-clock time, including waiting threads. */
export const V8_CPU_TYPES: readonly NewValueType[] = [
  { type: "samples", unit: "count" },
  { type: "wall", unit: "nanoseconds" },
];

const CPU_TIME: NewValueType = { type: "cpu", unit: "nanoseconds" };

/**
 * V8's CPU profiles, `.cpuprofile`: JSON with the nodes of a call tree and each sample's node. Also
 * read if they are inside a result of the inspector protocol, or of old versions of V8.
 */
export const v8Cpu: Format = {
  name: "V8 CPU profile",

  detect(bytes) {
    return detectV8(bytes) === "cpu";
  },

  read(bytes, budget, warn) {
    const json = new JsonInput(this.name, budget);
    return cpuProfileOf(unwrapV8(json.parse(bytes)), budget, {}, warn);
  },
};

/** Properties of a CPU profile that V8's object lacks, but its requester knows. */
export interface CpuProfileHints extends Pick<NewHeader, "timeNanos" | "comments"> {
  /** The requested sampling interval in microseconds; by default computed from the samples. */
  readonly intervalMicros?: number;
  /**
   * Labels of samples: given a function that numbers label sets, returns the function that looks up
   * the number for a sample by V8's clock, in microseconds.
   */
  readonly labels?: (number: (labels: readonly NewLabel[]) => number) => LabelsAt;
  /** If given, the CPU time is a third sample type. */
  readonly cpuTimes?: CpuTimes | undefined;
}

/**
 * Converts the result of V8's `Profiler.stop`, or a parsed `.cpuprofile`, to a profile. Throws a
 * `ProfileError` if it is invalid or needs more than the rest of `budget`.
 */
export function cpuProfileOf(
  value: unknown,
  budget: Budget,
  hints: CpuProfileHints = {},
  warn: WarnReader = () => {},
): Profile {
  const json = new JsonInput(v8Cpu.name, budget);
  const file = json.object(value, "the profile");
  const isTree = file.nodes === undefined && file.head !== undefined;
  const profile = isTree ? nodesOfTree(json, file) : file;
  const nodes = json.list(profile.nodes, "nodes");
  // V8 always writes the root, so other JSON with an empty list of this name is no profile.
  if (nodes.length === 0) throw json.malformed("it has no nodes");
  const samples = json.list(profile.samples, "samples", true);
  const { startTime, endTime, timeDeltas } = timesOf(json, profile, samples);
  const firstLine = isTree ? 1 : firstLineOf(json, profile, nodes);
  const { cpuTimes } = hints;
  const timed = cpuTimes ? [...V8_CPU_TYPES, CPU_TIME] : V8_CPU_TYPES;
  const types = timeDeltas ? timed : timed.slice(0, 1);
  const builder = new ProfileBuilder(types, budget);
  const sums = new StackSums(builder, types.length, budget);
  const totals = addV8Samples(
    json,
    {
      ...{ nodes, samples, timeDeltas, lines: undefined, startTime, endTime, firstLine },
      isInOrder: (file.tsprof as JsonObject | undefined)?.hasTimes !== false,
      cpuTimes,
    },
    new ScriptFrames(builder, budget),
    sums,
    budget,
    hints.labels?.((labels) => sums.labels(labels)),
  );
  reportMissing(json, totals, warn);
  sums.finish();
  const duration = Math.round(Math.max(0, endTime - startTime) * 1000);
  const { intervalMicros, timeNanos = 0, comments = [] } = hints;
  return builder.finish({
    durationNanos: Number.isSafeInteger(duration) ? duration : 0,
    ...v8Header(duration, totals),
    ...(intervalMicros !== undefined && { period: intervalMicros * 1000 }),
    timeNanos,
    comments,
  });
}

/**
 * Returns the number of the first line. v8-profiler and its successors count from 1, and write the
 * root at line 0. V8 writes it at line -1. Line 0 alone does not decide, because converters write
 * it for profiles with lines from 0; fields that V8 does not write must be present, too.
 */
function firstLineOf(
  json: JsonInput,
  { typeId, uid }: JsonObject,
  nodes: readonly unknown[],
): FirstLine {
  for (const entry of nodes) {
    const { callFrame } = json.object(entry, "a node");
    if (!isV8Root(json, callFrame)) continue;
    const { lineNumber, bailoutReason } = json.object(callFrame, "a callFrame");
    return lineNumber === 0 && (typeId ?? uid ?? bailoutReason) !== undefined ? 1 : 0;
  }
  return 0;
}

/**
 * Returns the times in microseconds. Some writers have `timestamps` instead of `timeDeltas`, and
 * old versions of V8 have neither.
 */
function timesOf(
  json: JsonInput,
  { startTime, endTime, timeDeltas, timestamps }: JsonObject,
  samples: readonly unknown[],
) {
  const times = json.list(timestamps, "timestamps", true);
  const hasDeltas = timeDeltas !== undefined && timeDeltas !== null;
  const isStamped = !hasDeltas && times.length > 0;
  const [first, last] = isStamped
    ? [json.number(times[0], "timestamps[0]"), json.number(times.at(-1), "the last timestamp")]
    : [0, 0];
  const start = json.number(startTime, "startTime", first);
  const end = json.number(endTime, "endTime", Math.max(start, last));
  if (!isStamped) {
    const deltas = hasDeltas ? json.list(timeDeltas, "timeDeltas") : undefined;
    return { startTime: start, endTime: end, timeDeltas: deltas };
  }
  if (times.length !== samples.length) {
    throw json.malformed(`${times.length} timestamps for ${samples.length} samples`);
  }
  json.budget.charge(times.length * TIME_BYTES);
  let before = start;
  const deltas = times.map((time) => {
    const now = json.number(time, "an entry of timestamps");
    const delta = now - before;
    before = now;
    return delta;
  });
  return { startTime: start, endTime: end, timeDeltas: deltas };
}

/** The memory of a time, in bytes. */
const TIME_BYTES = 16;

/**
 * Returns the average period of samples in `duration` nanoseconds, and the default sample type: the
 * count if the samples have no time.
 */
export function v8Header(duration: number, { count, micros }: Pick<V8Totals, "count" | "micros">) {
  const period = count > 0 ? Math.round(duration / count) : 0;
  const [samples, wall] = V8_CPU_TYPES;
  return {
    defaultSampleType: micros > 0 || count === 0 ? wall.type : samples.type,
    periodType: wall,
    period: Number.isSafeInteger(period) ? period : 0,
  };
}
