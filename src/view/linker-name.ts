import type { FunctionIndex, StringIndex } from "../profile/indices.js";
import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";

/**
 * Tests whether the name of a function is a linker's, as in Go, C++, Rust and Java: a whole
 * program has one function of that name. Functions of scripts have no such name, nor have functions
 * with an empty `systemName`, which formats without linker's names write.
 */
export function hasLinkerName(profile: Profile, fn: FunctionIndex): boolean {
  return linkerNames(profile)[fn] === 1;
}

/** Returns 1 for each function with a linker's name, else 0. */
const linkerNames = memoized(({ functions, strings }: Profile): Uint8Array => {
  const flags = new Uint8Array(functions.length);
  const scripts = new Map<StringIndex, boolean>();
  for (let fn = 0; fn < functions.length; fn++) {
    if (strings.bytes(functions.systemName[fn]).length === 0) continue;
    const file = functions.filename[fn];
    let isScript = scripts.get(file);
    if (isScript === undefined) {
      isScript = isScriptFile(strings.get(file));
      scripts.set(file, isScript);
    }
    if (!isScript) flags[fn] = 1;
  }
  return flags;
});

const SCRIPT_EXTENSION = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|py|rb|php|lua|pl)(?:\?.*)?$/is;

/** The beginnings of the URLs of scripts in Node and in browsers. */
const SCRIPT_URL = /^(?:node|file|https?|webpack(?:-internal)?|app|chrome-extension|wasm):/i;

/** Tests whether a file is a script, by its extension or as a URL of Node or a browser. */
export function isScriptFile(file: string): boolean {
  return SCRIPT_URL.test(file) || SCRIPT_EXTENSION.test(file);
}
