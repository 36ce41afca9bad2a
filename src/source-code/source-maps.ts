import { setImmediate } from "node:timers/promises";
import type { Profile } from "../profile/profile.js";
import { scriptFile } from "../profile/script-names.js";
import { applyScriptMaps, type ScriptMap, UNKNOWN_LINES } from "../transforms/source-maps.js";
import type { LoadedScript } from "../v8/loaded-scripts.js";
import { mapOf, mapOfLoaded } from "./script-maps.js";
import { scriptsOf } from "./scripts.js";

/** Options of {@link applySourceMaps}. */
export interface SourceMapOptions {
  /** Called with one line about each map that cannot be used, except for maps of packages. */
  readonly warn?: (line: string) => void;
  /** Called with the path of each script whose map is used. */
  readonly onUse?: (script: string) => void;
  /** Set if nobody asked for source maps: then maps in other folders are ignored silently. */
  readonly isAutomatic?: boolean;
  /** The scripts as V8 loaded them, if known: runners of TypeScript compile them in memory. */
  readonly scripts?: Iterable<LoadedScript>;
  /**
   * Called with the path of each script of which V8 loaded other lines than the file has, without a
   * map. The profile then has no lines for it.
   */
  readonly onUnknown?: (script: string) => void;
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
  options: SourceMapOptions = {},
): Promise<Profile> {
  const { warn = () => {}, onUse = () => {}, isAutomatic = false } = options;
  const { scripts = [], onUnknown = () => {} } = options;
  const loaded = new Map<string, LoadedScript>();
  for (const script of scripts) loaded.set(scriptFile(script.url), script);
  const files = scriptsOf(profile);
  for (const file of loaded.keys()) files.set(file, file);
  const maps = new Map<string, ScriptMap>();
  let size = 0;
  let pause = performance.now();
  for (const [file, script] of files) {
    if (performance.now() - pause > MAX_BLOCKING_MS) {
      await setImmediate();
      pause = performance.now();
    }
    const settings = { warn, isAutomatic };
    const inMemory = loaded.get(file);
    const found = inMemory ? mapOfLoaded(script, inMemory, settings) : mapOf(script, settings);
    if (!found?.map) continue;
    size += found.size;
    if (size > MAX_BYTES_PER_PROFILE) {
      warn("some source maps are not used: together they need too much memory");
      break;
    }
    maps.set(file, found.map);
    if (found.map === UNKNOWN_LINES) onUnknown(script);
    else onUse(script);
  }
  return maps.size === 0 ? profile : applyScriptMaps(profile, (file) => maps.get(file));
}
