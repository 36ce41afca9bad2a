import { uint64At } from "../../profile/columns.js";
import type { MappingIndex } from "../../profile/indices.js";
import type { Profile } from "../../profile/profile.js";
import { nameMappings } from "../../profile/transforms/name-mappings.js";
import type { MappedRange } from "./elf-base.js";
import { binaryFolders, locateBinary } from "./locate.js";

/** What the name of a kernel's mapping begins with; the rest names the symbol at its start. */
const KERNEL = "[kernel.kallsyms]";

/** The symbol that a kernel's mapping starts at, where the mapping's name has it. */
export function kernelSymbolOf(file: string): string {
  return file.startsWith(KERNEL) ? file.slice(KERNEL.length) : "";
}

/**
 * The names of binaries that the user gave or that were found where the user keeps them;
 * all other names are a profile's word.
 */
export class KnownBinaries {
  /** By name: the symbol that the mapping starts at, if it is a kernel's. */
  readonly #kernelSymbols = new Map<string, string>();
  readonly #warn: (line: string) => void;
  /** What was told already: profiles may be read twice. */
  readonly #told = new Set<string>();
  #folders: string[] | undefined;

  constructor(warn: (line: string) => void) {
    this.#warn = warn;
  }

  has(file: string): boolean {
    return this.#kernelSymbols.has(file);
  }

  kernelSymbol(file: string): string {
    return this.#kernelSymbols.get(file) ?? "";
  }

  /** Takes the name that the user gives the program that the profile calls `before`. */
  add(file: string, before = ""): void {
    this.#kernelSymbols.set(file, kernelSymbolOf(before));
  }

  /** Gives the mappings the names of their binaries in the user's folders. */
  locate(profile: Profile): Profile {
    this.#folders ??= binaryFolders(process.env);
    const names = new Map<number, string>();
    if (this.#folders.length === 0) return profile;
    for (let row = 0; row < profile.mappings.length; row++) {
      const named = namedBinary(profile, row as MappingIndex);
      const found = locateBinary(named, this.#folders, (line) => this.#tell(line));
      if (found === undefined) continue;
      names.set(row, found);
      this.add(found, named.file);
    }
    return nameMappings(profile, names);
  }

  #tell(line: string): void {
    if (!this.#told.has(line)) this.#warn(line);
    this.#told.add(line);
  }
}

function namedBinary(profile: Profile, mapping: MappingIndex) {
  const { mappings, strings } = profile;
  const file = strings.get(mappings.file[mapping]);
  return {
    file,
    buildId: strings.get(mappings.buildId[mapping]),
    range: rangeOf(profile, mapping, kernelSymbolOf(file)),
  };
}

/** Where a mapping lies. */
export function rangeOf(
  { mappings }: Profile,
  mapping: MappingIndex,
  kernelSymbol: string,
): MappedRange {
  return {
    start: uint64At(mappings.start, mapping),
    limit: uint64At(mappings.limit, mapping),
    offset: uint64At(mappings.offset, mapping),
    kernelSymbol,
  };
}
