import type { Profile } from "../profile/profile.js";
import { outermostLines } from "../transforms/outermost-lines.js";
import { materialize } from "../view/materialize.js";
import type { ReportInput } from "./input.js";

/** Returns the profile after all filters, without inlined calls if the options ask for that. */
export function filteredProfile({ view, nodes }: Pick<ReportInput, "view" | "nodes">): Profile {
  const profile = materialize(view);
  return nodes.noInlines ? outermostLines(profile, nodes.showColumns) : profile;
}
