import type { FunctionIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { linkerNames } from "./linker-name.js";

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

/** The attributes that identify one function. */
export type FunctionIdentity = "name" | "file" | "definition";

/** Returns a function that decides which attributes identify a function. No other code decides. */
export function identifier(
  profile: Profile,
  identity: Identity,
): (fn: FunctionIndex) => FunctionIdentity {
  if (identity === "name" || identity === "definition") return () => identity;
  const named = linkerNames(profile);
  const whenNamed = identity === "language" ? "name" : "file";
  return (fn) => (named[fn] === 1 ? whenNamed : "definition");
}

/**
 * Returns the option for pprof's text reports. For profiles in pprof's own formats they are pprof's
 * output byte for byte, unless the user chose an identity.
 */
export function identityInText(option: IdentityOption, isPprofs: boolean): IdentityOption {
  return option === "auto" && isPprofs ? "name" : option;
}
