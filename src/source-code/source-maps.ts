import { setImmediate } from "node:timers/promises";
import type { Profile } from "../profile/profile.js";
import { applyScriptMaps, type ScriptMap } from "../transforms/source-maps.js";
import { mapOf } from "./script-maps.js";
import { scriptsOf } from "./scripts.js";

/** Options of {@link applySourceMaps}. */
export interface SourceMapOptions {
  /** Called with one line about each map that cannot be used, except for maps of packages. */
  readonly warn?: (line: string) => void;
  /** Called with the path of each script whose map is used. */
  readonly onUse?: (script: string) => void;
  /** Set if nobody asked for source maps: then maps in other folders are ignored silently. */
  readonly isAutomatic?: boolean;
}

/** Other events of a service are handled after this time, once the current script is read. */
const MAX_BLOCKING_MS = 5;

/** The limit for the decoded maps of one profile. */
const MAX_BYTES_PER_PROFILE = 2 ** 30;

/**
 * Replaces positions in scripts with positions in their source files, such as TypeScript, using the
 * source maps inside scripts, or in the folder of a script or below it. Functions without a usable
 * map stay as they are. Maps are cached until their script changes.
 */
export async function applySourceMaps(
  profile: Profile,
  { warn = () => {}, onUse = () => {}, isAutomatic = false }: SourceMapOptions = {},
): Promise<Profile> {
  const maps = new Map<string, ScriptMap>();
  let size = 0;
  let pause = performance.now();
  for (const [file, script] of scriptsOf(profile)) {
    if (performance.now() - pause > MAX_BLOCKING_MS) {
      await setImmediate();
      pause = performance.now();
    }
    const found = mapOf(script, { warn, isAutomatic });
    if (!found?.map) continue;
    size += found.size;
    if (size > MAX_BYTES_PER_PROFILE) {
      warn("some source maps are not used: together they need too much memory");
      break;
    }
    maps.set(file, found.map);
    onUse(script);
  }
  return maps.size === 0 ? profile : applyScriptMaps(profile, (file) => maps.get(file));
}
