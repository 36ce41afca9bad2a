import { type CommandName, commandSpec } from "../options/commands.js";
import { defaultOptions, type Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import { GivenSources } from "../report/given-sources.js";
import { type ReportContext, requestedPattern, selectInput } from "../report/request.js";
import { compileRe2 } from "../view/re2.js";

/** Texts of source files, by the names that the profile has for them. */
export type SourceTexts = Readonly<Record<string, string>>;

/** What a report takes besides a profile and options. */
export interface Asked {
  readonly pattern?: string;
  readonly sources?: SourceTexts;
}

/** A context, and what the user should know, a line each: filters that matched nothing. */
export interface Context extends ReportContext {
  readonly warnings: readonly string[];
}

/** What the report of a command is made with. Throws an Error of one line where options make no sense. */
export function reportContext(
  command: CommandName,
  profile: Profile,
  changes: Partial<Options>,
  { pattern = "", sources = {} }: Asked = {},
): Context {
  const options = { ...defaultOptions(), ...changes };
  const { input, warnings } = selectInput(profile, options, commandSpec(command), compileRe2);
  return {
    input,
    pattern: requestedPattern(pattern, compileRe2),
    patternText: pattern,
    sources: () => new GivenSources(sources, options, "among those given"),
    warnings,
  };
}
