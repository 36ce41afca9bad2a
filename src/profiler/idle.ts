import { V8_IDLE } from "../formats/v8/frames.js";
import type { Profile } from "../profile/profile.js";
import { removeSamples } from "../transforms/remove-samples.js";
import { MAX_BYTES } from "./limits.js";

/** Returns a function that tests whether a sample waits for events. */
export function idleSamples({ samples, locations, lines, functions, strings }: Profile) {
  return (sample: number): boolean => {
    const location = samples.stackLocations[samples.stackOffsets[sample]];
    if (samples.stackOffsets[sample] === samples.stackOffsets[sample + 1]) return true;
    const fn = lines.function[locations.lineOffsets[location]];
    return strings.get(functions.name[fn]) === V8_IDLE && functions.filename[fn] === 0;
  };
}

/** Returns a CPU profile without the samples that wait for events. */
export function withoutIdle(profile: Profile): Profile {
  return removeSamples(profile, idleSamples(profile), MAX_BYTES);
}
