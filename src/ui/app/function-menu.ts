import type { Options } from "../../options/table.js";
import { exactPattern } from "../../view/exact-filters.js";
import { isGrouped } from "../../view/node-table.js";
import type { Host, State, Subject } from "../contract.js";
import { pivotPattern } from "../engine/pivot.js";
import type { MenuItem } from "../widgets/menu.js";
import { eitherPattern, functionOf, patternFor, symbolPatternFor } from "./function-pattern.js";

export interface SubjectActions {
  go(change: Partial<State>): void;
  href(change: Partial<State>): string;
  copy(text: string): void;
}

/** The nodes that filters find, if they are not functions. */
const NOUNS: Partial<Record<Options["granularity"], string>> = {
  files: "file",
  packages: "package",
  modules: "module",
};

/** Returns the menu of a node: the views that have it, and filters by it. Empty for the root. */
export function subjectItems(
  subject: Subject,
  state: State,
  { hasSources, hasMachineCode }: Pick<Host, "hasSources" | "hasMachineCode">,
  { go, href, copy }: SubjectActions,
): MenuItem[] {
  if (subject.isRoot) return [];
  const { options } = state;
  const { granularity } = options;
  const pattern = patternFor(subject);
  // The code of a package is in many functions.
  const hasCode = !isGrouped(granularity);
  const noun = NOUNS[granularity] ?? "function";
  const here = href({});
  /** Returns a link, or nothing if it leads to the shown state. */
  const link = (label: string, change: Partial<State>, detail?: string): MenuItem[] => {
    const target = href(change);
    if (target === here) return [];
    return [{ label, ...(detail && { detail }), href: target, act: () => go(change) }];
  };
  const filter = (label: string, change: Partial<Options>, detail: string): MenuItem[] =>
    link(label, { options: { ...options, ...change } }, detail);
  const symbol = symbolPatternFor(subject);
  return [
    { heading: functionOf(subject) },
    ...link(
      "Callers and callees",
      { view: "flamegraph", pivot: subject.name, query: "" },
      "as a flame graph",
    ),
    ...link("Sandwich", { view: "sandwich", pivot: subject.name, query: "" }),
    ...link("Peek", {
      view: "peek",
      query: pivotPattern(subject.name) ?? exactPattern(subject.name),
    }),
    ...(hasCode && hasSources ? link("Source", { view: "source", query: pattern }) : []),
    ...(hasCode && hasMachineCode && !subject.isInlined
      ? link("Machine code", { view: "disasm", query: symbol })
      : []),
    "separator",
    ...filter("Focus", { focus: pattern }, `keep only stacks with this ${noun}`),
    ...filter(
      "Ignore",
      { ignore: eitherPattern(options.ignore, pattern) },
      `drop stacks with this ${noun}`,
    ),
    ...filter(
      "Hide",
      { hide: eitherPattern(options.hide, pattern) },
      "drop its frames, keep the stacks",
    ),
    ...filter(
      "Show only",
      { show: eitherPattern(options.show, pattern) },
      `keep only frames of this ${noun}`,
    ),
    ...filter("Show from", { show_from: pattern }, "drop its callers"),
    ...filter(
      "Prune below",
      { prune_from: eitherPattern(options.prune_from, pattern) },
      "drop its callees",
    ),
    "separator",
    { label: "Copy name", act: () => copy(subject.name) },
  ];
}
