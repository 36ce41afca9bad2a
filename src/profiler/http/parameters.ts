import { Refused } from "./answer.js";

/** What an address asks for after its question mark. */
export interface Parameters {
  /** Whole and above 0; undefined where it is not given. */
  readonly seconds: number | undefined;
  /** Whether the answer is to be text for people. */
  readonly debug: boolean;
  /** Whether garbage is to be collected first. */
  readonly gc: boolean;
}

/** Reads them as Go does. Throws where `seconds` is not a number that is allowed. */
export function parametersOf(query: URLSearchParams, maxSeconds: number): Parameters {
  const text = query.get("seconds") ?? "";
  const seconds = text === "" ? undefined : Number(text);
  if (seconds !== undefined) {
    if (!/^\d+$/.test(text) || seconds === 0) {
      throw new Refused(400, 'invalid value for "seconds" - must be a positive integer');
    }
    if (seconds > maxSeconds) {
      throw new Refused(400, `"seconds" may be ${maxSeconds} at most: the option maxSeconds`);
    }
  }
  const isSet = (name: string) => Number.parseInt(query.get(name) ?? "", 10) > 0;
  return { seconds, debug: isSet("debug"), gc: isSet("gc") };
}
