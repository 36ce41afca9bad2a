import { UserError, usageError } from "../errors/user-error.js";
import type { Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import type { CompilePattern, Pattern } from "../view/matcher.js";
import { type Selection, selectView } from "../view/select.js";
import { type ReportInput, type ReportSpec, reportInput } from "./input.js";
import type { SourceReader } from "./list.js";

/** What a report is made with. */
export interface ReportContext {
  readonly input: ReportInput;
  /** The pattern of a command that takes one; one that matches everything for others. */
  readonly pattern: Pattern;
  readonly patternText: string;
  /** Finds the sources that the profile names. */
  readonly sources: () => SourceReader;
}

/** What a report is about, with what {@link selectView} has to say of the options. */
export interface SelectedInput extends Pick<Selection, "warnings" | "unmatched"> {
  readonly input: ReportInput;
}

/**
 * Selects what of a prepared profile a report is about, and puts it together with what
 * the options say of the report. Throws a {@link UserError}. `compile` is used only
 * where the options or the profile have patterns.
 */
export function selectInput(
  profile: Profile,
  options: Options,
  spec: ReportSpec,
  compile: CompilePattern,
): SelectedInput {
  if (options.divide_by === 0) throw usageError("-divide_by must not be 0");
  const selection = selectView(profile, options, compile);
  const { warnings, unmatched } = selection;
  return { input: reportInput(selection, options, spec), warnings, unmatched };
}

const EVERYTHING: Pattern = { test: () => true };

/** The pattern that a report is asked for with; none matches everything. Throws a {@link UserError}. */
export function requestedPattern(text: string, compile: CompilePattern): Pattern {
  if (text === "") return EVERYTHING;
  try {
    return compile(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(reason.replace(/^error parsing regexp: /, ""));
  }
}
