import type { Profile } from "../profile/profile.js";
import { sum } from "../units/int64.js";
import { scaleValues } from "./scale-values.js";

/** Scales each sample type to its total in `base`, which must have the same sample types. */
export function normalize(profile: Profile, base: Profile): Profile {
  const totals = base.samples.values.map(sum);
  const ratios = profile.samples.values.map((column, type) => {
    const own = sum(column);
    return own === 0 ? 0 : Number(totals[type]) / Number(own);
  });
  return scaleValues(profile, ratios);
}
