import type { OptionGroup } from "./spec.js";

/** How a command is declared, of whatever kind. */
export type CommandSpec = ReportSpec | ViewerSpec | OptionTakerSpec | TaskSpec | ToolSpec;

/** What every command has. */
interface Common {
  readonly name: string;
  readonly aliases: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
}

/** What every command has that reads profiles. */
interface Reading extends Common {
  /** The options that are for this command alone, by their heading in the help. */
  readonly ownGroup?: OptionGroup;
  /** A few sentences for `tsprof help NAME`. */
  readonly description: string;
  readonly examples: readonly { readonly line: string; readonly meaning: string }[];
}

/** A report that can be asked for: `tsprof NAME`, or `tsprof -NAME` as in pprof. */
export interface ReportSpec extends Reading {
  readonly kind: "report";
  /** What goes before the sources (`tsprof peek REGEX FILE`, `-peek=REGEX`). */
  readonly parameter?: "REGEX";
  /** Rows at most where `-nodecount` does not say; 0 is all. */
  readonly nodeCount: 0 | 80;
  /** Shows even what is small: `-nodecount` and the fractions do not count. */
  readonly isWhole?: true;
  /** What a row stands for, whatever the options say. */
  readonly granularity?: "lines" | "addresses";
  /** Whether inlined calls go to their callers, whatever the options say. */
  readonly noInlines?: boolean;
  /** Functions of the same name in two binaries are two. */
  readonly binaries?: true;
  /** The viewer that shows it on a terminal. */
  readonly shownBy?: "weblist";
  /** A format for programs: on a terminal it goes to a file with this ending. */
  readonly fileEnding?: ".pb.gz" | ".out" | ".svg" | ".html" | ".png" | ".pdf" | ".ps" | ".gif";
}

/** A command that makes a report of the table, and shows it in another program. */
interface ViewerSpec extends Reading {
  readonly kind: "viewer";
  /** The name of the report. */
  readonly shows: string;
}

/**
 * A command that takes the options of reports and is none: `serve` opens the web interface,
 * `diff` compares two sides of profiles.
 */
export interface OptionTakerSpec extends Reading {
  readonly kind: "serve" | "diff";
}

/** A command that is no report: it tells of files, or makes another one. */
export interface TaskSpec extends Reading {
  readonly kind: "task";
  /** What goes behind its name. */
  readonly operands: string;
  /** The options that it takes, by their names in the table. */
  readonly options: readonly string[];
  /** What its operands are, where they are no profiles, and how it is called. */
  readonly argument?: { readonly name: string; readonly summary: string; readonly usage: string };
  /** The option by which it can do without operands. */
  readonly insteadOfOperands?: string;
}

/** A command that has nothing to do with profiles. */
export interface ToolSpec extends Common {
  readonly kind: "tool";
  /** What it takes: the name of a command, the name of a shell, or nothing. */
  readonly operand?: "command" | "shell";
}

const STAYS =
  "The file is a temporary one, and stays there; with -output it is written to a place of one's " +
  "own, and not shown.";

const SERVER_OPTIONS = ["timeout", "seconds", "header", "tls_cert", "tls_key", "tls_ca"] as const;

/**
 * THE table of commands: the command line, the shell, help and completion all come from here.
 * What a command does is said where the requests of its kind are answered; for a task that is
 * src/cli/task.ts, which does not compile without it.
 */
const TABLE = [
  {
    kind: "report",
    name: "top",
    aliases: ["text"],
    nodeCount: 0,
    summary: "The places that take the most, as a table",
    description:
      "Lists functions (or lines, files, addresses) by what they take: flat is the place itself, " +
      "cum is the place with all that it calls, sum% adds flat% up from the top.",
    examples: [
      { line: "tsprof top cpu.pprof", meaning: "where the CPU time went" },
      { line: "tsprof top -cum -nodecount=20 cpu.pprof", meaning: "the 20 heaviest callers" },
      { line: "tsprof top -inuse_objects -lines heap.pprof", meaning: "lines by live objects" },
      { line: "tsprof top -focus='json' -hide='^runtime' cpu.pprof", meaning: "a part of it" },
      { line: "tsprof top -tagfocus=tenant=acme cpu.pprof", meaning: "samples with a label" },
      { line: "tsprof top -base old.pprof new.pprof", meaning: "what changed" },
      { line: "cat cpu.pprof | tsprof top -", meaning: "from standard input" },
    ],
  },
  {
    kind: "report",
    name: "tree",
    aliases: [],
    nodeCount: 80,
    summary: "The same places, each with its callers and what it calls",
    description:
      "Shows each place between the places that call it (above) and those that it calls (below). " +
      "The share of a call is of the cum of the place it is shown with.",
    examples: [
      { line: "tsprof tree cpu.pprof", meaning: "the 80 heaviest places" },
      { line: "tsprof tree -cum -nodecount=10 cpu.pprof", meaning: "the 10 heaviest callers" },
      { line: "tsprof tree -focus=Encode cpu.pprof", meaning: "what goes through Encode" },
    ],
  },
  {
    kind: "report",
    name: "peek",
    aliases: [],
    parameter: "REGEX",
    nodeCount: 80,
    isWhole: true,
    summary: "Callers and callees of the places that match",
    description:
      "Shows what tree shows, but only for places whose name matches, and with calls of any size.",
    examples: [
      { line: "tsprof peek 'json.Marshal' cpu.pprof", meaning: "who calls it, what it calls" },
      { line: "tsprof peek -lines Marshal cpu.pprof", meaning: "line by line" },
      { line: "tsprof -peek=Marshal cpu.pprof", meaning: "as pprof writes it" },
    ],
  },
  {
    kind: "report",
    name: "list",
    aliases: [],
    parameter: "REGEX",
    nodeCount: 80,
    isWhole: true,
    granularity: "lines",
    binaries: true,
    summary: "The source of functions that match, with what each line takes",
    description:
      "Prints the source of the functions whose name matches, each line with its flat and cum. " +
      "Sources are looked for in -source_path (or the working directory) and its parents. With " +
      "neither -source_path nor -trim_path, those of Go itself, of the module cache and of the " +
      "Go module that one works in are found, too.",
    examples: [
      { line: "tsprof list 'Price' cpu.pprof", meaning: "every function with Price in its name" },
      {
        line: "tsprof list -source_path=$HOME/src '^main' cpu.pprof",
        meaning: "sources elsewhere",
      },
      { line: "tsprof list -trim_path=/build Price cpu.pprof", meaning: "built in /build" },
    ],
  },
  {
    kind: "report",
    name: "disasm",
    aliases: [],
    parameter: "REGEX",
    nodeCount: 80,
    isWhole: true,
    granularity: "addresses",
    noInlines: true,
    binaries: true,
    summary: "The machine code of functions that match, with what each instruction takes",
    description:
      "Prints the instructions of the symbols whose name matches, each with its flat and cum, and " +
      "the source line they come from. An address such as 0x4a1b20 selects the function that it " +
      "lies in. The binary must be here, and objdump and nm (of GNU or of LLVM): -tools says where.",
    examples: [
      { line: "tsprof disasm Price ./server cpu.pprof", meaning: "every symbol with Price in it" },
      { line: "tsprof disasm -intel_syntax Price cpu.pprof", meaning: "as Intel writes it" },
      { line: "tsprof disasm 0x4a1b20 ./server cpu.pprof", meaning: "what lies there" },
    ],
  },
  {
    kind: "report",
    name: "weblist",
    aliases: [],
    parameter: "REGEX",
    nodeCount: 80,
    isWhole: true,
    granularity: "addresses",
    noInlines: false,
    binaries: true,
    shownBy: "weblist",
    summary: "Source with its machine code and inlined calls, as a page for a browser",
    description:
      "Makes a page of the source of the functions whose name, file or binary matches: each line " +
      "with its flat and cum, and with its instructions and inlined calls to be unfolded. On a " +
      "terminal the page is opened in a browser, as by web; otherwise it is written to standard " +
      "output. It needs nothing beside itself.",
    examples: [
      { line: "tsprof weblist Price ./server cpu.pprof", meaning: "opened in a browser" },
      { line: "tsprof weblist -output=price.html Price cpu.pprof", meaning: "to keep" },
    ],
  },
  {
    kind: "report",
    name: "traces",
    aliases: [],
    nodeCount: 80,
    summary: "Every sample with its stack and its labels",
    description: "Prints the samples one by one: labels, value, and the stack from the leaf down.",
    examples: [
      { line: "tsprof traces cpu.pprof", meaning: "all of them" },
      { line: "tsprof traces -focus=Lock mutex.pprof", meaning: "those with Lock on the stack" },
    ],
  },
  {
    kind: "report",
    name: "folded",
    aliases: [],
    nodeCount: 80,
    isWhole: true,
    summary: "Stacks one a line, for flame graph tools: main;work;leaf 42",
    description:
      "Writes each stack as a line, root first, with its value, as flamegraph.pl, inferno and " +
      "speedscope read it. Equal stacks are one line, ordered by their names; nothing is " +
      "trimmed. Values are whole numbers in the unit of the profile, whatever -unit says " +
      "(-divide_by rounds towards zero); stacks of 0 are left out. With -diff_base a line " +
      "has two values, before and after, from which flame graphs of differences are drawn; " +
      "with -base it has the difference, which may be negative. In names ; becomes :, a line " +
      "break becomes a blank, and a blank before a number at the end becomes _.",
    examples: [
      { line: "tsprof folded cpu.pprof > cpu.folded", meaning: "for any flame graph tool" },
      { line: "tsprof folded cpu.pprof | flamegraph.pl > cpu.svg", meaning: "as an image" },
      { line: "tsprof folded -inuse_space heap.pprof", meaning: "live bytes" },
      { line: "tsprof folded -diff_base old.pprof new.pprof", meaning: "before and after" },
    ],
  },
  {
    kind: "report",
    name: "tags",
    aliases: [],
    nodeCount: 80,
    summary: "The labels of the samples, with what each value takes",
    description: "Lists every label (tag) with its values and what the samples that have it take.",
    examples: [
      { line: "tsprof tags cpu.pprof", meaning: "all labels" },
      { line: "tsprof tags -tagshow=tenant cpu.pprof", meaning: "one of them" },
    ],
  },
  {
    kind: "report",
    name: "comments",
    aliases: [],
    nodeCount: 80,
    summary: "The comments in the profile",
    description: "Prints the comments that producers and -add_comment left in the profile.",
    examples: [{ line: "tsprof comments cpu.pprof", meaning: "" }],
  },
  {
    kind: "report",
    name: "raw",
    aliases: [],
    nodeCount: 80,
    isWhole: true,
    granularity: "addresses",
    binaries: true,
    summary: "All that is in the profile, as text",
    description:
      "Prints the samples, locations and mappings of the profile, after filters, as text.",
    examples: [{ line: "tsprof raw cpu.pprof", meaning: "" }],
  },
  {
    kind: "report",
    name: "proto",
    aliases: [],
    nodeCount: 80,
    isWhole: true,
    granularity: "addresses",
    fileEnding: ".pb.gz",
    summary: "The profile itself: merged, filtered, compared, as profile.proto",
    description:
      "Writes the profile in profile.proto format, gzipped, after merging, comparing and filters. " +
      "The same input gives the same bytes.",
    examples: [
      { line: "tsprof proto a.pprof b.pprof -output ab.pb.gz", meaning: "merge two" },
      { line: "tsprof proto -tagfocus=tenant=acme all.pprof > acme.pb.gz", meaning: "keep a part" },
    ],
  },
  {
    kind: "report",
    name: "convert",
    aliases: [],
    nodeCount: 80,
    isWhole: true,
    granularity: "addresses",
    binaries: true,
    fileEnding: ".pb.gz",
    summary: "The profile in another format: pprof, folded, speedscope, cpuprofile, callgrind",
    description:
      "Writes the profile, after merging, comparing and filters, in the format that -to names: " +
      "pprof (profile.proto, gzipped, as proto writes it), folded, speedscope, cpuprofile (for " +
      "Chrome's tools) or callgrind. All but pprof have one value, that of -sample_index, and " +
      "no labels. Every command reads what it can convert from, compressed by gzip or not: " +
      "profile.proto, V8's .cpuprofile and .heapprofile, traces of Chrome, perf script, " +
      "speedscope, callgrind and folded stacks.",
    examples: [
      { line: "tsprof convert app.cpuprofile > app.pb.gz", meaning: "for tools that read pprof" },
      { line: "tsprof convert -to speedscope -output cpu.json cpu.pprof", meaning: "" },
      { line: "tsprof convert -to cpuprofile cpu.pprof > cpu.cpuprofile", meaning: "for Chrome" },
    ],
  },
  {
    kind: "report",
    name: "topproto",
    aliases: [],
    nodeCount: 0,
    fileEnding: ".pb.gz",
    summary: "What top shows, as profile.proto",
    description:
      "Writes the rows of top as a small profile: a sample a row, with the values cum and flat.",
    examples: [{ line: "tsprof topproto cpu.pprof > top.pb.gz", meaning: "" }],
  },
  {
    kind: "report",
    name: "dot",
    aliases: [],
    nodeCount: 80,
    summary: "The call graph in Graphviz's language",
    description:
      "Writes the call graph as text for Graphviz's tools: the places that tell most, the calls " +
      "between them, the labels of their samples. Large and dark boxes take much themselves, " +
      "red ones with what they call; dotted lines lead through places that are not shown.",
    examples: [
      { line: "tsprof dot cpu.pprof > cpu.dot", meaning: "the 80 places that tell most" },
      { line: "tsprof dot -call_tree -nodecount=40 cpu.pprof", meaning: "every context apart" },
      { line: "tsprof dot -focus=Encode heap.pprof", meaning: "what goes through Encode" },
    ],
  },
  {
    kind: "report",
    name: "svg",
    aliases: [],
    nodeCount: 80,
    fileEnding: ".svg",
    summary: "The call graph as a picture for browsers: zoom, search, callers and callees",
    description:
      "Draws the call graph, with nothing else installed. In a browser one can drag and zoom it, " +
      "find functions and see what calls them; elsewhere it is a still picture. Large and dark " +
      "boxes take much themselves, red ones with what they call; dotted lines lead through " +
      "places that are not shown.",
    examples: [
      { line: "tsprof svg cpu.pprof > cpu.svg", meaning: "the 80 places that tell most" },
      { line: "tsprof svg -focus=Encode -output encode.svg heap.pprof", meaning: "a part of it" },
      { line: "tsprof svg -diff_base old.pprof new.pprof > diff.svg", meaning: "what changed" },
    ],
  },
  {
    kind: "report",
    name: "png",
    aliases: [],
    nodeCount: 80,
    fileEnding: ".png",
    summary: "The call graph as an image",
    description: "Draws what svg draws, in pixels on white, with nothing else installed.",
    examples: [
      { line: "tsprof png cpu.pprof > cpu.png", meaning: "" },
      { line: "tsprof png -nodecount=20 cpu.pprof > cpu.png", meaning: "small enough for a page" },
    ],
  },
  {
    kind: "report",
    name: "pdf",
    aliases: [],
    nodeCount: 80,
    fileEnding: ".pdf",
    summary: "The call graph as a document of one page",
    description:
      "Draws what svg draws on a page as large as the graph, with text that can be searched and " +
      "with nothing else installed. The same input gives the same bytes.",
    examples: [{ line: "tsprof pdf cpu.pprof > cpu.pdf", meaning: "" }],
  },
  {
    kind: "report",
    name: "ps",
    aliases: [],
    nodeCount: 80,
    fileEnding: ".ps",
    summary: "The call graph as PostScript (needs Graphviz)",
    description: "Has a Graphviz that is installed draw the call graph as PostScript.",
    examples: [{ line: "tsprof ps cpu.pprof > cpu.ps", meaning: "" }],
  },
  {
    kind: "report",
    name: "gif",
    aliases: [],
    nodeCount: 80,
    fileEnding: ".gif",
    summary: "The call graph as a GIF image (needs Graphviz)",
    description: "Has a Graphviz that is installed draw the call graph as GIF; png needs nothing.",
    examples: [{ line: "tsprof gif cpu.pprof > cpu.gif", meaning: "" }],
  },
  {
    kind: "report",
    name: "callgrind",
    aliases: [],
    nodeCount: 80,
    isWhole: true,
    granularity: "addresses",
    binaries: true,
    fileEnding: ".out",
    summary: "The call graph for kcachegrind and qcachegrind",
    description: "Writes the call graph in callgrind's format, with addresses and lines.",
    examples: [{ line: "tsprof callgrind cpu.pprof > callgrind.out", meaning: "" }],
  },
  {
    kind: "report",
    name: "flame",
    aliases: ["flamegraph"],
    nodeCount: 80,
    isWhole: true,
    fileEnding: ".svg",
    summary: "A flame graph to zoom and search in, as one SVG file",
    description:
      "Writes a flame graph: boxes as wide as what a function takes with all that it calls, those " +
      "that it calls below it. Open the file in a browser to zoom (click), search (/), turn it " +
      "over, or merge it from the leaves; ? lists the keys. It stands alone and asks for nothing.",
    examples: [
      { line: "tsprof flame cpu.pprof > flame.svg", meaning: "" },
      { line: "tsprof flame -diff_base old.pprof new.pprof > diff.svg", meaning: "what changed" },
      { line: "tsprof flame -focus=Encode -output encode.svg cpu.pprof", meaning: "a part of it" },
    ],
  },
  {
    kind: "report",
    name: "html",
    aliases: [],
    nodeCount: 80,
    fileEnding: ".html",
    summary: "The web interface with the profile in it, as one HTML file",
    description:
      "Writes all that serve shows into one file: flame graph, call graph, tables, and the sources " +
      "that are found here. It opens in any browser, with no server, and asks for nothing. The " +
      "whole profile is in it, whatever the filters are: they are what it is opened with, and can " +
      "be taken away. Machine code is not in it.",
    examples: [
      { line: "tsprof html -output report.html cpu.pprof", meaning: "to keep, or to send" },
      { line: "tsprof html -diff_base old.pprof new.pprof > diff.html", meaning: "what changed" },
      {
        line: "tsprof html -embed_sources=false cpu.pprof > report.html",
        meaning: "without sources",
      },
    ],
  },
  {
    kind: "viewer",
    name: "web",
    aliases: [],
    shows: "svg",
    summary: "The graph in a browser",
    description:
      "Draws the graph and opens it in a browser: one of the variable BROWSER (commands with : " +
      `between them), or else one that is installed. ${STAYS}`,
    examples: [{ line: "tsprof web cpu.pprof", meaning: "the heaviest places" }],
  },
  {
    kind: "viewer",
    name: "eog",
    aliases: [],
    shows: "svg",
    summary: "The graph in the Eye of GNOME",
    description: `Draws the graph as SVG, and opens it with eog. ${STAYS}`,
    examples: [{ line: "tsprof eog cpu.pprof", meaning: "" }],
  },
  {
    kind: "viewer",
    name: "evince",
    aliases: [],
    shows: "pdf",
    summary: "The graph in evince",
    description: `Draws the graph as PDF, and opens it with evince. ${STAYS}`,
    examples: [{ line: "tsprof evince cpu.pprof", meaning: "" }],
  },
  {
    kind: "viewer",
    name: "gv",
    aliases: [],
    shows: "ps",
    summary: "The graph in gv",
    description: `Draws the graph as PostScript, and opens it with gv. ${STAYS}`,
    examples: [{ line: "tsprof gv cpu.pprof", meaning: "" }],
  },
  {
    kind: "viewer",
    name: "kcachegrind",
    aliases: [],
    shows: "callgrind",
    summary: "The call graph in kcachegrind or qcachegrind",
    description:
      "Writes what callgrind writes, and opens it with kcachegrind, or qcachegrind where that is " +
      `what is there. ${STAYS}`,
    examples: [{ line: "tsprof kcachegrind cpu.pprof", meaning: "" }],
  },
  {
    kind: "serve",
    name: "serve",
    aliases: [],
    ownGroup: "Web interface",
    summary: "All reports in a browser, with a flame graph and a call graph",
    description:
      "Opens the web interface on the profiles, and goes on until Ctrl-C. It listens on localhost " +
      "unless -http says where; pprof's own way of writing is tsprof -http=:8080 FILE.",
    examples: [
      { line: "tsprof serve cpu.pprof", meaning: "opened in a browser, on a free port" },
      { line: "tsprof serve -http=:8080 -no_browser cpu.pprof", meaning: "on a port to remember" },
      { line: "tsprof -http=:8080 cpu.pprof", meaning: "as pprof writes it" },
      { line: "tsprof serve -diff_base old.pprof new.pprof", meaning: "what has changed" },
    ],
  },
  {
    kind: "diff",
    name: "diff",
    aliases: [],
    ownGroup: "Telling change from noise",
    summary: "What has changed beyond noise between two or more profiles, with gates for CI",
    description:
      "Compares functions: what each takes itself (flat) and with all that it calls (cum), in the " +
      "base and in the new profile. With several profiles on each side (4 or more), each of one " +
      "run, what is called real exceeds what runs of the same program differ by; with one a side, " +
      "what counting samples leaves to chance. With rules (-fail_on) " +
      "the exit code is 3 if one is broken, and 4 if they test nothing, as one that names no function.",
    examples: [
      { line: "tsprof diff old.pprof new.pprof", meaning: "what has changed" },
      { line: "tsprof diff -base a1 -base a2 b1 b2", meaning: "several runs a side" },
      { line: "tsprof diff -fail_on='cum>5%' old.pprof new.pprof", meaning: "a gate" },
      { line: "tsprof diff -format=markdown old.pprof new.pprof", meaning: "for a comment" },
    ],
  },
  {
    kind: "task",
    name: "info",
    aliases: [],
    operands: "<source>...",
    options: ["format", "output", "max_size", ...SERVER_OPTIONS],
    summary: "What profiles are: types, totals, size, labels, and what is missing in them",
    description:
      "Tells of each file what it is: its format, the types and the units of its values with their " +
      "totals, when and how long it was collected, how many samples, stacks, functions and binaries " +
      "it has, its labels, what probably made it, and what is missing. Several files are shown one " +
      "after the other; one that cannot be read is told of, and the exit code is 1.",
    examples: [
      { line: "tsprof info cpu.pprof", meaning: "one" },
      { line: "tsprof info -format=json *.pb.gz", meaning: "all of them, for programs" },
      { line: "tsprof info http://localhost:6060/debug/pprof/heap", meaning: "of a server" },
    ],
  },
  {
    kind: "task",
    name: "merge",
    aliases: [],
    operands: "<source>[:weight]...",
    options: ["output", "max_size", ...SERVER_OPTIONS, "source_maps"],
    summary: "Several profiles as one, each with a weight of its own",
    description:
      "Adds profiles up and writes the sum. Behind a file and a colon its weight may be given, such " +
      "as cpu.pprof:0.3, by which its values are multiplied; the rest of rounding one value goes to " +
      "the next, so that totals are right to half a unit. A file whose name ends like that is taken " +
      "as it is.",
    examples: [
      { line: "tsprof merge -output all.pb.gz a.pb.gz b.pb.gz", meaning: "the sum" },
      { line: "tsprof merge -output mix.pb.gz a.pb.gz:0.3 b.pb.gz:0.7", meaning: "a mixture" },
    ],
  },
  {
    kind: "task",
    name: "pgo",
    ownGroup: "Optimization",
    aliases: ["trim"],
    operands: "<source>[:weight]...",
    options: ["output", "keep", "max_size", ...SERVER_OPTIONS],
    summary: "A small default.pgo with what Go's compiler uses of CPU profiles",
    description:
      "Writes the calls at the ends of a CPU profile's stacks with their weights, for go build -pgo. " +
      "Go's compiler uses nothing else of a profile, so that labels, addresses, files and whole " +
      "stacks are left out, and the lightest calls. The weights are those that it would add up itself.",
    examples: [
      { line: "tsprof pgo -output default.pgo cpu.pprof", meaning: "99.9 % of the weight" },
      { line: "tsprof pgo -keep=1 -output default.pgo a.pprof b.pprof", meaning: "every call" },
    ],
  },
  {
    kind: "task",
    name: "record",
    aliases: [],
    ownGroup: "Recording",
    operands: "-- node app.js...",
    argument: {
      name: "program",
      summary: "what to run, with its arguments, behind --",
      usage: "tsprof record -- node app.js, or: tsprof record -pid PID",
    },
    insteadOfOperands: "pid",
    options: ["heap", "interval", "seconds", "pid", "output", "max_size"],
    summary: "Profile a program of Node: run it, or attach to one that runs (-pid)",
    description:
      "Runs a program under V8's profiler of CPU time, or of the heap with -heap, and writes what " +
      "was found to cpu001.pb.gz (heap001.pb.gz), or to -output; the top of it is shown at the end. " +
      "Workers and child processes of Node are included; the labels pid, process and thread tell " +
      "them apart. The program keeps its input and output, gets its signals as ever, and its exit " +
      "code is passed on; all that tsprof says goes to standard error. With -seconds it is sent " +
      "SIGTERM after that time. With -pid a process that runs already is profiled for -seconds, or " +
      "until Ctrl-C, and then left running as it was.",
    examples: [
      { line: "tsprof record -- node app.js", meaning: "until it ends, or Ctrl-C" },
      {
        line: "tsprof record -seconds 30 -output app.pb.gz -- node app.js",
        meaning: "for a while",
      },
      { line: "tsprof record -heap -- node app.js", meaning: "what holds the memory" },
      { line: "tsprof record -- npx vitest run", meaning: "tests, with their workers" },
      { line: "tsprof record -pid 4711 -seconds 10", meaning: "a process that runs" },
    ],
  },
  {
    kind: "tool",
    name: "completion",
    aliases: [],
    operand: "shell",
    summary: "A script that completes tsprof in a shell",
  },
  {
    kind: "tool",
    name: "help",
    aliases: [],
    operand: "command",
    summary: "Explain a command and its options",
  },
  {
    kind: "tool",
    name: "version",
    aliases: [],
    summary: "Print the version",
  },
] as const satisfies readonly CommandSpec[];

type Entry = (typeof TABLE)[number];
type NamesOf<Kind extends Entry["kind"]> = Extract<Entry, { readonly kind: Kind }>["name"];

export type ReportName = NamesOf<"report">;
type ViewerCommand = NamesOf<"viewer">;
/** The commands that make a report. */
export type CommandName = ReportName | ViewerCommand;
/** What shows a report: a command of its own, or the report itself on a terminal. */
export type ViewerName = ViewerCommand | NonNullable<ReportSpec["shownBy"]>;
export type TaskName = NamesOf<"task">;

/** A command that makes a report. */
export type ReportCommand = ReportSpec & {
  readonly name: CommandName;
  /** The report that is made: the command itself, but for viewers. */
  readonly report: ReportName;
};
export type TaskCommand = TaskSpec & { readonly name: TaskName };
export type ToolCommand = ToolSpec & { readonly name: NamesOf<"tool"> };

/** A command of the table; a viewer is a report that is shown elsewhere. */
export type Command = ReportCommand | OptionTakerSpec | TaskCommand | ToolCommand;

/** All commands, in the order of help. */
export const COMMANDS: readonly Command[] = TABLE.map(toCommand);

/** The commands that make a report. */
export const REPORT_COMMANDS: readonly ReportCommand[] = COMMANDS.filter(
  (command) => command.kind === "report",
);

function toCommand(entry: Entry): Command {
  switch (entry.kind) {
    case "report":
      return { ...entry, report: entry.name };
    case "viewer": {
      // It takes the options that its report takes.
      const { shows, ...viewer } = entry;
      const report = TABLE.find((other) => other.kind === "report" && other.name === shows);
      if (report?.kind !== "report") throw new Error(`no report ${shows}`);
      return { ...report, ...viewer, kind: "report", report: report.name };
    }
    default:
      return entry;
  }
}

/** The viewer that a command is, if it is one. */
export function viewerOf({ name }: ReportCommand): ViewerName | undefined {
  for (const entry of TABLE) if (entry.kind === "viewer" && entry.name === name) return entry.name;
  return undefined;
}

/** The declaration of a command that makes a report. */
export function commandSpec(name: CommandName): ReportCommand {
  const spec = reportNamed(name);
  if (!spec) throw new Error(`no command ${name}`);
  return spec;
}

const commandsByWord: ReadonlyMap<string, Command> = new Map(
  COMMANDS.flatMap((spec) => [spec.name, ...spec.aliases].map((word) => [word, spec] as const)),
);

/** The command that a word asks for, by its name or another. */
export function commandNamed(word: string): Command | undefined {
  return commandsByWord.get(word);
}

/** The command that makes a report and that a word asks for. */
export function reportNamed(word: string): ReportCommand | undefined {
  const command = commandsByWord.get(word);
  return command?.kind === "report" ? command : undefined;
}

const owners: ReadonlyMap<OptionGroup, string> = new Map(
  COMMANDS.flatMap((spec) =>
    "ownGroup" in spec && spec.ownGroup !== undefined ? [[spec.ownGroup, spec.name] as const] : [],
  ),
);

/** The command that the options of a group are for, if they are not for all reports. */
export function ownerOf(group: OptionGroup): string | undefined {
  return owners.get(group);
}
