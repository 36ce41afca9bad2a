import type { Profile } from "../profile/profile.js";
import { filteredProfile } from "./filtered-profile.js";
import type { ReportInput } from "./input.js";

/** All that the filters leave of a profile. */
export interface RawReport {
  readonly profile: Profile;
}

/** Makes the raw report. */
export function raw(input: ReportInput): RawReport {
  return { profile: filteredProfile(input) };
}
