import type { Int64Column } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";

/** Returns the profile with the columns that `map` makes of the values of samples and observations. */
export function mapValues(
  profile: Profile,
  map: (column: Int64Column, type: number) => Int64Column,
): Profile {
  const { samples, observations } = profile;
  return {
    ...profile,
    samples: { ...samples, values: samples.values.map(map) },
    observations: observations && { ...observations, values: observations.values.map(map) },
  };
}
