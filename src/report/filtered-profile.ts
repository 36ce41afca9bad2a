import type { Profile } from "../profile/profile.js";
import { outermostLines } from "../transforms/outermost-lines.js";
import { materialize } from "../view/materialize.js";
import type { ReportInput } from "./input.js";

/** All that the filters leave of a profile, without inlined calls where that is asked for. */
export function filteredProfile({ view, nodes }: Pick<ReportInput, "view" | "nodes">): Profile {
  const profile = materialize(view);
  return nodes.noInlines ? outermostLines(profile, nodes.showColumns) : profile;
}
