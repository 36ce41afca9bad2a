import { statSync } from "node:fs";
import path from "node:path";

/**
 * The folders to look for binaries in: those of PPROF_BINARY_PATH, or `pprof/binaries` at
 * home. Those that are not there are left out, so that mostly there is nothing to do.
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
    // What cannot be looked at cannot be searched.
    return false;
  }
}
