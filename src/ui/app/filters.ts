import type { OptionSpec } from "../../options/spec.js";
import { defaultOptions, OPTIONS, type Options } from "../../options/table.js";

/** The name of an option that the address can hold. The page calls all of them filters. */
export type FilterName = (typeof FILTERS)[number]["name"];

const DEFAULTS = defaultOptions();

/** The options that the address can hold, and so the page can change. */
const FILTERS = OPTIONS.filter(
  (spec): spec is Extract<(typeof OPTIONS)[number], { urlParam: string }> =>
    "urlParam" in spec &&
    // Applies only while profiles are read.
    spec.name !== "normalize",
);

/** Patterns that select samples and frames. */
export const FRAME_FILTERS = [
  "focus",
  "ignore",
  "hide",
  "show",
  "show_from",
  "prune_from",
] as const satisfies readonly (keyof Options)[];
export const TAG_FILTERS = [
  "tagfocus",
  "tagignore",
  "tagshow",
  "taghide",
] as const satisfies readonly (keyof Options)[];
export type PatternFilterName = (typeof FRAME_FILTERS)[number] | (typeof TAG_FILTERS)[number];

/** Returns the options that differ from their defaults, in the order of the option table. */
export function activeFilters(options: Options): FilterName[] {
  return FILTERS.map(({ name }) => name).filter((name) => options[name] !== DEFAULTS[name]);
}

/** Returns the options with some filters at their defaults. */
export function withoutFilters(options: Options, names: readonly FilterName[]): Options {
  const gone = names.map((name) => [name, DEFAULTS[name]] as const);
  return { ...options, ...Object.fromEntries(gone) };
}

/** Returns the name of an option on the page. */
export function labelOf(name: keyof Options): string {
  return LABELS[name] ?? name.replaceAll("_", " ");
}

const LABELS: Partial<Record<keyof Options, string>> = {
  tagfocus: "tag focus",
  tagignore: "tag ignore",
  tagshow: "show tags",
  taghide: "hide tags",
  sample_index: "sample type",
  noinlines: "no inlined calls",
  nodecount: "maximum nodes",
  nodefraction: "minimum node share",
  edgefraction: "minimum edge share",
  trim: "leave out small nodes",
  showcolumns: "show columns",
  gc: "garbage collection",
  sort: "sorted by",
};

export function specOf(name: keyof Options): OptionSpec {
  return OPTIONS.find((spec) => spec.name === name) as OptionSpec;
}
