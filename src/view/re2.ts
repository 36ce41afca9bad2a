import { RE2JS } from "re2js";
import { literalPattern, requiredText } from "./literal.js";
import type { Pattern } from "./matcher.js";

/**
 * Compiles a pattern with RE2's syntax, which pprof users know. RE2 runs in linear time, so
 * untrusted names and patterns are safe. The engine is large and most runs have no pattern, so it
 * has a file of its own.
 */
export function compileRe2(pattern: string): Pattern {
  const literal = literalPattern(pattern);
  if (literal) return literal;
  const engine = RE2JS.compile(pattern);
  const required = requiredText(pattern);
  return required ? matchBoth(required, engine) : engine;
}

/** Runs `second` only if `first`, which is cheaper, matches. */
function matchBoth(first: Pattern, second: Pattern): Pattern {
  return {
    test: (text) => first.test(text) && second.test(text),
    testPart(bytes, start, end) {
      const mayMatch = first.testPart?.(bytes, start, end) ?? true;
      return mayMatch && second.test(bytes.subarray(start, end));
    },
  };
}
