import { appendUint64, indexColumn } from "../profile/columns.js";
import type { MappingIndex, StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";

/**
 * Adds an unknown mapping for all locations to a profile without mappings, as pprof does before
 * symbolization. It is visible in pprof's output, and in patterns that match an empty name.
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

/** The program of a profile as given by the user; empty fields keep the profile's own values. */
export interface Program {
  readonly file: string;
  readonly buildId: string;
}

/** Names the main binary, the first mapping. Keeps an existing build ID, which is more reliable. */
export function nameProgram(profile: Profile, { file, buildId }: Program): Profile {
  const { mappings, strings } = profile;
  if (mappings.length === 0 || (file === "" && buildId === "")) return profile;
  const named = (column: typeof mappings.file, index: number) => {
    const copy = Uint32Array.from(column);
    copy[0] = index;
    return indexColumn<StringIndex>(copy);
  };
  const keepsBuildId = buildId === "" || strings.get(mappings.buildId[0]) !== "";
  return {
    ...profile,
    strings: strings.extend([encodeUtf8(file), encodeUtf8(buildId)]),
    mappings: {
      ...mappings,
      file: file === "" ? mappings.file : named(mappings.file, strings.length),
      buildId: keepsBuildId ? mappings.buildId : named(mappings.buildId, strings.length + 1),
    },
  };
}
