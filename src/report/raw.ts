import type { Profile } from "../profile/profile.js";
import { filteredProfile } from "./filtered-profile.js";
import type { ReportInput } from "./input.js";

export interface RawReport {
  readonly profile: Profile;
}

export function raw(input: ReportInput): RawReport {
  return { profile: filteredProfile(input) };
}
