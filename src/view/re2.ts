import { RE2JS } from "re2js";
import { literalPattern, requiredText } from "./literal.js";
import type { Pattern } from "./matcher.js";

/**
 * Compiles with RE2's syntax and linear running time, which is what pprof's users
 * know, and what untrusted names and patterns need. In a file of its own because the
 * engine is large, and most runs have no pattern.
 */
export function compileRe2(pattern: string): Pattern {
  const literal = literalPattern(pattern);
  if (literal) return literal;
  const engine = RE2JS.compile(pattern);
  const required = requiredText(pattern);
  return required ? bothMatch(required, engine) : engine;
}

/** Asks the second only where the first, which is much less work, matches. */
function bothMatch(first: Pattern, second: Pattern): Pattern {
  return {
    test: (text) => first.test(text) && second.test(text),
    testPart(bytes, start, end) {
      const mayMatch = first.testPart?.(bytes, start, end) ?? true;
      return mayMatch && second.test(bytes.subarray(start, end));
    },
  };
}
