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

/** The options that change the profile itself before any report. */
export type PrepareOptions = Pick<Options, "symbolize" | "all_frames" | "add_comment">;

/** Large components that few commands need. The caller loads them on demand. */
export interface Engines {
  readonly compile: CompilePattern;
  readonly demangle: Demangle;
}

/** Makes names readable, removes the frames that the profile asks to drop, and adds a comment. */
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
      prepared = applyDropFrames(prepared, compile);
    } catch (error) {
      // The pattern comes from the profile, not from the user, so a warning is enough.
      warnings.push(`the profile's drop_frames are ignored: ${(error as Error).message}`);
    }
  }
  prepared = unsourceMappings(prepared);
  if (options.add_comment !== "") prepared = addComment(prepared, options.add_comment);
  return { profile: prepared, warnings };
}

/** Whether {@link prepareProfile} needs the demangler. */
export function usesDemangler(profile: Profile, options: PrepareOptions): boolean {
  const { mode } = parseSymbolize(options.symbolize);
  return mode !== undefined && mode.style !== "none" && hasMangledNames(profile);
}

/** Clears the profile's patterns, so that later readers of the result keep all frames, too. */
function keepAllFrames(profile: Profile): Profile {
  const empty = 0 as StringIndex;
  return { ...profile, dropFrames: empty, keepFrames: empty };
}

function applyDropFrames(profile: Profile, compile: CompilePattern): Profile {
  const drop = profile.strings.get(profile.dropFrames);
  const keep = profile.strings.get(profile.keepFrames);
  if (drop === "") return profile;
  const whole = (pattern: string) => compile(`^(${pattern})$`);
  const view = wholeProfile(profile);
  return materialize(dropFrames(view, whole(drop), keep === "" ? undefined : whole(keep)));
}
