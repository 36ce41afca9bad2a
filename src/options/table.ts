import type { ReportName, TaskName } from "./commands.js";
import type { CommandRule, OptionSpec, OptionValue } from "./spec.js";

type Rule = CommandRule<ReportName | "serve" | "diff", TaskName>;

/** Call graphs, as text and as pictures. */
const GRAPHS = ["dot", "svg", "png", "pdf", "ps", "gif"] as const;

/** Commands that include other reports, and use the options of those reports. */
const INTERFACES = ["serve", "html"] as const;

/** Reports with typed data, which `-format` writes as JSON, CSV or Markdown. */
const WITH_DATA = ["top", "tree", "peek", "list", "tags", "traces", "diff"] as const;

const FILTERED: Rule = { except: ["comments"] };
const WITH_STACKS: Rule = { except: ["comments", "tags"] };
const WITH_LABELS: Rule = {
  only: ["tags", "traces", "raw", "proto", "convert", "flame", ...GRAPHS, ...INTERFACES],
};
/** Reports whose rows `-granularity` decides. */
const WITH_ROWS: Rule = {
  except: ["list", "disasm", "weblist", "tags", "comments", "raw", "proto", "convert", "callgrind"],
};
const WITH_PATHS: Rule = { except: ["comments", "tags", "raw", "proto", "convert"] };
const TRIMMED: Rule = {
  only: ["top", "tree", "topproto", "tags", ...GRAPHS, ...INTERFACES, "diff"],
};
/** All but the reports that print every value of the profile as it is stored. */
const EXCEPT_STORED: Rule = { except: ["comments", "raw", "proto"] };
const FROM_SERVERS: Rule = { tasks: ["info", "merge", "pgo", "leak"] };
const RECORDING: Rule = { only: [], tasks: ["record"], otherReports: "refuse" };
/** Options of commands that profile running processes. */
const ATTACHING: Rule = { only: [], tasks: ["record", "leak"], otherReports: "refuse" };
const SERVING: Rule = { only: ["serve"], otherReports: "refuse" };
const DIFFERENCE: Rule = { only: ["diff"], otherReports: "refuse" };

/** Variables of the shell that named configurations include. */
const SAVED = { isVariable: true, isSaved: true } as const;

const FRAME_FILTER = {
  type: "text",
  default: "",
  placeholder: "REGEX",
  group: "Samples and frames",
  ...SAVED,
} as const;

const PEM_FILE = {
  type: "text",
  default: "",
  placeholder: "FILE",
  path: "file",
  group: "Servers",
  commands: FROM_SERVERS,
} as const;

/**
 * All options. Flags, types, defaults, help, the shell's variables, URL parameters and saved
 * settings follow this table. Names and defaults are pprof's.
 */
export const OPTIONS = [
  {
    name: "base",
    type: "text",
    default: "",
    placeholder: "SOURCE",
    path: "file",
    group: "Comparing",
    summary: "Subtract this profile from the others",
  },
  {
    name: "diff_base",
    type: "text",
    default: "",
    placeholder: "SOURCE",
    path: "file",
    group: "Comparing",
    summary: "Compare with this profile; percentages are relative to it",
    commands: { except: ["diff"] },
  },
  {
    name: "normalize",
    type: "bool",
    default: false,
    group: "Comparing",
    summary: "Scale the profile to the total of its base before comparing",
    ...SAVED,
    urlParam: "norm",
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
    group: "Values",
    summary: "Sample type to report, by name or by index from 0 (default: the profile's)",
    commands: EXCEPT_STORED,
    isVariable: true,
    urlParam: "si",
  },
  {
    name: "mean",
    type: "bool",
    default: false,
    group: "Values",
    summary: "Average over the first sample type (the count), such as bytes per object",
    commands: EXCEPT_STORED,
    ...SAVED,
    urlParam: "mean",
  },
  {
    name: "divide_by",
    type: "float",
    default: 1,
    placeholder: "F",
    group: "Values",
    summary: "Divide all values by this number, such as the number of processors",
    commands: { except: ["comments", "raw", "callgrind", "diff"] },
    isVariable: true,
  },
  {
    name: "drop_negative",
    type: "bool",
    default: false,
    group: "Values",
    summary: "Leave out nodes with negative values",
    commands: {
      only: [
        "top",
        "tree",
        "peek",
        "list",
        "disasm",
        "weblist",
        "topproto",
        "callgrind",
        ...GRAPHS,
        ...INTERFACES,
      ],
    },
    ...SAVED,
    urlParam: "dropneg",
  },
  {
    name: "relative_percentages",
    type: "bool",
    default: false,
    group: "Values",
    summary: "Percentages of the total after filtering, not of the whole profile",
    commands: {
      except: ["comments", "folded", "raw", "proto", "convert", "topproto", "callgrind", "diff"],
    },
    ...SAVED,
    urlParam: "rel",
  },
  {
    name: "focus",
    ...FRAME_FILTER,
    summary: "Only samples with a frame whose function, file or binary matches",
    commands: FILTERED,
    urlParam: "f",
  },
  {
    name: "ignore",
    ...FRAME_FILTER,
    summary: "Leave out samples with a matching frame",
    commands: FILTERED,
    urlParam: "i",
  },
  {
    name: "show",
    ...FRAME_FILTER,
    summary: "Show only matching frames; their samples are kept",
    commands: FILTERED,
    urlParam: "s",
  },
  {
    name: "hide",
    ...FRAME_FILTER,
    summary: "Hide matching frames; their samples are kept",
    commands: FILTERED,
    urlParam: "h",
  },
  {
    name: "show_from",
    ...FRAME_FILTER,
    summary: "Drop the callers above the highest matching frame",
    commands: FILTERED,
    urlParam: "sf",
  },
  {
    name: "prune_from",
    ...FRAME_FILTER,
    summary: "Drop the callees below the lowest matching function",
    commands: WITH_STACKS,
    urlParam: "prunefrom",
  },
  {
    name: "noinlines",
    type: "bool",
    default: false,
    group: "Samples and frames",
    summary: "Attribute inlined calls to the function they were inlined into",
    commands: { except: ["comments", "tags", "disasm", "weblist"] },
    ...SAVED,
    urlParam: "noinlines",
  },
  {
    name: "all_frames",
    type: "bool",
    default: false,
    group: "Samples and frames",
    summary: "Keep the frames that the profile itself asks to drop (drop_frames)",
    commands: { ...FILTERED, otherReports: "refuse" },
  },
  {
    name: "from",
    type: "text",
    default: "",
    placeholder: "TIME",
    group: "Samples and frames",
    summary: "Only samples from this time on since the recording began, such as 1.5s",
    commands: FILTERED,
    isVariable: true,
    urlParam: "from",
  },
  {
    name: "to",
    type: "text",
    default: "",
    placeholder: "TIME",
    group: "Samples and frames",
    summary: "Only samples before this time, such as 2m30s",
    commands: FILTERED,
    isVariable: true,
    urlParam: "to",
  },
  {
    name: "gc",
    type: "choice",
    default: "own",
    isWritten: true,
    choices: [
      { name: "own", summary: "As a frame of its own, at the root (the default)" },
      { name: "caller", summary: "Under the functions that were running before it" },
    ],
    group: "Samples and frames",
    summary: "Where to show V8's garbage collection, if samples have times (default own)",
    commands: { ...FILTERED, otherReports: "refuse" },
    isVariable: true,
    urlParam: "gc",
  },
  {
    name: "tagfocus",
    type: "text",
    default: "",
    placeholder: "[KEY=]FILTER",
    group: "Tags",
    summary: "Only samples with a matching tag: a regex, or a range such as 128kb:512kb",
    commands: FILTERED,
    ...SAVED,
    urlParam: "tf",
  },
  {
    name: "tagignore",
    type: "text",
    default: "",
    placeholder: "[KEY=]FILTER",
    group: "Tags",
    summary: "Leave out samples with a matching tag",
    commands: FILTERED,
    ...SAVED,
    urlParam: "ti",
  },
  {
    name: "tagshow",
    type: "text",
    default: "",
    placeholder: "REGEX",
    group: "Tags",
    summary: "Show only tags whose key matches",
    commands: WITH_LABELS,
    ...SAVED,
    urlParam: "ts",
  },
  {
    name: "taghide",
    type: "text",
    default: "",
    placeholder: "REGEX",
    group: "Tags",
    summary: "Hide tags whose key matches",
    commands: WITH_LABELS,
    ...SAVED,
    urlParam: "th",
  },
  {
    name: "tagroot",
    type: "text",
    default: "",
    placeholder: "KEY,...",
    group: "Tags",
    summary: "Add the values of these tags to the stacks, as outermost callers",
    commands: WITH_STACKS,
    ...SAVED,
    urlParam: "tagroot",
  },
  {
    name: "tagleaf",
    type: "text",
    default: "",
    placeholder: "KEY,...",
    group: "Tags",
    summary: "Add the values of these tags to the stacks, as innermost callees",
    commands: WITH_STACKS,
    ...SAVED,
    urlParam: "tagleaf",
  },
  {
    name: "granularity",
    type: "choice",
    default: "functions",
    choices: [
      { name: "functions", summary: "One row per function (the default)" },
      { name: "filefunctions", summary: "One row per function and file" },
      { name: "files", summary: "One row per file" },
      { name: "packages", summary: "One row per package: npm, Go, Rust, C++, Python, ..." },
      { name: "modules", summary: "One row per module of a package" },
      { name: "lines", summary: "One row per source line" },
      { name: "addresses", summary: "One row per address" },
    ],
    group: "Granularity",
    summary: "Unit that a row represents",
    commands: { ...WITH_ROWS, tasks: ["leak"] },
    ...SAVED,
    urlParam: "g",
  },
  {
    name: "identity",
    type: "choice",
    default: "auto",
    isWritten: true,
    choices: [
      { name: "auto", summary: "By language: linkers make names unique, scripts do not" },
      { name: "name", summary: "By name, as in pprof" },
      { name: "definition", summary: "By name, file, and the line and column of the definition" },
    ],
    group: "Granularity",
    summary: "How functions are told apart; auto prints profile.proto in a pipe as pprof does",
    commands: { except: ["raw", "proto", "comments", "tags"] },
    isVariable: true,
    urlParam: "identity",
  },
  {
    name: "call_tree",
    type: "bool",
    default: false,
    group: "Granularity",
    summary: "Show a function once for each call path, in graphs (callgrind)",
    commands: { only: [...GRAPHS, "callgrind", ...INTERFACES] },
    ...SAVED,
    urlParam: "calltree",
  },
  {
    name: "showcolumns",
    type: "bool",
    default: false,
    group: "Granularity",
    summary: "Distinguish the columns of a source line",
    commands: WITH_ROWS,
    ...SAVED,
    urlParam: "showcolumns",
  },
  {
    name: "sort",
    type: "choice",
    default: "flat",
    choices: [
      { name: "flat", summary: "Sort by flat, the cost of a function itself (the default)" },
      { name: "cum", summary: "Sort by cum, the cost of a function including its callees" },
    ],
    group: "Order and size",
    summary: "Sort order of the rows",
    commands: { only: ["top", "tree", "peek", "topproto", "callgrind", ...INTERFACES, "diff"] },
    ...SAVED,
    urlParam: "sort",
  },
  {
    name: "nodecount",
    letter: "n",
    type: "int",
    default: -1,
    placeholder: "N",
    group: "Order and size",
    summary: "Show at most N rows, 0 for all; by default all in top and 80 elsewhere",
    commands: { ...TRIMMED, tasks: ["leak"] },
    ...SAVED,
    urlParam: "n",
  },
  {
    name: "nodefraction",
    type: "float",
    default: 0.005,
    placeholder: "F",
    group: "Order and size",
    summary: "Leave out nodes below this share of the total",
    commands: TRIMMED,
    ...SAVED,
    urlParam: "nf",
  },
  {
    name: "edgefraction",
    type: "float",
    default: 0.001,
    placeholder: "F",
    group: "Order and size",
    summary: "Leave out calls below this share; (inline) depends on the remaining ones",
    commands: { only: ["top", "tree", ...GRAPHS, ...INTERFACES] },
    ...SAVED,
    urlParam: "ef",
  },
  {
    name: "trim",
    type: "bool",
    default: true,
    group: "Order and size",
    summary: "Apply nodecount, nodefraction and edgefraction; -trim=false shows all",
    commands: TRIMMED,
    ...SAVED,
    urlParam: "trim",
  },
  {
    name: "unit",
    type: "text",
    default: "minimum",
    placeholder: "UNIT",
    values: ["auto", "minimum", "ns", "us", "ms", "s", "hrs", "B", "kB", "MB", "GB", "TB"],
    group: "Display",
    summary: "Unit of values: ms, kb, ...; auto picks a unit for each value",
    commands: { except: ["comments", "folded", "raw", "proto", "convert"] },
    ...SAVED,
    urlParam: "unit",
  },
  {
    name: "compact_labels",
    type: "bool",
    default: false,
    group: "Display",
    summary: "Leave out the header lines about the profile",
    commands: { only: ["top", "tree", "peek", "traces", "flame", ...INTERFACES] },
    ...SAVED,
    urlParam: "compact",
  },
  {
    name: "format",
    type: "choice",
    default: "text",
    isWritten: true,
    choices: [
      { name: "text", summary: "As pprof prints it (the default)" },
      { name: "json", summary: "JSON with exact numbers, described by a schema" },
      { name: "csv", summary: "Comma-separated values with a header row" },
      { name: "tsv", summary: "Tab-separated values with a header row" },
      { name: "markdown", summary: "A Markdown table" },
      { name: "github", summary: "GitHub Actions annotations (diff only)" },
    ],
    group: "Display",
    summary: "Output format of a report",
    commands: { only: WITH_DATA, tasks: ["info", "leak"], otherReports: "ignore" },
  },
  {
    name: "csv_exact",
    type: "bool",
    default: false,
    group: "Display",
    summary: "Write names unchanged in csv and tsv: a spreadsheet may run them as formulas",
    commands: { only: WITH_DATA, tasks: ["leak"], otherReports: "refuse" },
  },
  {
    name: "output",
    letter: "o",
    type: "text",
    default: "",
    placeholder: "FILE",
    path: "file",
    group: "Display",
    summary: "Write to this file; reports are written as plain text",
    commands: { except: ["serve"], tasks: ["info", "merge", "pgo", "record", "leak"] },
    isVariable: true,
  },
  {
    name: "target",
    type: "text",
    default: "pprof",
    placeholder: "FORMAT",
    values: ["pprof", "folded", "speedscope", "cpuprofile", "callgrind"],
    group: "Display",
    summary: "Format to write: pprof, folded, speedscope, cpuprofile, callgrind; also -to=FORMAT",
    commands: { only: ["convert"], otherReports: "refuse" },
  },
  {
    name: "source_path",
    type: "text",
    default: "",
    placeholder: "DIR:...",
    path: "folders",
    group: "Source",
    summary: "Folders that contain source files; file names are shown relative to them",
    commands: WITH_PATHS,
    isVariable: true,
  },
  {
    name: "trim_path",
    type: "text",
    default: "",
    placeholder: "PREFIX:...",
    group: "Source",
    summary: "Prefixes to remove from the names of source files",
    commands: WITH_PATHS,
    isVariable: true,
  },
  {
    name: "source_maps",
    type: "choice",
    default: "auto",
    isWritten: true,
    asSwitch: { on: "all", off: "none" },
    choices: [
      { name: "auto", summary: "Show the sources, except where pprof shows scripts (the default)" },
      { name: "all", summary: "Show the sources in all reports" },
      { name: "none", summary: "Show the scripts themselves" },
    ],
    group: "Source",
    summary: "Show the sources of scripts by source maps (default auto)",
    commands: { ...FILTERED, tasks: ["merge", "record", "leak"], otherReports: "refuse" },
  },
  {
    name: "embed_sources",
    type: "bool",
    default: true,
    group: "Source",
    summary: "Include the source files found on this machine in the page (html)",
    commands: { only: ["html"], otherReports: "refuse" },
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
    summary: "Source of function names (none, local, remote, ...), and their style",
  },
  {
    name: "tools",
    type: "text",
    default: "",
    placeholder: "DIR,...",
    group: "Source",
    summary: "Folders with addr2line, nm and similar tools (default: $PPROF_TOOLS, then $PATH)",
  },
  {
    name: "intel_syntax",
    type: "bool",
    default: false,
    group: "Source",
    summary: "Show machine code in Intel syntax (disasm, weblist)",
    commands: { only: ["disasm", "weblist", ...INTERFACES] },
    ...SAVED,
    urlParam: "intel",
  },
  {
    name: "buildid",
    type: "text",
    default: "",
    placeholder: "ID",
    group: "Source",
    summary: "Build ID of the program, for profiles that lack it",
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
    commands: { tasks: ["info", "merge", "pgo", "record", "leak"] },
  },
  {
    name: "seconds",
    type: "int",
    default: -1,
    placeholder: "N",
    group: "Source",
    summary: "Seconds to collect; heap, block and mutex profiles show the change in that time",
    commands: { tasks: ["info", "merge", "pgo", "record", "leak"] },
  },
  {
    name: "timeout",
    type: "int",
    default: -1,
    placeholder: "N",
    group: "Servers",
    summary: "Wait at most N seconds (default: 1.5 times the seconds collected, or 60)",
    commands: FROM_SERVERS,
  },
  {
    name: "header",
    type: "list",
    default: [],
    placeholder: "HEADER",
    group: "Servers",
    summary: "Send this HTTP header, such as 'Authorization: Bearer TOKEN'; may be repeated",
    commands: FROM_SERVERS,
  },
  {
    name: "tls_cert",
    ...PEM_FILE,
    summary: "Client certificate to present to the server, in PEM",
  },
  {
    name: "tls_key",
    ...PEM_FILE,
    summary: "Private key of the client certificate, in PEM",
  },
  {
    name: "tls_ca",
    ...PEM_FILE,
    summary: "Certificate authorities to trust instead of the usual ones, in PEM",
  },
  {
    name: "no_save",
    type: "bool",
    default: false,
    group: "Servers",
    summary: "Do not save fetched profiles in $PPROF_TMPDIR or ~/pprof",
  },
  {
    name: "keep",
    type: "float",
    default: 0.999,
    placeholder: "F",
    group: "Optimization",
    summary: "Share of the weight of all calls to keep, the heaviest calls first (pgo)",
    commands: { only: [], tasks: ["pgo"], otherReports: "refuse" },
  },
  {
    name: "cpu",
    type: "bool",
    default: false,
    group: "Recording",
    summary: "Sample CPU time (the default); with -heap or -allocs, record both",
    commands: RECORDING,
  },
  {
    name: "heap",
    type: "bool",
    default: false,
    group: "Recording",
    summary: "Sample the memory that is held at the end, instead of CPU time",
    commands: RECORDING,
  },
  {
    name: "allocs",
    type: "bool",
    default: false,
    group: "Recording",
    summary: "Sample all memory that is allocated, freed or not, instead of CPU time",
    commands: RECORDING,
  },
  {
    name: "interval",
    type: "text",
    default: "",
    placeholder: "TIME",
    values: ["1ms", "100us", "10ms", "1ms,64kb"],
    group: "Recording",
    summary: "Time between samples (default 1ms), or bytes between heap samples (512kb); or both",
    commands: ATTACHING,
  },
  {
    name: "html",
    type: "bool",
    default: false,
    group: "Recording",
    summary: "Also write the web interface with the profile as an HTML file, and open it",
    commands: RECORDING,
  },
  {
    name: "pid",
    type: "text",
    default: "",
    placeholder: "PID",
    group: "Recording",
    summary: "Attach to this Node process (PID+: and those below it) for -seconds (default 10)",
    commands: ATTACHING,
  },
  {
    name: "http",
    type: "text",
    default: "",
    placeholder: "HOST:PORT",
    values: [":8080", "localhost:8080", ":"],
    group: "Web interface",
    summary: "Serve the web interface at this address: :8080 on localhost, : on any free port",
    commands: SERVING,
  },
  {
    name: "no_browser",
    type: "bool",
    default: false,
    group: "Web interface",
    summary: "Only print the address of the web interface, and open no browser",
    commands: SERVING,
  },
  {
    name: "fail_on",
    type: "list",
    default: [],
    placeholder: "RULE",
    group: "Change and noise",
    summary: "Exit with 3 if this grew: 'cum>5%', 'total>3%', 'NAME:flat>10ms'; may be repeated",
    commands: DIFFERENCE,
  },
  {
    name: "allow_missing",
    type: "bool",
    default: false,
    group: "Change and noise",
    summary: "Only warn, and do not exit with 4, if a rule or a filter matches nothing",
    commands: DIFFERENCE,
  },
  {
    name: "alpha",
    type: "float",
    default: 0.05,
    placeholder: "P",
    group: "Change and noise",
    summary: "Probability of calling any change real when nothing changed",
    commands: DIFFERENCE,
  },
  {
    name: "min_samples",
    type: "int",
    default: -1,
    placeholder: "N",
    group: "Change and noise",
    summary: "Do not judge functions with fewer samples in total (default 20, if counted)",
    commands: DIFFERENCE,
  },
] as const satisfies readonly (OptionSpec & { readonly commands?: Rule })[];

export type Options = {
  -readonly [Spec in (typeof OPTIONS)[number] as Spec["name"]]: OptionValue<Spec>;
};

export function defaultOptions(): Options {
  const entries = OPTIONS.map((spec): [string, unknown] => [spec.name, spec.default]);
  return Object.fromEntries(entries) as Options;
}

const optionsByChoice: ReadonlyMap<string, (typeof OPTIONS)[number]> = new Map(
  OPTIONS.flatMap((spec) =>
    spec.type === "choice" && !("isWritten" in spec)
      ? spec.choices.map(({ name }) => [name, spec] as const)
      : [],
  ),
);

/** Returns the option that has this word as a choice: `lines` means `granularity=lines`. */
export function optionOfChoice(word: string): (typeof OPTIONS)[number] | undefined {
  return optionsByChoice.get(word);
}

/** An option that means `-sample_index` with a certain value. */
export interface SampleShorthand {
  readonly name: string;
  readonly sampleIndex: string;
  readonly mean: boolean;
  readonly summary: string;
}

/** Shorthands for `-sample_index`, which overrides them. If several are given, the first counts. */
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
