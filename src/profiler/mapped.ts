import type { Profile } from "../profile/profile.js";
import { unknownLines } from "../source-code/source-map-use.js";
import { applySourceMaps } from "../source-code/source-maps.js";
import { addComment } from "../transforms/add-comment.js";
import type { LoadedScript } from "../v8/loaded-scripts.js";

/** Applies source maps. A comment names scripts whose lines are unknown. */
export async function withSourceMaps(
  profile: Profile,
  scripts: readonly LoadedScript[],
): Promise<Profile> {
  const unknown = new Set<string>();
  const onUnknown = (script: string) => unknown.add(script);
  const mapped = await applySourceMaps(profile, { scripts, onUnknown });
  return unknown.size > 0 ? addComment(mapped, unknownLines(unknown)) : mapped;
}
