import { BASE_LABEL } from "../profile/base-label.js";
import type { Profile } from "../profile/profile.js";
import { labelSamples } from "./label-samples.js";
import { ProfileMerger } from "./merge/merger.js";
import { conformTo, extendPlan, planFor } from "./merge/plan.js";
import { normalize } from "./normalize.js";
import { scaleValues } from "./scale-values.js";

export interface Comparison {
  /** Label the samples of the base, so that percentages are relative to its total. */
  readonly marksBase: boolean;
  /** Scale the profile to the total of the base first. */
  readonly normalizes: boolean;
}

/** Returns `profile` minus `base`. Throws a ProfileError if they are incompatible or too large. */
export function compareProfiles(
  profile: Profile,
  base: Profile,
  { marksBase, normalizes }: Comparison,
  limit: number,
): Profile {
  const plan = extendPlan(planFor(profile), base);
  const before = conformTo(plan, base);
  const after = conformTo(plan, profile);
  const negative = scaleValues(
    before,
    before.sampleTypes.map(() => -1),
  );
  const merger = new ProfileMerger(limit);
  merger.add(normalizes ? normalize(after, before) : after);
  merger.add(marksBase ? labelSamples(negative, BASE_LABEL.key, BASE_LABEL.text) : negative);
  return merger.finish();
}
