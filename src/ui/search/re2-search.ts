import { compileRe2 } from "../../view/re2.js";
import { ignoresCase, type NameMatcher } from "./name-search.js";

/** Matches names with RE2, in linear time. Throws a one-line Error if the pattern is invalid. */
export function re2Matcher(pattern: string, ignoreCase = ignoresCase(pattern)): NameMatcher {
  const compiled = compileRe2(ignoreCase ? `(?i)${pattern}` : pattern);
  const encoder = new TextEncoder();
  return (name) => compiled.test(encoder.encode(name));
}
