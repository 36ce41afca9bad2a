import type { FunctionIndex, StringIndex } from "../profile/indices.js";
import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { isScriptFile } from "./linker-name.js";

/**
 * The attributes that identify a function. Two frames are in the same function if these are equal.
 *
 * - `name`: the name alone, as in pprof's text.
 * - `language`: the name if a linker made it unique, and otherwise the definition.
 * - `language and file`: the same, but with the file for all, as in pprof's flame graph.
 * - `definition`: the name, and the file, line and column where the function begins.
 */
export type Identity = "name" | "language" | "language and file" | "definition";

/** The values of `-identity`. */
export type IdentityOption = "auto" | "name" | "definition";

/** Returns the identity for an option. `separatesFiles` is set for flame graphs. */
export function identityFor(option: IdentityOption, separatesFiles: boolean): Identity {
  if (option !== "auto") return option;
  return separatesFiles ? "language and file" : "language";
}

/**
 * Returns, by function, 1 if its name is unique in the program: it is the linker's name of a function
 * that is not from a script.
 */
const hasUniqueName = memoized(({ functions, strings }: Profile): Uint8Array => {
  const unique = new Uint8Array(functions.length);
  /** By file: whether it is a script. */
  const scripts = new Map<StringIndex, boolean>();
  for (let fn = 0; fn < unique.length; fn++) {
    if (strings.bytes(functions.systemName[fn]).length === 0) continue;
    const file = functions.filename[fn];
    let isScript = scripts.get(file);
    if (isScript === undefined) {
      isScript = isScriptFile(strings.get(file));
      scripts.set(file, isScript);
    }
    unique[fn] = isScript ? 0 : 1;
  }
  return unique;
});

/** The attributes that identify one function. */
export type FunctionIdentity = "name" | "file" | "definition";

/** Decides which attributes identify a function. No other code does. */
export function functionIdentity(
  profile: Profile,
  fn: FunctionIndex,
  identity: Identity,
): FunctionIdentity {
  switch (identity) {
    case "name":
    case "definition":
      return identity;
    case "language":
      return hasUniqueName(profile)[fn] ? "name" : "definition";
    case "language and file":
      return hasUniqueName(profile)[fn] ? "file" : "definition";
  }
}

/**
 * Returns the option for pprof's text reports. For profiles in pprof's own formats they are pprof's
 * output byte for byte, unless the user chose an identity.
 */
export function identityInText(option: IdentityOption, isPprofs: boolean): IdentityOption {
  return option === "auto" && isPprofs ? "name" : option;
}
