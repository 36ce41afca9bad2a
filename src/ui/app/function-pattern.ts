import { exactPattern } from "../../view/exact-filters.js";
import type { Subject } from "../contract.js";
import { pivotPattern } from "../engine/pivot.js";

/** Returns the function, file, package or module of a node, by the name that filters match. */
export function functionOf({ name, filterName = name }: Subject): string {
  return filterName;
}

/** Returns a pattern that matches only the function, file, package or module of a node. */
export function patternFor(subject: Subject): string {
  return pivotPattern(subject.name) ?? exactPattern(functionOf(subject));
}

/** Returns a pattern that matches the symbol of a function, which has no position. */
export function symbolPatternFor(subject: Subject): string {
  const name = functionOf(subject).replace(/ \S*[/.]\S*$/, "");
  return pivotPattern(subject.name) ?? exactPattern(name);
}

/** Returns a pattern that matches what either pattern matches. */
export function eitherPattern(one: string, other: string): string {
  if (one === "" || one === other) return other;
  return one.split("|").includes(other) ? one : `${one}|${other}`;
}
