import type { Profile } from "../profile/profile.js";
import { outermostLines } from "../profile/transforms/outermost-lines.js";
import { materialize } from "../view/materialize.js";
import type { ReportInput } from "./input.js";

/** All that the filters leave of a profile. */
export interface RawReport {
  readonly profile: Profile;
}

/** Makes the raw report. */
export function raw({ view, nodes }: ReportInput): RawReport {
  const profile = materialize(view);
  return { profile: nodes.noInlines ? outermostLines(profile, nodes.showColumns) : profile };
}
