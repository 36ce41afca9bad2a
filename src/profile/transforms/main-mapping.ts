import { appendUint64, indexColumn } from "../columns.js";
import type { MappingIndex, StringIndex } from "../indices.js";
import type { Profile } from "../profile.js";

/**
 * Gives a profile without mappings one, of which nothing is known, and puts all its
 * locations into it. pprof does so with each profile that it reads, in the hope of
 * symbols, and it shows: in what is written, and where a pattern matches an empty name.
 */
export function ensureMapping(profile: Profile): Profile {
  const { mappings, locations } = profile;
  if (mappings.length > 0) return profile;
  const zero = { lo: new Uint32Array(1), hi: new Uint32Array(1) };
  const none = indexColumn<StringIndex>(new Uint32Array(1));
  return {
    ...profile,
    mappings: {
      length: 1,
      id: appendUint64(mappings.id, [1n]),
      start: zero,
      limit: zero,
      offset: zero,
      file: none,
      buildId: none,
      flags: new Uint8Array(1),
    },
    locations: {
      ...locations,
      mapping: indexColumn<MappingIndex>(new Int32Array(locations.length)),
    },
  };
}
