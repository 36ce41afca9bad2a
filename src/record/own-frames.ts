import type { Profile } from "../profile/profile.js";
import { removeSamples } from "../transforms/remove-samples.js";

/** The name of the script that is preloaded into recorded programs. */
export const PRELOAD_SCRIPT = "record-preload.cjs";

/** The name of the script of `tsprof/auto`. */
const AUTO_SCRIPT = "record-auto.cjs";

/** What a function belongs to. */
const OTHER = 0;
const OWN = 1;
const BUILT_IN = 2;

/**
 * Returns the profile without the samples of the recorder: those whose innermost functions, besides
 * functions of Node and V8, are in its scripts. Throws a ProfileError if the result needs more than
 * `limit` bytes.
 */
export function withoutOwnSamples(profile: Profile, limit: number): Profile {
  const kinds = kindsOfFunctions(profile);
  if (!kinds.includes(OWN)) return profile;
  return removeSamples(profile, (sample) => isOwnSample(profile, kinds, sample), limit);
}

function kindsOfFunctions({ functions, strings }: Profile): Uint8Array {
  return Uint8Array.from({ length: functions.length }, (_, fn) => {
    const file = strings.get(functions.filename[fn]);
    if (file.endsWith(`/${PRELOAD_SCRIPT}`) || file.endsWith(`/${AUTO_SCRIPT}`)) return OWN;
    return file === "" || file.startsWith("node:") ? BUILT_IN : OTHER;
  });
}

function isOwnSample(profile: Profile, kinds: Uint8Array, sample: number): boolean {
  const { samples, locations, lines } = profile;
  for (let i = samples.stackOffsets[sample]; i < samples.stackOffsets[sample + 1]; i++) {
    const location = samples.stackLocations[i];
    for (
      let row = locations.lineOffsets[location];
      row < locations.lineOffsets[location + 1];
      row++
    ) {
      const kind = kinds[lines.function[row]];
      if (kind !== BUILT_IN) return kind === OWN;
    }
  }
  return false;
}
