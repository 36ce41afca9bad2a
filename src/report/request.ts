import { usageError } from "../errors/user-error.js";
import type { Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import type { CompilePattern, Pattern } from "../view/matcher.js";
import type { OwnPackages } from "../view/packages.js";
import { type Selection, selectView } from "../view/select.js";
import { type ReportInput, type ReportSpec, reportInput } from "./input.js";
import type { SourceReader } from "./list.js";

export interface ReportContext {
  readonly input: ReportInput;
  /** The pattern argument of the command; a pattern that matches everything if there is none. */
  readonly pattern: Pattern;
  readonly patternText: string;
  /** Returns a reader for the source files that the profile names. */
  readonly sources: () => SourceReader;
}

/** The input of a report, and the warnings of {@link selectView}. */
export interface SelectedInput extends Pick<Selection, "warnings" | "unmatched"> {
  readonly input: ReportInput;
}

/**
 * Selects part of a prepared profile and combines it with the report options. Throws a {@link
 * UserError}. Calls `compile` only if the options or the profile contain patterns. `ownPackages` are
 * the packages of the user's own scripts, if they are known.
 */
export function selectInput(
  profile: Profile,
  options: Options,
  spec: ReportSpec,
  compile: CompilePattern,
  ownPackages?: OwnPackages,
): SelectedInput {
  if (options.divide_by === 0) throw usageError("-divide_by must not be 0");
  const selection = selectView(profile, options, compile, ownPackages);
  const { warnings, unmatched } = selection;
  return { input: reportInput(selection, options, spec, ownPackages), warnings, unmatched };
}

const MATCH_ALL: Pattern = { test: () => true };

/** Compiles the pattern argument; an empty text matches everything. Throws a {@link UserError}. */
export function requestedPattern(text: string, compile: CompilePattern): Pattern {
  if (text === "") return MATCH_ALL;
  try {
    return compile(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(reason.replace(/^error parsing regexp: /, ""));
  }
}
