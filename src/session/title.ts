import { maskPassword } from "../node/http/target.js";
import { STDIN } from "../node/input.js";
import type { SourceNames } from "../web/protocol.js";
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

/** The sources as they may be told to others. */
export function sourceNames({ sources, options }: SourceRequest): SourceNames {
  const { base, diff_base, normalize } = options;
  return {
    files: sources.map(maskPassword),
    base: maskPassword(base),
    diff_base: maskPassword(diff_base),
    normalize,
  };
}
