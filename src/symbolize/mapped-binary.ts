import { statSync } from "node:fs";
import path from "node:path";
import type { MappingIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { type Binary, openBinary } from "./binaries/binary.js";
import { BinaryError } from "./binaries/binary-error.js";
import { mappedRange } from "./binaries/mapped-range.js";
import type { KnownBinaries } from "./known-binaries.js";

/**
 * Opens a mapping's binary. Relative names are opened only if the user gave them: in a profile they
 * are relative to an unknown folder. Throws the errors of {@link openBinary}.
 */
export function openMappedBinary(
  profile: Profile,
  mapping: MappingIndex,
  known: KnownBinaries,
): Binary {
  const file = profile.strings.get(profile.mappings.file[mapping]);
  if (!path.isAbsolute(file) && !known.has(file)) {
    throw new BinaryError("its name is not an absolute path, and it is not in PPROF_BINARY_PATH");
  }
  return openBinary(file, mappedRange(profile, mapping, known.kernelSymbol(file)));
}

/** Returns whether a binary of the profile is a file on this machine. */
export function namesLocalBinary({ mappings, strings }: Profile, known: KnownBinaries): boolean {
  for (let mapping = 0; mapping < mappings.length; mapping++) {
    const file = strings.get(mappings.file[mapping]);
    if (!path.isAbsolute(file) && !known.has(file)) continue;
    try {
      if (statSync(file, { throwIfNoEntry: false })?.isFile()) return true;
    } catch {
      // A folder that cannot be read has no binaries for this user.
    }
  }
  return false;
}
