import { ProfileError } from "../errors.js";
import type { Profile } from "../profile.js";

/**
 * Drops the values whose types have the same name as another one, as pprof does since
 * there would be no way to tell which is meant. The default is then the first of the
 * rest, unless the profile names one of them. Throws a {@link ProfileError} where none
 * is left.
 */
export function uniqueSampleTypes(profile: Profile): Profile {
  const { sampleTypes, strings, samples } = profile;
  const names = sampleTypes.map(({ type }) => strings.get(type));
  const kept = names.flatMap((name, type) =>
    names.indexOf(name) === names.lastIndexOf(name) ? [type] : [],
  );
  if (kept.length === names.length) return profile;
  if (kept.length === 0) {
    throw new ProfileError("no sample type has a name of its own, so none can be shown");
  }
  const hasDefault = kept.some((type) => names[type] === strings.get(profile.defaultSampleType));
  return {
    ...profile,
    sampleTypes: kept.map((type) => sampleTypes[type]),
    samples: { ...samples, values: kept.map((type) => samples.values[type]) },
    defaultSampleType: hasDefault ? profile.defaultSampleType : sampleTypes[kept[0]].type,
  };
}
