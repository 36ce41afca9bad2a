import { maskPassword } from "../node/http/target.js";
import { STDIN } from "../node/input.js";
import type { SourceRequest } from "./request.js";

/** So many sources are named in a title. */
const NAMED = 3;

/** What is looked at, in a few words, and without passwords. */
export function titleOf({ sources, options }: SourceRequest): string {
  const nameOf = (source: string) => (source === STDIN ? "standard input" : maskPassword(source));
  const names = sources.slice(0, NAMED).map(nameOf).join(", ");
  const title = sources.length > NAMED ? `${names} and ${sources.length - NAMED} more` : names;
  const base = options.base || options.diff_base;
  return base === "" ? title : `${title} since ${nameOf(base)}`;
}
