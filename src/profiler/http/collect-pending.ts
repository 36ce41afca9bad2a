import { compareProfiles } from "../../transforms/compare.js";
import { MAX_BYTES } from "../limits.js";
import { followsPending, pendingProfile } from "../pending/pending-profile.js";
import { Refused } from "./answer.js";
import { type CollectOptions, type Plan, wait } from "./collect.js";
import type { Parameters } from "./parameters.js";

/**
 * Plans a profile of the pending resources of this thread, or of their change within `seconds`.
 * Throws if the program does not follow them.
 */
export function planPending(
  { seconds }: Parameters,
  { sourceMaps = true }: Pick<CollectOptions, "sourceMaps">,
): Plan {
  if (!followsPending()) {
    throw new Refused(
      404,
      "Node has no goroutines; to see what is pending by its stack, call startPendingProfile() of tsprof/profiler in this thread",
    );
  }
  const collect = () => pendingProfile({ sourceMaps });
  if (seconds === undefined) return { name: "goroutine", seconds: 0, collect };
  return {
    name: "goroutine-delta",
    seconds,
    async collect(signal) {
      const before = await collect();
      await wait(seconds, signal);
      const after = await collect();
      const how = { marksBase: false, normalizes: false };
      return compareProfiles(after, before, how, MAX_BYTES);
    },
  };
}
