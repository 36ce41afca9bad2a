import type { OptionSpec, OptionValue } from "./spec.js";

/**
 * THE option table: flags, their types, their defaults and their help all come from
 * here. Names and defaults are pprof's.
 */
export const OPTIONS = [
  {
    name: "base",
    type: "text",
    default: "",
    placeholder: "SOURCE",
    path: "file",
    group: "Comparing",
    summary: "Subtract this profile: what was taken since",
  },
  {
    name: "diff_base",
    type: "text",
    default: "",
    placeholder: "SOURCE",
    path: "file",
    group: "Comparing",
    summary: "Compare with this profile; percentages are of it",
  },
  {
    name: "normalize",
    type: "bool",
    default: false,
    group: "Comparing",
    summary: "First scale the profile to the total of its base",
  },
  {
    name: "sample_index",
    type: "text",
    default: "",
    placeholder: "NAME|N",
    values: [
      "samples",
      "cpu",
      "inuse_space",
      "inuse_objects",
      "alloc_space",
      "alloc_objects",
      "contentions",
      "delay",
      "goroutine",
      "wall",
    ],
    group: "What is counted",
    summary: "Value to report, by its type or its position from 0 (default: the profile's)",
  },
  {
    name: "mean",
    type: "bool",
    default: false,
    group: "What is counted",
    summary: "Average over the first value (the count), such as bytes per object",
  },
  {
    name: "divide_by",
    type: "float",
    default: 1,
    placeholder: "F",
    group: "What is counted",
    summary: "Divide all values by this, such as the number of processors",
  },
  {
    name: "drop_negative",
    type: "bool",
    default: false,
    group: "What is counted",
    summary: "Leave out nodes with negative values",
  },
  {
    name: "relative_percentages",
    type: "bool",
    default: false,
    group: "What is counted",
    summary: "Percentages of what the filters leave, not of the whole profile",
  },
  {
    name: "focus",
    type: "text",
    default: "",
    placeholder: "REGEX",
    group: "Which samples and frames",
    summary: "Only samples with a frame whose function, file or binary matches",
  },
  {
    name: "ignore",
    type: "text",
    default: "",
    placeholder: "REGEX",
    group: "Which samples and frames",
    summary: "No samples with a frame that matches",
  },
  {
    name: "show",
    type: "text",
    default: "",
    placeholder: "REGEX",
    group: "Which samples and frames",
    summary: "Only frames that match; their samples stay",
  },
  {
    name: "hide",
    type: "text",
    default: "",
    placeholder: "REGEX",
    group: "Which samples and frames",
    summary: "No frames that match; their samples stay",
  },
  {
    name: "show_from",
    type: "text",
    default: "",
    placeholder: "REGEX",
    group: "Which samples and frames",
    summary: "Drop the callers above the highest frame that matches",
  },
  {
    name: "prune_from",
    type: "text",
    default: "",
    placeholder: "REGEX",
    group: "Which samples and frames",
    summary: "Drop what is called below the lowest function that matches",
  },
  {
    name: "noinlines",
    type: "bool",
    default: false,
    group: "Which samples and frames",
    summary: "Give inlined calls to the function they were inlined into",
  },
  {
    name: "all_frames",
    type: "bool",
    default: false,
    group: "Which samples and frames",
    summary: "Keep the frames that the profile itself wants dropped (drop_frames)",
  },
  {
    name: "tagfocus",
    type: "text",
    default: "",
    placeholder: "[KEY=]FILTER",
    group: "Tags",
    summary: "Only samples with such a tag: a regex, or a range such as 128kb:512kb",
  },
  {
    name: "tagignore",
    type: "text",
    default: "",
    placeholder: "[KEY=]FILTER",
    group: "Tags",
    summary: "No samples with such a tag",
  },
  {
    name: "tagshow",
    type: "text",
    default: "",
    placeholder: "REGEX",
    group: "Tags",
    summary: "Only tags whose key matches",
  },
  {
    name: "taghide",
    type: "text",
    default: "",
    placeholder: "REGEX",
    group: "Tags",
    summary: "No tags whose key matches",
  },
  {
    name: "tagroot",
    type: "text",
    default: "",
    placeholder: "KEY,...",
    group: "Tags",
    summary: "Put the values of these tags into the stacks as outermost callers",
  },
  {
    name: "tagleaf",
    type: "text",
    default: "",
    placeholder: "KEY,...",
    group: "Tags",
    summary: "Put the values of these tags into the stacks as innermost calls",
  },
  {
    name: "granularity",
    type: "choice",
    default: "functions",
    choices: [
      { name: "functions", summary: "One row a function (the default)" },
      { name: "filefunctions", summary: "One row a function and file" },
      { name: "files", summary: "One row a file" },
      { name: "lines", summary: "One row a source line" },
      { name: "addresses", summary: "One row an address" },
    ],
    group: "Granularity",
    summary: "What a row stands for",
  },
  {
    name: "call_tree",
    type: "bool",
    default: false,
    group: "Granularity",
    summary: "Keep a function called in different ways apart, in graphs (callgrind)",
  },
  {
    name: "showcolumns",
    type: "bool",
    default: false,
    group: "Granularity",
    summary: "Tell the columns of a source line apart",
  },
  {
    name: "sort",
    type: "choice",
    default: "flat",
    choices: [
      { name: "flat", summary: "Sort by what a function takes itself (the default)" },
      { name: "cum", summary: "Sort by what a function takes with all that it calls" },
    ],
    group: "Order and size",
    summary: "What rows are sorted by",
  },
  {
    name: "nodecount",
    type: "int",
    default: -1,
    placeholder: "N",
    group: "Order and size",
    summary: "At most N rows, 0 for all; without it, all in top and 80 elsewhere",
  },
  {
    name: "nodefraction",
    type: "float",
    default: 0.005,
    placeholder: "F",
    group: "Order and size",
    summary: "Leave out what is below this share of the whole",
  },
  {
    name: "edgefraction",
    type: "float",
    default: 0.001,
    placeholder: "F",
    group: "Order and size",
    summary: "Leave out calls below this share; those left decide on (inline)",
  },
  {
    name: "trim",
    type: "bool",
    default: true,
    group: "Order and size",
    summary: "Honour nodecount, nodefraction and edgefraction; -trim=false shows all",
  },
  {
    name: "unit",
    type: "text",
    default: "minimum",
    placeholder: "UNIT",
    values: ["auto", "minimum", "ns", "us", "ms", "s", "hrs", "B", "kB", "MB", "GB", "TB"],
    group: "Display",
    summary: "Unit of values: ms, kb, ...; auto picks one for each value",
  },
  {
    name: "compact_labels",
    type: "bool",
    default: false,
    group: "Display",
    summary: "Leave out the header's lines about the profile",
  },
  {
    name: "output",
    type: "text",
    default: "",
    placeholder: "FILE",
    path: "file",
    group: "Display",
    summary: "Write the report to a file, as plain text",
  },
  {
    name: "source_path",
    type: "text",
    default: "",
    placeholder: "DIR:...",
    path: "folders",
    group: "Source",
    summary: "Where sources lie here; file names are shown relative to it",
  },
  {
    name: "trim_path",
    type: "text",
    default: "",
    placeholder: "PREFIX:...",
    group: "Source",
    summary: "Prefixes to take off the names of source files",
  },
  {
    name: "symbolize",
    type: "text",
    default: "",
    placeholder: "MODE",
    values: [
      "none",
      "local",
      "fastlocal",
      "remote",
      "force",
      "demangle=none",
      "demangle=templates",
      "demangle=full",
    ],
    group: "Source",
    summary: "Where names come from (none, local, remote, ...), and how they are shown",
  },
  {
    name: "tools",
    type: "text",
    default: "",
    placeholder: "DIR,...",
    group: "Source",
    summary: "Where addr2line, nm and the like lie (default: $PPROF_TOOLS, then $PATH)",
  },
  {
    name: "intel_syntax",
    type: "bool",
    default: false,
    group: "Source",
    summary: "Show machine code in Intel's syntax (disasm, weblist)",
  },
  {
    name: "buildid",
    type: "text",
    default: "",
    placeholder: "ID",
    group: "Source",
    summary: "Build id of the program, for profiles that do not have it",
  },
  {
    name: "add_comment",
    type: "text",
    default: "",
    placeholder: "TEXT",
    group: "Source",
    summary: "Add a comment to the profile",
  },
  {
    name: "max_size",
    type: "size",
    default: "2gb",
    placeholder: "SIZE",
    group: "Source",
    summary: "Refuse profiles that need more memory than this",
  },
] as const satisfies readonly OptionSpec[];

/** The options of a request, under their names. */
export type Options = {
  -readonly [Spec in (typeof OPTIONS)[number] as Spec["name"]]: OptionValue<Spec>;
};

/** Every option at its default. */
export function defaultOptions(): Options {
  return Object.fromEntries(OPTIONS.map((spec) => [spec.name, spec.default])) as Options;
}

/**
 * Options of pprof that change nothing about what tsprof does today, with whether they
 * take a value. They are accepted, so that command lines written for pprof go on working.
 */
export const WITHOUT_EFFECT: ReadonlyMap<string, "switch" | "value"> = new Map([
  ["seconds", "value"],
  ["timeout", "value"],
]);

/** An option that is short for `-sample_index`. */
export interface SampleShorthand {
  readonly name: string;
  readonly sampleIndex: string;
  readonly mean: boolean;
  readonly summary: string;
}

/**
 * The shorthands for sample values. Where several are given the first of this list
 * counts, and `-sample_index` before all.
 */
export const SAMPLE_SHORTHANDS: readonly SampleShorthand[] = [
  shorthand("total_delay", "delay", "Total delay of contentions"),
  { ...shorthand("mean_delay", "delay", "Mean delay of a contention"), mean: true },
  shorthand("contentions", "contentions", "Number of contentions"),
  shorthand("inuse_space", "inuse_space", "Memory in use"),
  shorthand("inuse_objects", "inuse_objects", "Objects in use"),
  shorthand("alloc_space", "alloc_space", "Memory ever allocated"),
  shorthand("alloc_objects", "alloc_objects", "Objects ever allocated"),
];

function shorthand(name: string, sampleIndex: string, summary: string): SampleShorthand {
  return { name, sampleIndex, mean: false, summary };
}
