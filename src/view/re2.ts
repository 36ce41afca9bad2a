import { RE2JS } from "re2js";
import { literalPattern } from "./literal.js";
import type { Pattern } from "./matcher.js";

/**
 * Compiles with RE2's syntax and linear running time, which is what pprof's users
 * know, and what untrusted names and patterns need. In a file of its own because the
 * engine is large, and most runs have no pattern.
 */
export function compileRe2(pattern: string): Pattern {
  return literalPattern(pattern) ?? RE2JS.compile(pattern);
}
