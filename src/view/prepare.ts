import { parseSymbolize } from "../options/symbolize.js";
import type { Options } from "../options/table.js";
import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { addComment } from "../transforms/add-comment.js";
import { type Demangle, demangleFunctions, hasMangledNames } from "../transforms/demangle.js";
import { uniqueSampleTypes } from "../transforms/merge/plan.js";
import { unsourceMappings } from "../transforms/unsource-mappings.js";
import type { CompilePattern } from "./matcher.js";
import { materialize } from "./materialize.js";
import { dropFrames } from "./name-filters.js";
import { wholeProfile } from "./view.js";

/** The options that change the profile itself, once, before any report. */
export type PrepareOptions = Pick<Options, "symbolize" | "all_frames" | "add_comment">;

/** Parts that are large and seldom needed, so that a program may load them late. */
export interface Engines {
  readonly compile: CompilePattern;
  readonly demangle: Demangle;
}

/**
 * Gets a profile that was just read ready for reports: names made readable, the frames
 * that it wants dropped dropped, a comment added.
 */
export function prepareProfile(
  profile: Profile,
  options: PrepareOptions,
  { compile, demangle }: Engines,
): { profile: Profile; warnings: string[] } {
  const { mode, warnings } = parseSymbolize(options.symbolize);
  let prepared = uniqueSampleTypes(profile);
  if (mode) {
    const demangled = demangleFunctions(prepared, mode, demangle);
    if (!demangled.isComplete)
      warnings.push("some names are too long to demangle, and stay mangled");
    prepared = demangled.profile;
  }
  if (options.all_frames) {
    prepared = keepAllFrames(prepared);
  } else {
    try {
      prepared = dropUninteresting(prepared, compile);
    } catch (error) {
      // The pattern is the profile's, not the user's: the report is worth more.
      warnings.push(`the profile's drop_frames are ignored: ${(error as Error).message}`);
    }
  }
  prepared = unsourceMappings(prepared);
  if (options.add_comment !== "") prepared = addComment(prepared, options.add_comment);
  return { profile: prepared, warnings };
}

/** Whether {@link prepareProfile} may ask for names to be demangled. */
export function usesDemangler(profile: Profile, options: PrepareOptions): boolean {
  const { mode } = parseSymbolize(options.symbolize);
  return mode !== undefined && mode.style !== "none" && hasMangledNames(profile);
}

/** Without the wish to drop frames, so that readers of a profile made of it see them too. */
function keepAllFrames(profile: Profile): Profile {
  const empty = 0 as StringIndex;
  return { ...profile, dropFrames: empty, keepFrames: empty };
}

function dropUninteresting(profile: Profile, compile: CompilePattern): Profile {
  const drop = profile.strings.get(profile.dropFrames);
  const keep = profile.strings.get(profile.keepFrames);
  if (drop === "") return profile;
  const whole = (pattern: string) => compile(`^(${pattern})$`);
  const view = wholeProfile(profile);
  return materialize(dropFrames(view, whole(drop), keep === "" ? undefined : whole(keep)));
}
