import { indexColumn } from "../columns.js";
import type { StringIndex } from "../indices.js";
import type { Profile } from "../profile.js";
import { encodeUtf8 } from "../utf8.js";

/**
 * Names the mappings of a profile that have neither a file nor a build id after the URL
 * that it was fetched from, so that those of two servers are not merged into one.
 * `unsourceMappings` takes the names away again before anything is shown.
 */
export function sourceMappings(profile: Profile, url: string): Profile {
  const { mappings, strings } = profile;
  const file = Uint32Array.from(mappings.file);
  let isChanged = false;
  for (let row = 0; row < mappings.length; row++) {
    const isNamed =
      strings.get(mappings.file[row]) !== "" || strings.get(mappings.buildId[row]) !== "";
    if (isNamed) continue;
    file[row] = strings.length;
    isChanged = true;
  }
  if (!isChanged) return profile;
  return {
    ...profile,
    strings: strings.extend([encodeUtf8(url)]),
    mappings: { ...mappings, file: indexColumn<StringIndex>(file) },
  };
}
