import { type CommandName, commandSpec } from "../../src/options/commands.js";
import { defaultOptions, type Options } from "../../src/options/table.js";
import type { Profile } from "../../src/profile/profile.js";
import { type ReportInput, reportInput } from "../../src/report/input.js";
import { compileRe2 } from "../../src/view/re2.js";
import { selectView } from "../../src/view/select.js";
import { type ProfileParts, profileOf } from "./text-profile.js";

export interface Wanted {
  profile?: ProfileParts;
  options?: Partial<Options>;
}

/** Returns the input of the report `command`. Trims nothing by default. */
export function inputFor(
  command: CommandName,
  profile: Profile | string,
  { profile: parts, options: changes }: Wanted = {},
): ReportInput {
  const options = {
    ...defaultOptions(),
    nodecount: 0,
    nodefraction: 0,
    edgefraction: 0,
    ...changes,
  };
  const read = typeof profile === "string" ? profileOf(profile, parts) : profile;
  return reportInput(selectView(read, options, compileRe2), options, commandSpec(command));
}
