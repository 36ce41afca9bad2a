import { usageError } from "../errors/user-error.js";
import { type CommandName, commandSpec } from "../options/commands.js";
import { defaultOptions, type Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import { InMemorySources } from "../report/given-sources.js";
import { type ReportContext, requestedPattern, selectInput } from "../report/request.js";
import { compileRe2 } from "../view/re2.js";

/** The command line's options by their names there, such as `sample_index`, with its defaults. */
export type ReportOptions = Partial<Options>;

/** The text of source files, by their names in the profile. */
export type SourceTexts = Readonly<Record<string, string>>;

/** Options of reports that are not flags of the command line. */
export interface ReportArguments {
  /** The functions that the report is about, as a regular expression; for `peek` and `list`. */
  readonly regex?: string;
  /** The source files that the report shows; for `list`. */
  readonly sources?: SourceTexts;
}

/** The context of a report, with one warning line for each filter that matched nothing. */
export interface Context extends ReportContext {
  readonly warnings: readonly string[];
}

/** Prepares the report of a command. Throws an Error of one line if the options are invalid. */
export function reportContext(
  command: CommandName,
  profile: Profile,
  { regex = "", sources = {}, ...changes }: ReportOptions & ReportArguments,
): Context {
  const spec = commandSpec(command);
  if (spec.parameter && regex === "") {
    throw usageError(`${command} needs the option regex, which selects functions by name`);
  }
  const options = { ...defaultOptions(), ...changes };
  const { input, warnings } = selectInput(profile, options, spec, compileRe2);
  return {
    input,
    pattern: requestedPattern(regex, compileRe2),
    patternText: regex,
    sources: () => new InMemorySources(sources, options, "among those given"),
    warnings,
  };
}
