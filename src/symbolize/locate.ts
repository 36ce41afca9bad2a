import { readdirSync } from "node:fs";
import path from "node:path";
import type { MappingIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { nameMappings } from "../transforms/name-mappings.js";
import { type Binary, openBinary } from "./binaries/binary.js";
import { isBelow } from "./binaries/binary-file.js";
import { type MappedRange, mappedRange } from "./binaries/mapped-range.js";
import type { KnownBinaries } from "./known-binaries.js";

/**
 * Returns the profile with the paths of the binaries that are in `folders`, and adds them to
 * `known`. Skips a binary with a different build id, with a warning.
 */
export function locateBinaries(
  profile: Profile,
  folders: readonly string[],
  known: KnownBinaries,
  warn: (line: string) => void,
): Profile {
  const { mappings, strings } = profile;
  const names = new Map<number, string>();
  for (let row = 0; row < mappings.length; row++) {
    const file = strings.get(mappings.file[row]);
    const buildId = strings.get(mappings.buildId[row]);
    const range = mappedRange(profile, row as MappingIndex, known.kernelSymbol(file));
    const found = locateBinary({ file, buildId, range }, folders, warn);
    if (found === undefined) continue;
    names.set(row, found);
    known.add(found, file);
  }
  return nameMappings(profile, names);
}

/** What a profile says about a binary. */
interface NamedBinary {
  readonly file: string;
  readonly buildId: string;
  readonly range: MappedRange;
}

/** Returns the path of the binary in one of `folders`. Never looks outside the folders. */
function locateBinary(
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

/** Yields the paths that a binary may have in a folder, in pprof's order. */
function* candidates(folder: string, { file, buildId }: NamedBinary): Generator<string> {
  const { base, root, dir } = path.parse(file);
  const withoutVolume = root.length > 1 ? file.slice(root.length - 1) : file;
  const within = dir.slice(Math.max(root.length - 1, 0));
  if (buildId !== "") {
    yield path.join(folder, buildId, base);
    yield* filesIn(path.join(folder, buildId), folder);
    // The layout of perf.
    yield path.join(folder, withoutVolume, buildId);
    // The layout of LLVM and GDB.
    if (buildId.length >= 2) {
      yield path.join(folder, buildId.slice(0, 2), `${buildId.slice(2)}.debug`);
    }
  }
  if (file === "") return;
  yield path.join(folder, base);
  // A copy of another computer's folder tree.
  yield path.join(folder, withoutVolume);
  // The layouts of separate debug files ("Separate Debug Files" in GDB's manual).
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
    // The file is another binary.
    return undefined;
  }
}
