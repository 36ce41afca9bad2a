import type { Profile } from "../profile/profile.js";

/** The profiles whose formats pprof reads itself. Their text reports are the same as pprof's. */
const inPprofFormats = new WeakSet<Profile>();

export function isInPprofFormat(profile: Profile): boolean {
  return inPprofFormats.has(profile);
}

/** Records that `profile` was read from a format of pprof. */
export function markPprofFormat(profile: Profile): Profile {
  inPprofFormats.add(profile);
  return profile;
}

/** Records the same for a profile made from others, if it is true of all of them. */
export function inheritFormat(profile: Profile, ...from: readonly Profile[]): Profile {
  return from.every(isInPprofFormat) ? markPprofFormat(profile) : profile;
}
