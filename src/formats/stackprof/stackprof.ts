import { type NewValueType, ProfileBuilder } from "../../profile/profile-builder.js";
import type { Format } from "../format.js";
import { JsonInput, type JsonObject, outermostKeys } from "../json.js";
import { ScriptFrames } from "../script-frames.js";
import { StackSums } from "../stack-sums.js";
import { addAggregated } from "./aggregated.js";
import { readFrames } from "./frames.js";
import { addRaw } from "./raw.js";

/** Keys of stackprof's results. No other JSON of a profiler has all of them. */
const KEYS = ["mode", "interval", "samples", "frames"];
/** The number of keys to examine; the frames are the ninth or so. */
const MAX_KEYS = 30;

const SAMPLES: NewValueType = { type: "samples", unit: "count" };

/** The sample type of each mode besides the number of samples, and its value per interval. */
const MODES: Readonly<Record<string, { type: NewValueType; perInterval: number }>> = {
  wall: { type: { type: "wall", unit: "nanoseconds" }, perInterval: 1000 },
  cpu: { type: { type: "cpu", unit: "nanoseconds" }, perInterval: 1000 },
  object: { type: { type: "objects", unit: "count" }, perInterval: 1 },
};

/**
 * Results of stackprof, a profiler of Ruby, as JSON: of `stackprof --json`, or of `StackProf.run`.
 * With `raw` they contain stacks. Otherwise they contain only the samples of each function and of
 * each pair of caller and callee, from which stacks are reconstructed.
 */
export const stackprof: Format = {
  name: "stackprof profile",

  detect(bytes) {
    const missing = new Set(KEYS);
    let count = 0;
    for (const key of outermostKeys(bytes)) {
      missing.delete(key);
      if (missing.size === 0) return true;
      if (++count === MAX_KEYS) break;
    }
    return false;
  },

  read(bytes, budget, warn) {
    const json = new JsonInput(this.name, budget);
    const file = json.object(json.parse(bytes), "the profile");
    const { type, perSample, period } = sampleValue(json, file);
    const types = type ? [SAMPLES, type] : [SAMPLES];
    const builder = new ProfileBuilder(types, budget);
    const scripts = new ScriptFrames(builder, budget);
    const sums = new StackSums(builder, types.length, budget);
    const frames = readFrames(json, file.frames);
    const raw = json.list(file.raw, "raw", true);
    let durationNanos = 0;
    if (raw.length > 0) {
      const isWall = type === MODES.wall.type;
      durationNanos = addRaw(json, file, frames, scripts, sums, { perSample, isWall }, warn);
    } else {
      addAggregated(frames, scripts, sums, perSample, budget);
    }
    sums.finish();
    return builder.finish({
      defaultSampleType: (type ?? SAMPLES).type,
      periodType: type ?? SAMPLES,
      period,
      durationNanos,
    });
  },
};

/**
 * Returns the sample type of a mode besides the number of samples, and its value for each sample;
 * undefined for samples that the program itself takes.
 */
function sampleValue(json: JsonInput, { mode, interval }: JsonObject) {
  const name = json.text(mode, "mode");
  if (!Object.hasOwn(MODES, name)) return { type: undefined, perSample: undefined, period: 1 };
  const { type, perInterval } = MODES[name];
  const period = json.whole(interval, "interval") * perInterval;
  if (period <= 0 || !Number.isSafeInteger(period)) {
    throw json.malformed("the interval is out of range");
  }
  return { type, perSample: period, period };
}
