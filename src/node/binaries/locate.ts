import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { type Binary, openBinary } from "./binary.js";
import { isBelow } from "./binary-file.js";
import type { MappedRange } from "./elf-base.js";

/** A binary as a profile names it. */
export interface NamedBinary {
  readonly file: string;
  readonly buildId: string;
  readonly range: MappedRange;
}

/**
 * The folders to look for binaries in: those of PPROF_BINARY_PATH, or `pprof/binaries` at
 * home. Those that are not there are left out, so that there is nothing to do mostly.
 */
export function binaryFolders(env: NodeJS.ProcessEnv): string[] {
  const home = (process.platform === "win32" ? env.USERPROFILE : env.HOME) ?? "";
  const searchPath = env.PPROF_BINARY_PATH || path.join(home, "pprof", "binaries");
  return searchPath
    .split(path.delimiter)
    .map((folder) => folder || ".")
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory());
}

/**
 * The name of the binary in one of `folders`, by its build id where it has one; undefined
 * where it is not there. What has another build id is passed over with a warning. Nothing
 * outside the folders is looked at, whatever the profile says.
 */
export function locateBinary(
  named: NamedBinary,
  folders: readonly string[],
  warn: (line: string) => void,
): string | undefined {
  for (const folder of folders) {
    for (const name of candidates(folder, named)) {
      if (!isBelow(path.resolve(name), path.resolve(folder))) continue;
      const found = tryToOpen(name, named.range);
      if (!found) continue;
      if (named.buildId === "" || named.buildId === found.buildId) return name;
      warn(`Ignoring local file ${name}: build-id mismatch (${named.buildId} != ${found.buildId})`);
    }
  }
  return undefined;
}

/** Where in a folder a binary may lie: the layouts that pprof knows, in its order. */
function* candidates(folder: string, { file, buildId }: NamedBinary): Generator<string> {
  const { base, root, dir } = path.parse(file);
  const withoutVolume = root.length > 1 ? file.slice(root.length - 1) : file;
  const within = dir.slice(Math.max(root.length - 1, 0));
  if (buildId !== "") {
    yield path.join(folder, buildId, base);
    yield* filesIn(path.join(folder, buildId), folder);
    // As perf has it.
    yield path.join(folder, withoutVolume, buildId);
    // As LLVM and GDB have it.
    if (buildId.length >= 2) {
      yield path.join(folder, buildId.slice(0, 2), `${buildId.slice(2)}.debug`);
    }
  }
  if (file === "") return;
  yield path.join(folder, base);
  // A copy of another computer's folders.
  yield path.join(folder, withoutVolume);
  // As GDB looks for debug information kept apart ("Separate Debug Files" in its manual).
  yield path.join(folder, `${withoutVolume}.debug`);
  yield path.join(folder, within, ".debug", `${base}.debug`);
  yield path.join(folder, "usr", "lib", "debug", within, `${base}.debug`);
}

function filesIn(folder: string, root: string): string[] {
  if (!isBelow(path.resolve(folder), path.resolve(root))) return [];
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

function tryToOpen(name: string, range: MappedRange): Binary | undefined {
  try {
    return openBinary(name, range);
  } catch {
    // Whatever is wrong with it, it is not what is looked for.
    return undefined;
  }
}
