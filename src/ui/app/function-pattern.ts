import type { Options } from "../../options/table.js";
import { exactPattern } from "../../view/exact-filters.js";
import type { Subject } from "../contract.js";
import { pivotPattern } from "../engine/pivot.js";

/** Returns the function or file of a node, without the address and line that its name may have. */
export function functionOf(
  { name }: Subject,
  { granularity }: Pick<Options, "granularity">,
): string {
  if (pivotPattern(name) !== undefined) return name;
  switch (granularity) {
    case "functions":
    case "files":
    case "packages":
    case "modules":
      return name;
    case "filefunctions":
      return name.replace(/ \S*[/.]\S*$/, "");
    default:
      return name.replace(/^[0-9a-f]{16} /, "").replace(/ \S+:[0-9]+(:[0-9]+)?$/, "");
  }
}

/** Returns a pattern that matches only the function of a node. */
export function patternFor(subject: Subject, options: Pick<Options, "granularity">): string {
  return pivotPattern(subject.name) ?? exactPattern(functionOf(subject, options));
}

/** Returns a pattern that matches what either pattern matches. */
export function eitherPattern(one: string, other: string): string {
  if (one === "" || one === other) return other;
  return one.split("|").includes(other) ? one : `${one}|${other}`;
}
