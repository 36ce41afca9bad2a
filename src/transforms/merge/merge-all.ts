import { ProfileError } from "../../profile/errors.js";
import type { Profile } from "../../profile/profile.js";
import { ProfileMerger } from "./merger.js";
import { conformTo, extendPlan, type MergePlan, planFor } from "./plan.js";

/** A profile that is to be merged. */
export interface MergeInput {
  /** For errors. */
  readonly name: string;
  /** Undefined where it cannot be had, never an error. May be called again. */
  read(): Promise<Profile | undefined>;
}

/**
 * Merges the profiles that `inputs` read, holding one of them at a time (and the bytes
 * of the next) beside the result; one alone stays as it is, but for sample types that
 * nothing can be asked of. Undefined where there is none. Throws a {@link ProfileError}
 * where the profiles do not fit together, or the result needs more than `limit` bytes.
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
  /** Profiles came that this plan is needed for, after others were merged without it. */
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
      // What can be done without this thread, such as inflating, goes on while it merges.
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
    // Where this ends early, what is wrong with the next input is told before, not after.
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
