import { chromeTrace } from "../../formats/trace/chrome-trace.js";
import { Budget } from "../../profile/budget.js";
import type { Profile } from "../../profile/profile.js";
import { MAX_BYTES } from "../limits.js";
import { collectTrace, DEFAULT_CATEGORIES, UnknownCategoryError } from "../trace.js";
import { Refused } from "./answer.js";
import { ends, type Plan, unlessBusy } from "./collect.js";
import type { Parameters } from "./parameters.js";

/** The default of Go's servers. */
const DEFAULT_SECONDS = 1;

/** Plans a trace of all threads, as JSON in Chrome's format. */
export function planTrace({ seconds = DEFAULT_SECONDS, categories }: Parameters): Plan {
  return {
    name: "trace.json",
    type: "application/json",
    seconds,
    collect: (signal) =>
      unlessBusy("trace", "Could not record a trace", async () => {
        const end = Date.now() + seconds * 1000;
        // If a trace is being recorded already, keep its end.
        ends.trace ??= end;
        try {
          const names = categories ?? DEFAULT_CATEGORIES;
          return Buffer.from(await collectTrace(names, seconds * 1000, signal));
        } catch (error) {
          if (error instanceof UnknownCategoryError) throw new Refused(400, error.message);
          throw error;
        } finally {
          if (ends.trace === end) delete ends.trace;
        }
      }),
  };
}

/** Reads a trace, for its report as text. */
export function profileOfTrace(trace: Uint8Array): Profile {
  return chromeTrace.read(trace, new Budget(MAX_BYTES), () => {});
}
