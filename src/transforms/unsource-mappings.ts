import { indexColumn } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";

/**
 * Removes the file names of mappings that are URLs: a profile fetched from a server may have the
 * server's URL there, which is not a binary. A mapping with a build ID keeps its name. As in pprof
 * on Unix, a Windows path (`C:/tool.exe`) counts as a URL too.
 */
export function unsourceMappings(profile: Profile): Profile {
  const { mappings, strings } = profile;
  const file = new Uint32Array(mappings.length);
  for (let row = 0; row < mappings.length; row++) {
    const name = strings.get(mappings.file[row]);
    const hasBuildId = strings.get(mappings.buildId[row]) !== "";
    file[row] = !hasBuildId && isAbsoluteUrl(name) ? 0 : mappings.file[row];
  }
  return { ...profile, mappings: { ...mappings, file: indexColumn<StringIndex>(file) } };
}

/** Tests whether Go's `url.Parse` reads the text as a URL with a scheme (RFC 3986, section 3.1). */
export function isAbsoluteUrl(text: string): boolean {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text);
  if (!scheme) return false;
  const rest = text.slice(scheme[0].length);
  const hasControls = [...text].some((letter) => letter < " " || letter === "\x7f");
  const hasBadEscape = rest.startsWith("/") && /%(?![0-9A-Fa-f]{2})/.test(rest);
  return !hasControls && !hasBadEscape;
}
