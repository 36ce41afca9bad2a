import type { FunctionIndex, StringIndex } from "../profile/indices.js";
import { NO_MAPPING } from "../profile/indices.js";
import { isJitFile } from "../profile/jit-files.js";
import { memoized } from "../profile/memo.js";
import { MappingFlags, type Profile } from "../profile/profile.js";

/**
 * Tests whether a linker knows a function by its name, as in Go, C++, Rust and Java: the name
 * identifies the function in the whole program. Functions of scripts have no such name. Readers
 * leave `systemName` empty where they do not know the linker's name; such a function still has one
 * if its symbol comes from a binary that a linker made.
 */
export function hasLinkerName(profile: Profile, fn: FunctionIndex): boolean {
  return linkerNames(profile)[fn] === 1;
}

/** Returns 1 for each function with a linker's name, else 0. */
export const linkerNames = memoized((profile: Profile): Uint8Array => {
  const { functions, strings } = profile;
  const flags = new Uint8Array(functions.length);
  let mayLack = false;
  for (let fn = 0; fn < functions.length; fn++) {
    if (strings.bytes(functions.systemName[fn]).length > 0) flags[fn] = 1;
    else mayLack = true;
  }
  if (mayLack) addFunctionsOfBinaries(profile, flags);
  const scripts = new Map<StringIndex, boolean>();
  for (let fn = 0; fn < functions.length; fn++) {
    if (flags[fn] === 0) continue;
    const file = functions.filename[fn];
    let isScript = scripts.get(file);
    if (isScript === undefined) {
      isScript = isScriptFile(strings.get(file));
      scripts.set(file, isScript);
    }
    if (isScript) flags[fn] = 0;
  }
  return flags;
});

/** Sets the flags of functions at locations in binaries whose symbols the profile contains. */
function addFunctionsOfBinaries(profile: Profile, flags: Uint8Array): void {
  const { mappings, locations, lines, strings } = profile;
  const isBinary = Uint8Array.from({ length: mappings.length }, (_, mapping) => {
    if ((mappings.flags[mapping] & MappingFlags.functions) === 0) return 0;
    const file = strings.get(mappings.file[mapping]);
    return file !== "" && !isJitFile(file) ? 1 : 0;
  });
  if (!isBinary.includes(1)) return;
  for (let location = 0; location < locations.length; location++) {
    const mapping = locations.mapping[location];
    if (mapping === NO_MAPPING || isBinary[mapping] === 0) continue;
    const end = locations.lineOffsets[location + 1];
    for (let line = locations.lineOffsets[location]; line < end; line++) {
      flags[lines.function[line]] = 1;
    }
  }
}

const SCRIPT_EXTENSION = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|py|rb|php|lua|pl)(?:\?.*)?$/is;

/** The beginnings of the URLs of scripts in Node and in browsers. */
const SCRIPT_URL = /^(?:node|file|https?|webpack(?:-internal)?|app|chrome-extension|wasm):/i;

/** Node's names of code that comes from no file. */
const CODE_WITHOUT_FILE = /^(?:evalmachine\.<anonymous>|\[(?:eval|stdin|worker eval)\]|REPL\d+$)/;

/** Tests whether a file is a script, by its extension, as a URL, or as code that Node evaluates. */
export function isScriptFile(file: string): boolean {
  return SCRIPT_URL.test(file) || SCRIPT_EXTENSION.test(file) || CODE_WITHOUT_FILE.test(file);
}
