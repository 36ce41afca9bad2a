import { appendUint64, type IndexColumn, indexColumn } from "../columns.js";
import type { MappingIndex, StringIndex } from "../indices.js";
import type { Profile } from "../profile.js";
import { encodeUtf8 } from "../utf8.js";

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

/** The profile with another file and build id for its first mapping; empty ones change nothing. */
export function overrideMainMapping(profile: Profile, file: string, buildId: string): Profile {
  const { mappings, strings } = profile;
  if ((file === "" && buildId === "") || mappings.length === 0) return profile;
  const withFirst = (column: IndexColumn<StringIndex>, text: string, added: number) => {
    if (text === "") return column;
    const rows = Uint32Array.from({ length: column.length }, (_, row) => column[row]);
    rows[0] = strings.length + added;
    return indexColumn<StringIndex>(rows);
  };
  return {
    ...profile,
    strings: strings.extend([encodeUtf8(file), encodeUtf8(buildId)]),
    mappings: {
      ...mappings,
      file: withFirst(mappings.file, file, 0),
      buildId: withFirst(mappings.buildId, buildId, 1),
    },
  };
}
