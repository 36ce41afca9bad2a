import { indexColumn } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";

/** Renames the files of mappings, given by row. */
export function nameMappings(profile: Profile, names: ReadonlyMap<number, string>): Profile {
  if (names.size === 0) return profile;
  const { mappings, strings } = profile;
  const file = Uint32Array.from(mappings.file);
  const added = [...names].map(([row, name], i) => {
    file[row] = strings.length + i;
    return encodeUtf8(name);
  });
  return {
    ...profile,
    strings: strings.extend(added),
    mappings: { ...mappings, file: indexColumn<StringIndex>(file) },
  };
}
