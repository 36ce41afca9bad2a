import type { Profile } from "../profile/profile.js";

/** The profile with places in the sources that its scripts were made from, where maps tell. */
export async function withSources(profile: Profile): Promise<Profile> {
  return profile;
}
