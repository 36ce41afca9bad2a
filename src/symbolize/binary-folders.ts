import { statSync } from "node:fs";
import path from "node:path";

/**
 * Returns the folders in PPROF_BINARY_PATH, or `pprof/binaries` in the home folder, if they exist.
 */
export function binaryFolders(env: NodeJS.ProcessEnv): string[] {
  const home = (process.platform === "win32" ? env.USERPROFILE : env.HOME) ?? "";
  const searchPath = env.PPROF_BINARY_PATH || path.join(home, "pprof", "binaries");
  return searchPath
    .split(path.delimiter)
    .map((folder) => folder || ".")
    .filter(isFolder);
}

function isFolder(name: string): boolean {
  try {
    return statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // An inaccessible folder cannot be searched.
    return false;
  }
}
