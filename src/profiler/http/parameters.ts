import { Refused } from "./answer.js";

/** The parameters of a request. */
export interface Parameters {
  /** An integer above 0; undefined if it is missing. */
  readonly seconds: number | undefined;
  /** Whether to send a text report instead of a profile. */
  readonly debug: boolean;
  /** Whether to collect garbage first. */
  readonly gc: boolean;
  /** The thread to profile, by its label; undefined for all threads. */
  readonly thread: string | undefined;
  /** The categories of trace events; undefined for the default ones. */
  readonly categories: readonly string[] | undefined;
}

/** Parses the parameters as Go does. Throws if `seconds` is invalid or above `maxSeconds`. */
export function parametersOf(query: URLSearchParams, maxSeconds: number): Parameters {
  const text = query.get("seconds") ?? "";
  const seconds = text === "" ? undefined : Number(text);
  if (seconds !== undefined) {
    if (!/^\d+$/.test(text) || seconds === 0) {
      throw new Refused(400, 'invalid value for "seconds" - must be a positive integer');
    }
    if (seconds > maxSeconds) {
      throw new Refused(400, `"seconds" must be at most ${maxSeconds} (the option maxSeconds)`);
    }
  }
  const isSet = (name: string) => Number.parseInt(query.get(name) ?? "", 10) > 0;
  const thread = query.get("thread") || undefined;
  const categories = query.get("categories")?.split(",").filter(Boolean);
  return { seconds, debug: isSet("debug"), gc: isSet("gc"), thread, categories };
}
