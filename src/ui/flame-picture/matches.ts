import type { FlamePage } from "../../render/flame/page.js";
import { add, type Int64 } from "../../units/int64.js";
import { patternMatcher } from "../search/name-search.js";

/** The result of a search. */
export interface Matches {
  /** Per function: 1 if its name matches. */
  readonly places: Uint8Array;
  /** The number of functions that match. */
  readonly count: number;
  /** The sum over all stacks with a matching frame; no stack counts twice. */
  readonly plus: Int64;
  readonly minus: Int64;
}

/** Finds the functions that match a regular expression. Throws a SyntaxError if it is invalid. */
export function findMatches({ places, tree }: FlamePage, pattern: string): Matches {
  const matches = patternMatcher(pattern);
  const matching = new Uint8Array(places.length);
  let count = 0;
  for (let place = 1; place < places.length; place++) {
    if (!matches(places[place].name)) continue;
    matching[place] = 1;
    count++;
  }
  let plus: Int64 = 0;
  let minus: Int64 = 0;
  let frame = 1;
  while (frame < tree.length) {
    if (!matching[tree.places[frame]]) {
      frame++;
      continue;
    }
    plus = add(plus, tree.plus[frame]);
    if (tree.minus) minus = add(minus, tree.minus[frame]);
    frame = tree.ends[frame];
  }
  return { places: matching, count, plus, minus };
}
