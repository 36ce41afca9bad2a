import { readdirSync, statSync } from "node:fs";
import path from "node:path";

/**
 * A path as it is typed, or several with `:` between them: `~` at the beginning of one is the
 * folder of the user, if that is known.
 */
export function expandHome(typed: string, { HOME }: NodeJS.ProcessEnv): string {
  return HOME ? typed.replace(/(^|:)~(?=[/:]|$)/g, (_, before) => before + HOME) : typed;
}

/**
 * The paths that begin with what was typed, written in the same way, in order; those of
 * folders end with `/`. Hidden files are there only if the dot is.
 */
export function pathsWithPrefix(typed: string, env: NodeJS.ProcessEnv): string[] {
  const slash = typed.lastIndexOf("/") + 1;
  const [folder, prefix] = [typed.slice(0, slash), typed.slice(slash)];
  const place = expandHome(folder, env) || ".";
  let names: string[];
  try {
    names = readdirSync(place);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.startsWith(prefix) && (prefix !== "" || !name.startsWith(".")))
    .toSorted()
    .map((name) => `${folder}${name}${isFolder(path.join(place, name)) ? "/" : ""}`);
}

function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}
