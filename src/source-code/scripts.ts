import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { scriptFile } from "../profile/script-names.js";

/** Only files with these extensions are opened, as a profile can name any file. */
const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/i;
/** URLs (but not drives), and names of files on other computers, to which Windows would connect. */
const NOT_LOCAL = /^(?:[a-z][a-z0-9+.-]+:|[/\\]{2})/i;

/** Returns the paths of local scripts, by the name of their file in the profile. */
export function scriptsOf({ functions, strings }: Profile): Map<string, string> {
  const indices = new Set<StringIndex>();
  for (let fn = 0; fn < functions.length; fn++) indices.add(functions.filename[fn]);
  const scripts = new Map<string, string>();
  for (const index of indices) {
    const file = strings.get(index);
    const script = scriptFile(file);
    if (SCRIPT.test(script) && !NOT_LOCAL.test(script)) scripts.set(file, script);
  }
  return scripts;
}
