import type { FunctionIndex, LocationIndex, MappingIndex } from "../profile/indices.js";
import { MappingFlags, type Profile } from "../profile/profile.js";
import { SymbolAdder } from "./symbol-adder.js";
import { isAbsoluteUrl } from "./unsource-mappings.js";

/** A frame at an address. Unknown fields are empty or 0. */
export interface Frame {
  /** The linker's name of the function. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly startLine: number;
}

/** A mapping with its locations, in the order of the profile. */
export interface MappedLocations {
  readonly mapping: MappingIndex;
  readonly locations: readonly LocationIndex[];
  /** Whether a location has no lines, so that a failed lookup leaves it without a name. */
  readonly lacksLines: boolean;
}

/** The frames of a mapping's locations: by location, innermost inlined call first. */
export interface FoundSymbols extends Pick<MappedLocations, "mapping" | "locations"> {
  /** By location; undefined or empty if nothing was found. */
  readonly frames: readonly (readonly Frame[] | undefined)[];
}

/** The mappings to look up in binaries, and those that cannot be looked up. */
export interface Lookups {
  readonly wanted: readonly MappedLocations[];
  /** Whether the first mapping, the main program, should be looked up but has no name. */
  readonly lacksMainName: boolean;
  /** Whether another mapping should be looked up but has no name. */
  readonly lacksName: boolean;
}

/** Any of these flags means that a mapping was looked up before. */
const SYMBOLIZED = MappingFlags.functions | MappingFlags.filenames | MappingFlags.lineNumbers;

/**
 * Returns the mappings whose locations should be looked up in their binaries: those without names,
 * or all with `force`. Leaves out mappings that are not files.
 */
export function findLookups(profile: Profile, force: boolean): Lookups {
  const { mappings, strings } = profile;
  const wanted: MappedLocations[] = [];
  let lacksMainName = false;
  let lacksName = false;
  const byMapping = locationsByMapping(profile, (mapping) => {
    return force || (mappings.flags[mapping] & SYMBOLIZED) === 0;
  });
  for (const lookup of byMapping) {
    const file = strings.get(mappings.file[lookup.mapping]);
    const hasBuildId = strings.get(mappings.buildId[lookup.mapping]) !== "";
    if (file !== "") {
      const isSource = !hasBuildId && isAbsoluteUrl(file) && /^[^:]*http/i.test(file);
      if (!isSource && !isSystemName(file)) wanted.push(lookup);
    } else if (lookup.mapping === 0) {
      lacksMainName = force || lookup.lacksLines;
    } else {
      lacksName ||= force || lookup.lacksLines;
    }
  }
  return { wanted, lacksMainName, lacksName };
}

/** Returns the mappings that `wants` selects, with their locations, if they have any. */
export function locationsByMapping(
  { mappings, locations }: Profile,
  wants: (mapping: MappingIndex) => boolean,
): MappedLocations[] {
  const lists = Array.from({ length: mappings.length }, (_, mapping) =>
    wants(mapping as MappingIndex) ? ([] as LocationIndex[]) : undefined,
  );
  if (lists.every((list) => !list)) return [];
  for (let location = 0; location < locations.length; location++) {
    lists[locations.mapping[location]]?.push(location as LocationIndex);
  }
  const hasNoLines = (location: LocationIndex) =>
    locations.lineOffsets[location + 1] === locations.lineOffsets[location];
  return lists.flatMap((list, row) => {
    if (!list || list.length === 0) return [];
    const mapping = row as MappingIndex;
    return [{ mapping, locations: list, lacksLines: list.some(hasNoLines) }];
  });
}

/** Tests whether the operating system made up the name, so that the mapping is not a file. */
function isSystemName(file: string): boolean {
  const base = file.replace(/\/+$/, "").replace(/^.*\//s, "");
  return (
    base.startsWith("[") ||
    base.startsWith("linux-vdso") ||
    file.startsWith("/dev/dri/") ||
    file.startsWith("/memfd:") ||
    file === "//anon"
  );
}

export function addSymbols(profile: Profile, found: readonly FoundSymbols[]): Profile {
  const adder = new SymbolAdder(profile);
  const functions = new FunctionFinder(adder);
  for (const { mapping, locations, frames } of found) {
    locations.forEach((location, i) => {
      const stack = frames[i];
      if (!stack || stack.length === 0) return;
      adder.unfold(location);
      adder.setLines(
        location,
        stack.map((frame) => ({
          function: functions.find(frame),
          line: frame.line,
          column: frame.column,
        })),
      );
      adder.addFlags(mapping, stack.reduce(flagsWith, MappingFlags.inlineFrames));
    });
  }
  return adder.finish();
}

function flagsWith(flags: number, { name, file, line }: Frame): number {
  return (
    flags |
    (name === "" ? 0 : MappingFlags.functions) |
    (file === "" ? 0 : MappingFlags.filenames) |
    (line === 0 ? 0 : MappingFlags.lineNumbers)
  );
}

/** Adds functions without duplicates. */
class FunctionFinder {
  readonly #adder: SymbolAdder;
  readonly #known = new Map<string, FunctionIndex>();

  constructor(adder: SymbolAdder) {
    this.#adder = adder;
  }

  find({ name, file, startLine }: Frame): FunctionIndex {
    const key = `${startLine}\n${file}\n${name}`;
    let fn = this.#known.get(key);
    if (fn === undefined) {
      fn = this.#adder.addFunction({ name, file, startLine });
      this.#known.set(key, fn);
    }
    return fn;
  }
}
