import type { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";
import {
  type NewHeader,
  type NewLabel,
  type NewValueType,
  ProfileBuilder,
} from "../profile/profile-builder.js";
import type { Format } from "./format.js";
import { JsonInput, outermostKeys } from "./json.js";
import { ScriptFrames } from "./script-frames.js";
import { StackSums } from "./stack-sums.js";
import { addV8Samples, type LabelsAt } from "./v8-cpu-samples.js";

/** V8's sample types. V8 samples by wall-clock time, including waiting threads. */
export const V8_CPU_TYPES: readonly NewValueType[] = [
  { type: "samples", unit: "count" },
  { type: "wall", unit: "nanoseconds" },
];

/** V8's CPU profiles, `.cpuprofile`: JSON with the nodes of a call tree and each sample's node. */
export const v8Cpu: Format = {
  name: "V8 CPU profile",

  detect(bytes) {
    for (const key of outermostKeys(bytes)) {
      if (key === "nodes") return true;
      if (!OTHER_KEYS.includes(key)) return false;
    }
    return false;
  },

  read(bytes, budget) {
    const json = new JsonInput(this.name, budget);
    return cpuProfileOf(json.parse(bytes), budget);
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
}

/**
 * Converts the result of V8's `Profiler.stop`, or a parsed `.cpuprofile`, to a profile. Throws a
 * `ProfileError` if it is invalid or needs more than the rest of `budget`.
 */
export function cpuProfileOf(value: unknown, budget: Budget, hints: CpuProfileHints = {}): Profile {
  const json = new JsonInput(v8Cpu.name, budget);
  const profile = json.object(value, "the profile");
  const builder = new ProfileBuilder(V8_CPU_TYPES, budget);
  const sums = new StackSums(builder, V8_CPU_TYPES.length, budget);
  const nodes = json.list(profile.nodes, "nodes");
  // V8 always writes the root, so other JSON with an empty list of this name is no profile.
  if (nodes.length === 0) throw json.malformed("it has no nodes");
  const samples = json.list(profile.samples, "samples", true);
  const startTime = json.number(profile.startTime, "startTime", 0);
  const endTime = json.number(profile.endTime, "endTime", startTime);
  addV8Samples(
    json,
    {
      nodes,
      samples,
      timeDeltas: json.list(profile.timeDeltas, "timeDeltas", true),
      lines: undefined,
      startTime,
      endTime,
    },
    new ScriptFrames(builder, budget),
    sums,
    budget,
    hints.labels?.((labels) => sums.labels(labels)),
  );
  sums.finish();
  const duration = Math.round(Math.max(0, endTime - startTime) * 1000);
  const { intervalMicros, timeNanos = 0, comments = [] } = hints;
  return builder.finish({
    durationNanos: Number.isSafeInteger(duration) ? duration : 0,
    ...v8Header(duration, samples.length),
    ...(intervalMicros !== undefined && { period: intervalMicros * 1000 }),
    timeNanos,
    comments,
  });
}

/** Keys that may precede the nodes. */
const OTHER_KEYS = [
  "startTime",
  "endTime",
  "samples",
  "timeDeltas",
  "title",
  "typeId",
  "uid",
  "$vscode",
];

/** Returns the duration and the average period of `samples` in `duration` nanoseconds. */
export function v8Header(duration: number, samples: number) {
  const period = samples > 0 ? Math.round(duration / samples) : 0;
  const [, wall] = V8_CPU_TYPES;
  return {
    defaultSampleType: wall.type,
    periodType: wall,
    period: Number.isSafeInteger(period) ? period : 0,
  };
}
