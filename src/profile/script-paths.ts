import { scriptFile } from "./script-names.js";

/** The folder of Yarn's virtual copies: `.yarn/__virtual__/HASH/LEVELS/` is LEVELS folders up. */
const VIRTUAL = /^(.*?)\/(?:__virtual__|\$\$virtual)\/[^/]+\/(\d{1,3})\/(.*)$/s;

/**
 * Returns the path or URL of a script with slashes between its parts, also for Windows paths.
 * Yarn's virtual paths become the paths of the real files.
 */
export function slashPath(file: string): string {
  const path = scriptFile(file).replaceAll("\\", "/");
  if (!path.includes("/__virtual__/") && !path.includes("/$$virtual/")) return path;
  const [, folder, levels, rest] = VIRTUAL.exec(path) ?? [];
  if (folder === undefined) return path;
  const parents = folder.split("/");
  return [...parents.slice(0, Math.max(1, parents.length - Number(levels))), rest].join("/");
}
