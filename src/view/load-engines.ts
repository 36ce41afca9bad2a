import type { Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import type { CompilePattern } from "./matcher.js";
import { prepareProfile, usesDemangler } from "./prepare.js";
import { usesPatterns } from "./select.js";

/** Calls {@link prepareProfile} with RE2 and the demangler, each loaded only if it is needed. */
export async function prepareWithEngines(
  profile: Profile,
  options: Options,
): Promise<{ profile: Profile; warnings: string[] }> {
  return prepareProfile(profile, options, {
    compile: await patternsFor(options, profile),
    demangle: usesDemangler(profile, options)
      ? (await import("../demangle/index.js")).demangle
      : () => undefined,
  });
}

/** Returns the compiler for `pattern` and for the patterns in the options and the profile. */
export function patternsFor(
  options: Options,
  profile: Profile,
  pattern = "",
): Promise<CompilePattern> {
  return loadRe2(pattern !== "" || usesPatterns(options, profile));
}

/** Loads RE2, which takes a while, if it is needed. Otherwise returns a function that throws. */
export async function loadRe2(isNeeded: boolean): Promise<CompilePattern> {
  return isNeeded ? (await import("./re2.js")).compileRe2 : unexpectedPattern;
}

function unexpectedPattern(pattern: string): never {
  throw new Error(`RE2 is not loaded for the pattern ${pattern}`);
}
