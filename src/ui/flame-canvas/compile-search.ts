import { compileRe2 } from "../../view/re2.js";
import type { Compile } from "./search.js";

/** Compiles with the syntax of filters, which no pattern makes slow. */
export const compileSearch: Compile = (pattern, ignoreCase) => {
  const compiled = compileRe2(ignoreCase ? `(?i)${pattern}` : pattern);
  const encoder = new TextEncoder();
  return (text) => compiled.test(encoder.encode(text));
};
