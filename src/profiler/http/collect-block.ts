import { addComment } from "../../transforms/add-comment.js";
import { compareProfiles } from "../../transforms/compare.js";
import { blockProfile, profilesBlocks } from "../event-loop/block-profile.js";
import { MAX_BYTES } from "../limits.js";
import { type CollectOptions, ends, type Plan, unlessBusy, wait } from "./collect.js";
import type { Parameters } from "./parameters.js";

const DEFAULT_SECONDS = 10;

const NOT_PROFILED = "the program does not profile blocks all the time (startBlockProfile)";

const FAILURE = "Could not collect the profile block";

/**
 * Plans a profile of what blocked the event loop of this thread: since `startBlockProfile`, or within
 * `seconds`.
 */
export function planBlock(
  { seconds }: Parameters,
  { sourceMaps = true }: Pick<CollectOptions, "sourceMaps">,
): Plan {
  if (!profilesBlocks()) {
    const duration = seconds ?? DEFAULT_SECONDS;
    return {
      name: "block",
      seconds: duration,
      collect: (signal) =>
        unlessBusy("block", FAILURE, async () => {
          const durationMillis = duration * 1000;
          const end = Date.now() + durationMillis;
          // If a collection runs already, keep its end.
          ends.block ??= end;
          try {
            const profile = await blockProfile({ durationMillis, signal, ref: false, sourceMaps });
            return addComment(profile, `covers only ${duration} s: ${NOT_PROFILED}`);
          } finally {
            if (ends.block === end) delete ends.block;
          }
        }),
    };
  }
  if (seconds === undefined) {
    return {
      name: "block",
      seconds: 0,
      collect: () => unlessBusy("block", FAILURE, () => blockProfile()),
    };
  }
  return {
    name: "block-delta",
    seconds,
    collect: (signal) =>
      unlessBusy("block", FAILURE, async () => {
        const timeNanos = BigInt(Date.now()) * 1_000_000n;
        const started = performance.now();
        const before = await blockProfile();
        await wait(seconds, signal);
        const after = await blockProfile();
        const durationNanos = Math.round((performance.now() - started) * 1e6);
        const how = { marksBase: false, normalizes: false };
        return { ...compareProfiles(after, before, how, MAX_BYTES), timeNanos, durationNanos };
      }),
  };
}
