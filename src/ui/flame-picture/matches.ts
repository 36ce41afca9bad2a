import type { FlamePage } from "../../render/flame/page.js";
import { add, type Int64 } from "../../units/int64.js";
import { patternMatcher } from "../search/name-search.js";

export interface Matches {
  /** By function: 1 if its name matches. */
  readonly functions: Uint8Array;
  /** The number of functions that match. */
  readonly count: number;
  /** The sum over all stacks with a matching frame; no stack counts twice. */
  readonly plus: Int64;
  readonly minus: Int64;
}

/** Finds the functions that match a regular expression. Throws a SyntaxError if it is invalid. */
export function findMatches({ functions, tree }: FlamePage, pattern: string): Matches {
  const matches = patternMatcher(pattern);
  const matching = new Uint8Array(functions.length);
  let count = 0;
  for (let fn = 1; fn < functions.length; fn++) {
    if (!matches(functions[fn].name)) continue;
    matching[fn] = 1;
    count++;
  }
  let plus: Int64 = 0;
  let minus: Int64 = 0;
  let frame = 1;
  while (frame < tree.length) {
    if (!matching[tree.functions[frame]]) {
      frame++;
      continue;
    }
    plus = add(plus, tree.plus[frame]);
    if (tree.minus) minus = add(minus, tree.minus[frame]);
    frame = tree.ends[frame];
  }
  return { functions: matching, count, plus, minus };
}
