import { readdirSync, statSync } from "node:fs";
import path from "node:path";

/**
 * Replaces `~` with $HOME at the start of a path, or of each path in a list separated by `:`. Does
 * nothing if $HOME is not set.
 */
export function expandHome(typed: string, { HOME }: NodeJS.ProcessEnv): string {
  return HOME ? typed.replace(/(^|:)~(?=[/:]|$)/g, (_, before) => before + HOME) : typed;
}

/**
 * Returns the paths that complete `typed`, sorted, with the same spelling of its folder. Folders
 * end with `/`. Hidden files are included only if their dot was typed.
 */
export function pathsWithPrefix(typed: string, env: NodeJS.ProcessEnv): string[] {
  const slash = typed.lastIndexOf("/") + 1;
  const [folder, prefix] = [typed.slice(0, slash), typed.slice(slash)];
  const searched = expandHome(folder, env) || ".";
  let names: string[];
  try {
    names = readdirSync(searched);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.startsWith(prefix) && (prefix !== "" || !name.startsWith(".")))
    .toSorted()
    .map((name) => `${folder}${name}${isFolder(path.join(searched, name)) ? "/" : ""}`);
}

function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}
