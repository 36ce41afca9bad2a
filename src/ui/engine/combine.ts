import type { Options } from "../../options/table.js";
import type { Profile } from "../../profile/profile.js";
import { wholeLegend } from "../../report/legend.js";
import { formatValue } from "../../report/value-format.js";
import { compareProfiles } from "../../transforms/compare.js";
import { ensureMapping } from "../../transforms/main-mapping.js";
import { mergeAll } from "../../transforms/merge/merge-all.js";
import { conformTo, extendPlan, planFor } from "../../transforms/merge/plan.js";
import { alignBase } from "../../view/align-base.js";
import { selectSampleValue } from "../../view/sample-value.js";
import { type Combination, EngineError, type FilesPreview } from "./engine.js";

export interface NamedProfile {
  readonly name: string;
  readonly profile: Profile;
}

/** Merges profiles, or subtracts the first from the second, as the command line does. */
export async function combine(
  how: Combination["how"],
  files: readonly NamedProfile[],
  limit: number,
): Promise<Profile> {
  if (how === "merge") {
    const inputs = files.map(({ name, profile }) => ({
      name,
      read: async () => ensureMapping(profile),
    }));
    const merged = await mergeAll(inputs, limit);
    if (!merged) throw new EngineError("there is no profile to merge");
    return merged;
  }
  const [base, changed] = files;
  const profile = ensureMapping(changed.profile);
  const aligned = alignBase(ensureMapping(base.profile), profile);
  try {
    return compareProfiles(profile, aligned, { marksBase: true, normalizes: false }, limit);
  } catch (error) {
    throw new EngineError(`${base.name}: ${(error as Error).message}`);
  }
}

/** Describes files before the user decides what to do with them. */
export function previewOf(files: readonly NamedProfile[], options: Options): FilesPreview {
  const totals = files.map(({ profile }) => totalText(profile, options));
  const problem = incompatibility(files);
  if (problem !== undefined || files.length !== 2) return { totals, problem, change: undefined };
  return { totals, problem, change: changeOf(files[0], files[1], options) };
}

function totalText(profile: Profile, options: Options, type = ""): string {
  const wanted = { ...options, sample_index: type, mean: false };
  const { legend, total, format } = wholeLegend(profile, wanted);
  return `${legend.sampleType} ${formatValue(format, total)}`;
}

/** Returns why profiles can be neither merged nor compared. */
function incompatibility([first, ...others]: readonly NamedProfile[]): string | undefined {
  let plan = planFor(first.profile);
  for (const { name, profile } of others) {
    try {
      plan = extendPlan(plan, profile);
    } catch (error) {
      return `${name}: ${(error as Error).message}`;
    }
  }
  return undefined;
}

/** Returns the change of the total in the default sample type, or else the first common one. */
function changeOf(base: NamedProfile, changed: NamedProfile, options: Options): string {
  const plan = extendPlan(planFor(base.profile), changed.profile);
  const [before, after] = [base, changed].map(({ profile }) => conformTo(plan, profile));
  const { index } = selectSampleValue(after, "", false);
  const { type } = plan.sampleTypes[index];
  const [from, to] = [before, after].map((profile) =>
    wholeLegend(profile, { ...options, sample_index: type, mean: false }),
  );
  const larger = Math.abs(Number(to.total)) > Math.abs(Number(from.total)) ? to : from;
  // Both totals in one unit can be compared at a glance.
  const [unit] = /[^\d.]*$/.exec(formatValue(larger.format, larger.total)) ?? [""];
  const texts = [from, to].map(({ format, total }) =>
    formatValue({ ...format, to: unit || format.to }, total),
  );
  return `${type} ${texts.join(" → ")}${shareText(Number(from.total), Number(to.total))}`;
}

/** Returns a change as a share of the first total; empty if that is 0. */
function shareText(from: number, to: number): string {
  if (from === 0) return "";
  const percent = ((to - from) / Math.abs(from)) * 100;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  const sign = percent > 0 ? "+" : percent < 0 ? "−" : "";
  return `, ${sign}${Math.abs(percent).toFixed(digits)}%`;
}
