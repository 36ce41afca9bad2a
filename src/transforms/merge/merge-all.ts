import { ProfileError } from "../../profile/errors.js";
import type { Profile } from "../../profile/profile.js";
import { ProfileMerger } from "./merger.js";
import { conformTo, extendPlan, type MergePlan, planFor } from "./plan.js";

export interface MergeInput {
  readonly name: string;
  /** Returns undefined if the profile is unavailable; never rejects. May be called again. */
  read(): Promise<Profile | undefined>;
}

/**
 * Merges the profiles that `inputs` read. Holds one of them at a time, and the bytes of the next,
 * besides the result. A single profile is unchanged, except that sample types that cannot be
 * selected are removed. Returns undefined if there is none. Throws a {@link ProfileError} if the
 * profiles are incompatible or the result needs more than `limit` bytes.
 */
export async function mergeAll(
  inputs: readonly MergeInput[],
  limit: number,
): Promise<Profile | undefined> {
  let plan: MergePlan | undefined;
  for (;;) {
    const attempt = await tryToMerge(inputs, plan, limit);
    if (attempt.isWhole) return attempt.profile;
    plan = attempt.plan;
  }
}

type Attempt =
  | { isWhole: true; profile: Profile | undefined }
  /** This plan is needed, but earlier profiles were merged without it. */
  | { isWhole: false; plan: MergePlan };

async function tryToMerge(
  inputs: readonly MergeInput[],
  known: MergePlan | undefined,
  limit: number,
): Promise<Attempt> {
  let plan = known;
  let first: Profile | undefined;
  let merger: ProfileMerger | undefined;
  let next = inputs[0]?.read();
  try {
    for (let i = 0; i < inputs.length; i++) {
      const profile = await next;
      // Start reading the next input, so that other threads can inflate it during the merge.
      next = inputs[i + 1]?.read();
      if (!profile) continue;
      const extended = plan ? extendFor(inputs[i], plan, profile) : planFor(profile);
      if (first && extended !== plan) return { isWhole: false, plan: extended };
      plan = extended;
      const fitting = conformTo(plan, profile);
      if (!first) {
        first = fitting;
        continue;
      }
      if (!merger) {
        merger = new ProfileMerger(limit);
        merger.add(first);
      }
      merger.add(fitting);
    }
  } finally {
    // Wait, so that warnings about the next input come before an error of this one.
    await next;
  }
  return { isWhole: true, profile: merger ? merger.finish() : first };
}

function extendFor({ name }: MergeInput, plan: MergePlan, profile: Profile): MergePlan {
  try {
    return extendPlan(plan, profile);
  } catch (error) {
    throw new ProfileError(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
