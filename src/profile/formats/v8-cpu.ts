import { type NewValueType, ProfileBuilder } from "../profile-builder.js";
import type { Format } from "./format.js";
import { JsonInput, outermostKeys } from "./json.js";
import { ScriptFrames } from "./script-frames.js";
import { StackSums } from "./stack-sums.js";
import { addV8Samples } from "./v8-cpu-samples.js";

/** What V8's sampler counts: it samples by the clock, also what waits. */
export const V8_CPU_TYPES: readonly NewValueType[] = [
  { type: "samples", unit: "count" },
  { type: "wall", unit: "nanoseconds" },
];

/**
 * V8's CPU profiles, `.cpuprofile`, as Node.js, Deno and Chrome write them: JSON with the
 * nodes of a call tree, and which node each sample was in.
 */
export const v8Cpu: Format = {
  name: "V8 CPU profile",

  detect(bytes) {
    for (const key of outermostKeys(bytes)) {
      if (key === "nodes") return true;
      if (!OTHER_KEYS.includes(key)) return false;
    }
    return false;
  },

  read(bytes, limit) {
    const json = new JsonInput(this.name, limit);
    const profile = json.object(json.parse(bytes), "the profile");
    const builder = new ProfileBuilder(V8_CPU_TYPES, limit);
    const sums = new StackSums(builder, V8_CPU_TYPES.length, limit);
    const nodes = json.list(profile.nodes, "nodes");
    // V8 always writes the root: other JSON with a list of this name is no empty profile.
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
      new ScriptFrames(builder),
      sums,
    );
    sums.finish();
    const duration = Math.round(Math.max(0, endTime - startTime) * 1000);
    return builder.finish({
      durationNanos: Number.isSafeInteger(duration) ? duration : 0,
      ...v8Header(duration, samples.length),
    });
  },
};

/** What may come before the nodes. */
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

/** How often there was a sample, of so many in so many nanoseconds. */
export function v8Header(duration: number, samples: number) {
  const period = samples > 0 ? Math.round(duration / samples) : 0;
  const [, wall] = V8_CPU_TYPES;
  return {
    defaultSampleType: wall.type,
    periodType: wall,
    period: Number.isSafeInteger(period) ? period : 0,
  };
}
