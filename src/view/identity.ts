import type { FunctionIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { hasLinkerName } from "./linker-name.js";

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
      return hasLinkerName(profile, fn) ? "name" : "definition";
    case "language and file":
      return hasLinkerName(profile, fn) ? "file" : "definition";
  }
}

/**
 * Returns the option for pprof's text reports. For profiles in pprof's own formats they are pprof's
 * output byte for byte, unless the user chose an identity.
 */
export function identityInText(option: IdentityOption, isPprofs: boolean): IdentityOption {
  return option === "auto" && isPprofs ? "name" : option;
}
