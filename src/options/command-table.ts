import type { CommandSpec } from "./command-spec.js";

const NOT_DELETED =
  "The file is temporary, and is not deleted. With -output it is written to that file instead, " +
  "and not opened.";

/**
 * All commands, in the order of help. The command line, the shell, help and completion follow
 * this table; each option in `table.ts` declares the commands that use it. A new task also needs
 * an entry in src/cli/task.ts, which does not compile without it.
 */
export const COMMAND_TABLE = [
  {
    kind: "report",
    name: "top",
    aliases: ["text"],
    nodeCount: 0,
    summary: "Functions by cost, as a table",
    description:
      "Lists functions (or lines, files, addresses) by cost: flat is the cost of the function " +
      "itself, cum includes the functions that it calls, and sum% is the running total of " +
      "flat%.",
    examples: [
      { line: "tsprof top cpu.pprof", meaning: "where the CPU time went" },
      { line: "tsprof top -cum -nodecount=20 cpu.pprof", meaning: "the 20 highest cum" },
      { line: "tsprof top -inuse_objects -lines heap.pprof", meaning: "lines by live objects" },
      {
        line: "tsprof top -focus='json' -hide='^runtime' cpu.pprof",
        meaning: "part of the program",
      },
      { line: "tsprof top -tagfocus=tenant=acme cpu.pprof", meaning: "samples with a label" },
      { line: "tsprof top -base old.pprof new.pprof", meaning: "what changed" },
      { line: "cat cpu.pprof | tsprof top -", meaning: "from standard input" },
    ],
  },
  {
    kind: "report",
    name: "tree",
    summary: "Functions with their callers and callees",
    description:
      "Shows each function with its callers above it and its callees below it. The percentage " +
      "of a call is its share of the function's cum.",
    examples: [
      { line: "tsprof tree cpu.pprof", meaning: "the top 80 functions" },
      { line: "tsprof tree -cum -nodecount=10 cpu.pprof", meaning: "the 10 highest cum" },
      { line: "tsprof tree -focus=Encode cpu.pprof", meaning: "samples with Encode" },
    ],
  },
  {
    kind: "report",
    name: "peek",
    parameter: "REGEX",
    isUntrimmed: true,
    summary: "Callers and callees of matching functions",
    description:
      "Shows the same as tree, but only for functions whose name matches, and with calls of any " +
      "size.",
    examples: [
      { line: "tsprof peek 'json.Marshal' cpu.pprof", meaning: "its callers and callees" },
      { line: "tsprof peek -lines Marshal cpu.pprof", meaning: "line by line" },
      { line: "tsprof -peek=Marshal cpu.pprof", meaning: "pprof's spelling" },
    ],
  },
  {
    kind: "report",
    name: "list",
    parameter: "REGEX",
    isUntrimmed: true,
    granularity: "lines",
    separatesBinaries: true,
    summary: "Source code of matching functions, with the cost of each line",
    description:
      "Prints the source of the functions whose name matches, with the flat and cum of each " +
      "line. Source files are looked up in -source_path (default: the working directory) and " +
      "its parent folders. Without -source_path and -trim_path, source files of Go itself, of " +
      "the module cache and of the current Go module are found too.",
    examples: [
      { line: "tsprof list 'Price' cpu.pprof", meaning: "names that contain Price" },
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
    parameter: "REGEX",
    isUntrimmed: true,
    granularity: "addresses",
    noInlines: true,
    separatesBinaries: true,
    summary: "Machine code of matching functions, with the cost of each instruction",
    description:
      "Prints the instructions of the symbols whose name matches, each with its flat, its cum " +
      "and its source line. An address such as 0x4a1b20 selects the function that contains it. " +
      "The binary must be on this machine, and so must objdump and nm (GNU or LLVM); -tools " +
      "names their folder.",
    examples: [
      { line: "tsprof disasm Price ./server cpu.pprof", meaning: "symbols that contain Price" },
      { line: "tsprof disasm -intel_syntax Price cpu.pprof", meaning: "in Intel syntax" },
      {
        line: "tsprof disasm 0x4a1b20 ./server cpu.pprof",
        meaning: "the function at this address",
      },
    ],
  },
  {
    kind: "report",
    name: "weblist",
    parameter: "REGEX",
    isUntrimmed: true,
    granularity: "addresses",
    noInlines: false,
    separatesBinaries: true,
    terminalViewer: "weblist",
    summary: "Source code with machine code and inlined calls, as a page for a browser",
    description:
      "Makes a page with the source of the functions whose name, file or binary matches. Each " +
      "line shows its flat and cum, and unfolds into its instructions and inlined calls. On a " +
      "terminal the page opens in a browser, as with web; otherwise it is written to standard " +
      "output. The page is self-contained.",
    examples: [
      { line: "tsprof weblist Price ./server cpu.pprof", meaning: "opens in a browser" },
      { line: "tsprof weblist -output=price.html Price cpu.pprof", meaning: "writes a file" },
    ],
  },
  {
    kind: "report",
    name: "traces",
    summary: "Every sample with its stack and labels",
    description:
      "Prints the samples one by one: labels, value, and the stack from the leaf to the root.",
    examples: [
      { line: "tsprof traces cpu.pprof", meaning: "all samples" },
      { line: "tsprof traces -focus=Lock mutex.pprof", meaning: "samples with Lock on the stack" },
    ],
  },
  {
    kind: "report",
    name: "folded",
    isUntrimmed: true,
    summary: "One stack per line, for flame graph tools: main;work;leaf 42",
    description:
      "Writes one line per stack, root first, followed by its value, as flamegraph.pl, inferno " +
      "and speedscope read it. Equal stacks share a line. Lines are sorted by name, and none is " +
      "trimmed. Values are whole numbers in the profile's unit, whatever -unit says (-divide_by " +
      "rounds towards zero); stacks with the value 0 are left out. With -diff_base each line " +
      "has two values, before and after, for difference flame graphs; with -base it has the " +
      "difference, which may be negative. In names ; becomes :, a line break becomes a blank, " +
      "and a blank before a number at the end becomes _.",
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
    summary: "Labels (tags) of the samples, with the cost of each value",
    description:
      "Lists each label with its values, and for each value the cost of the samples that have " +
      "it.",
    examples: [
      { line: "tsprof tags cpu.pprof", meaning: "all labels" },
      { line: "tsprof tags -tagshow=tenant cpu.pprof", meaning: "one label" },
    ],
  },
  {
    kind: "report",
    name: "comments",
    summary: "Comments stored in the profile",
    description:
      "Prints the comments that the profile's producers and -add_comment stored in the profile.",
    examples: [{ line: "tsprof comments cpu.pprof", meaning: "" }],
  },
  {
    kind: "report",
    name: "raw",
    isUntrimmed: true,
    granularity: "addresses",
    separatesBinaries: true,
    summary: "The whole profile as text",
    description:
      "Prints the samples, locations and mappings of the profile as text, after filters.",
    examples: [{ line: "tsprof raw cpu.pprof", meaning: "" }],
  },
  {
    kind: "report",
    name: "proto",
    isUntrimmed: true,
    granularity: "addresses",
    fileEnding: ".pb.gz",
    summary: "The profile itself, merged, filtered or compared, as profile.proto",
    description:
      "Writes the profile in profile.proto format, gzipped, after merging, comparing and " +
      "filters. The same input gives the same bytes.",
    examples: [
      { line: "tsprof proto a.pprof b.pprof -output ab.pb.gz", meaning: "merge two profiles" },
      {
        line: "tsprof proto -tagfocus=tenant=acme all.pprof > acme.pb.gz",
        meaning: "samples with a label",
      },
    ],
  },
  {
    kind: "report",
    name: "convert",
    isUntrimmed: true,
    granularity: "addresses",
    separatesBinaries: true,
    fileEnding: ".pb.gz",
    summary: "The profile in another format: pprof, folded, speedscope, cpuprofile, callgrind",
    description:
      "Writes the profile, after merging, comparing and filters, in the format that -to names: " +
      "pprof (profile.proto, gzipped, as proto writes it), folded, speedscope, cpuprofile (for " +
      "Chrome's tools) or callgrind. All formats but pprof contain only one sample type, the " +
      "one that -sample_index selects, and no labels. Every tsprof command reads these formats, " +
      "gzipped or not: profile.proto, V8's .cpuprofile and .heapprofile, Chrome traces, perf " +
      "script, speedscope, callgrind and folded stacks.",
    examples: [
      { line: "tsprof convert app.cpuprofile > app.pb.gz", meaning: "for tools that read pprof" },
      { line: "tsprof convert -to speedscope -output cpu.json cpu.pprof", meaning: "" },
      { line: "tsprof convert -to cpuprofile cpu.pprof > cpu.cpuprofile", meaning: "for Chrome" },
    ],
  },
  {
    kind: "report",
    name: "topproto",
    nodeCount: 0,
    fileEnding: ".pb.gz",
    summary: "The rows of top, as profile.proto",
    description:
      "Writes the rows of top as a small profile: one sample per row, with the values cum and " +
      "flat.",
    examples: [{ line: "tsprof topproto cpu.pprof > top.pb.gz", meaning: "" }],
  },
  {
    kind: "report",
    name: "dot",
    summary: "The call graph in Graphviz's language",
    description:
      "Writes the call graph as text for Graphviz's tools: the most important functions, the " +
      "calls between them, and the labels of their samples. Large boxes have a high flat, red " +
      "boxes a high cum; dotted lines pass through functions that are not shown.",
    examples: [
      { line: "tsprof dot cpu.pprof > cpu.dot", meaning: "the top 80 functions" },
      {
        line: "tsprof dot -call_tree -nodecount=40 cpu.pprof",
        meaning: "each function once per call path",
      },
      { line: "tsprof dot -focus=Encode heap.pprof", meaning: "samples with Encode" },
    ],
  },
  {
    kind: "report",
    name: "svg",
    fileEnding: ".svg",
    summary: "The call graph as an SVG picture, with zoom and search in browsers",
    description:
      "Draws the call graph as SVG. No other program is needed. In a browser the picture can be " +
      "dragged, zoomed and searched, and it shows the callers of a function; other viewers show " +
      "a still picture. Large boxes have a high flat, red boxes a high cum; dotted lines pass " +
      "through functions that are not shown.",
    examples: [
      { line: "tsprof svg cpu.pprof > cpu.svg", meaning: "the top 80 functions" },
      {
        line: "tsprof svg -focus=Encode -output encode.svg heap.pprof",
        meaning: "samples with Encode",
      },
      { line: "tsprof svg -diff_base old.pprof new.pprof > diff.svg", meaning: "what changed" },
    ],
  },
  {
    kind: "report",
    name: "png",
    fileEnding: ".png",
    summary: "The call graph as a PNG image",
    description:
      "Draws the same graph as svg, in pixels on a white background. No other program is " +
      "needed.",
    examples: [
      { line: "tsprof png cpu.pprof > cpu.png", meaning: "" },
      {
        line: "tsprof png -nodecount=20 cpu.pprof > cpu.png",
        meaning: "small enough for a document",
      },
    ],
  },
  {
    kind: "report",
    name: "pdf",
    fileEnding: ".pdf",
    summary: "The call graph as a PDF document of one page",
    description:
      "Draws the same graph as svg, on one page as large as the graph, with searchable text. No " +
      "other program is needed. The same input gives the same bytes.",
    examples: [{ line: "tsprof pdf cpu.pprof > cpu.pdf", meaning: "" }],
  },
  {
    kind: "report",
    name: "ps",
    fileEnding: ".ps",
    summary: "The call graph as PostScript (needs Graphviz)",
    description: "Draws the call graph as PostScript. Graphviz must be installed.",
    examples: [{ line: "tsprof ps cpu.pprof > cpu.ps", meaning: "" }],
  },
  {
    kind: "report",
    name: "gif",
    fileEnding: ".gif",
    summary: "The call graph as a GIF image (needs Graphviz)",
    description:
      "Draws the call graph as a GIF image. Graphviz must be installed; png needs no other " +
      "program.",
    examples: [{ line: "tsprof gif cpu.pprof > cpu.gif", meaning: "" }],
  },
  {
    kind: "report",
    name: "callgrind",
    isUntrimmed: true,
    granularity: "addresses",
    separatesBinaries: true,
    fileEnding: ".out",
    summary: "The call graph in callgrind's format, for kcachegrind and qcachegrind",
    description: "Writes the call graph in callgrind's format, with addresses and lines.",
    examples: [{ line: "tsprof callgrind cpu.pprof > callgrind.out", meaning: "" }],
  },
  {
    kind: "report",
    name: "flame",
    aliases: ["flamegraph"],
    isUntrimmed: true,
    separatesFiles: true,
    fileEnding: ".svg",
    summary: "A flame graph with zoom and search, as one SVG file",
    description:
      "Writes a flame graph. The width of a box is the cum of a function; its callees are drawn " +
      "below it. Open the file in a browser to zoom (click), search (/), turn it upside down, " +
      "or invert it so that it starts at the leaves; ? lists the keys. The file is " +
      "self-contained.",
    examples: [
      { line: "tsprof flame cpu.pprof > flame.svg", meaning: "" },
      { line: "tsprof flame -diff_base old.pprof new.pprof > diff.svg", meaning: "what changed" },
      {
        line: "tsprof flame -focus=Encode -output encode.svg cpu.pprof",
        meaning: "samples with Encode",
      },
    ],
  },
  {
    kind: "report",
    name: "html",
    fileEnding: ".html",
    summary: "The web interface with the profile in it, as one HTML file",
    description:
      "Writes everything that serve shows into one file: flame graph, call graph, tables, and " +
      "the source files found on this machine. The file opens in any browser, without a server " +
      "and without network access. It always contains the whole profile: filters are preset, " +
      "and can be cleared in the page. It contains no machine code.",
    examples: [
      { line: "tsprof html -output report.html cpu.pprof", meaning: "to keep, or to send" },
      { line: "tsprof html -diff_base old.pprof new.pprof > diff.html", meaning: "what changed" },
      {
        line: "tsprof html -embed_sources=false cpu.pprof > report.html",
        meaning: "without source files",
      },
    ],
  },
  {
    kind: "viewer",
    name: "web",
    shows: "svg",
    summary: "The call graph in a browser",
    description:
      "Draws the call graph as SVG and opens it in a browser: one of the commands in the " +
      `variable BROWSER (separated by :), or else an installed browser. ${NOT_DELETED}`,
    examples: [{ line: "tsprof web cpu.pprof", meaning: "the most important functions" }],
  },
  {
    kind: "viewer",
    name: "eog",
    shows: "svg",
    summary: "The call graph in Eye of GNOME",
    description: `Draws the call graph as SVG and opens it with eog. ${NOT_DELETED}`,
    examples: [{ line: "tsprof eog cpu.pprof", meaning: "" }],
  },
  {
    kind: "viewer",
    name: "evince",
    shows: "pdf",
    summary: "The call graph in evince",
    description: `Draws the call graph as PDF and opens it with evince. ${NOT_DELETED}`,
    examples: [{ line: "tsprof evince cpu.pprof", meaning: "" }],
  },
  {
    kind: "viewer",
    name: "gv",
    shows: "ps",
    summary: "The call graph in gv",
    description: `Draws the call graph as PostScript and opens it with gv. ${NOT_DELETED}`,
    examples: [{ line: "tsprof gv cpu.pprof", meaning: "" }],
  },
  {
    kind: "viewer",
    name: "kcachegrind",
    shows: "callgrind",
    summary: "The call graph in kcachegrind or qcachegrind",
    description:
      "Writes the same file as callgrind and opens it with kcachegrind, or with qcachegrind if " +
      `only that is installed. ${NOT_DELETED}`,
    examples: [{ line: "tsprof kcachegrind cpu.pprof", meaning: "" }],
  },
  {
    kind: "serve",
    name: "serve",
    summary: "All reports in a browser, with a flame graph and a call graph",
    description:
      "Opens the web interface on the profiles, and runs until Ctrl-C. It listens on localhost " +
      "unless -http names another address. pprof's spelling is tsprof -http=:8080 FILE.",
    examples: [
      { line: "tsprof serve cpu.pprof", meaning: "opens a browser, on a free port" },
      { line: "tsprof serve -http=:8080 -no_browser cpu.pprof", meaning: "on a fixed port" },
      { line: "tsprof -http=:8080 cpu.pprof", meaning: "pprof's spelling" },
      { line: "tsprof serve -diff_base old.pprof new.pprof", meaning: "what changed" },
    ],
  },
  {
    kind: "diff",
    name: "diff",
    summary: "Functions that changed beyond noise between two or more profiles, with gates for CI",
    description:
      "Compares the flat and the cum of each function in the base and in the new profile. With " +
      "several profiles on each side (4 or more), each from one run, a change is called real if " +
      "it exceeds the variation between runs of the same program. With one profile on each " +
      "side, it is called real if it exceeds the sampling error. With rules (-fail_on) the exit " +
      "code is 3 if a rule is broken, and 4 if a rule tests nothing, such as one that names an " +
      "unknown function.",
    examples: [
      { line: "tsprof diff old.pprof new.pprof", meaning: "what changed" },
      { line: "tsprof diff -base a1 -base a2 b1 b2", meaning: "several runs on each side" },
      { line: "tsprof diff -fail_on='cum>5%' old.pprof new.pprof", meaning: "a gate for CI" },
      { line: "tsprof diff -format=markdown old.pprof new.pprof", meaning: "for a review comment" },
    ],
  },
  {
    kind: "task",
    name: "info",
    operands: "<source>...",
    summary: "Contents of a profile: types, totals, size, labels, and what is missing",
    description:
      "Describes each file: its format, its sample types with their units and totals, when it " +
      "was collected and for how long, the number of samples, stacks, functions and binaries, " +
      "its labels, the program that probably wrote it, and what is missing. Unreadable files " +
      "are reported on standard error, and the exit code is 1.",
    examples: [
      { line: "tsprof info cpu.pprof", meaning: "one profile" },
      { line: "tsprof info -format=json *.pb.gz", meaning: "several, as JSON" },
      { line: "tsprof info http://localhost:6060/debug/pprof/heap", meaning: "from a server" },
    ],
  },
  {
    kind: "task",
    name: "merge",
    operands: "<source>[:weight]...",
    summary: "The sum of several profiles, each with an optional weight",
    description:
      "Adds profiles up and writes the sum. A weight after the file name, as in cpu.pprof:0.3, " +
      "multiplies all values of that file. The rounding error of a value is carried to the next " +
      "one, so that totals are exact to half a unit. If a file of exactly that name exists, " +
      "colon included, it is read without a weight.",
    examples: [
      { line: "tsprof merge -output all.pb.gz a.pb.gz b.pb.gz", meaning: "the sum" },
      { line: "tsprof merge -output mix.pb.gz a.pb.gz:0.3 b.pb.gz:0.7", meaning: "a weighted sum" },
    ],
  },
  {
    kind: "task",
    name: "pgo",
    aliases: ["trim"],
    operands: "<source>[:weight]...",
    summary: "A small default.pgo for Go's compiler, made from CPU profiles",
    description:
      "Writes the calls at the leaf end of a CPU profile's stacks with their weights, for go " +
      "build -pgo. Go's compiler uses nothing more of a profile, so labels, addresses, files " +
      "and whole stacks are left out, and the lightest calls too. The weights equal the sums " +
      "that the compiler would compute from the whole profile.",
    examples: [
      { line: "tsprof pgo -output default.pgo cpu.pprof", meaning: "99.9 % of the weight" },
      { line: "tsprof pgo -keep=1 -output default.pgo a.pprof b.pprof", meaning: "every call" },
    ],
  },
  {
    kind: "task",
    name: "leak",
    operands: "SOURCE [AFTER]",
    argument: {
      name: "SOURCE",
      summary: "a server with heap profiles, or two heap profiles of the same process",
      usage: "tsprof leak localhost:6060, or: tsprof leak -pid PID",
    },
    insteadOfOperands: "pid",
    summary: "Which functions allocate memory that is never freed",
    description:
      "Takes two heap profiles of a server or a Node process (-pid), -seconds apart (default 30) " +
      "and each after a garbage collection. Shows by allocating function how much memory was " +
      "allocated meanwhile and stays in use, how much was freed, and the noise of the sampling; " +
      "a * marks growth beyond chance. Writes the growth to leak001.pb.gz or to -output, which " +
      "all reports read. -seconds should be longer than requests, sessions and caches live.",
    examples: [
      { line: "tsprof leak localhost:6060", meaning: "a server of tsprof/http, or of Go" },
      { line: "tsprof leak -pid 4711 -seconds 120", meaning: "a Node process, for 2 minutes" },
      { line: "tsprof leak before.pb.gz after.pb.gz", meaning: "two heap profiles" },
      { line: "tsprof flame leak001.pb.gz", meaning: "the saved growth as a flame graph" },
    ],
  },
  {
    kind: "task",
    name: "record",
    operands: "-- node app.js...",
    argument: {
      name: "program",
      summary: "the program to run and its arguments, after --",
      usage: "tsprof record -- node app.js, or: tsprof record -pid PID",
    },
    insteadOfOperands: "pid",
    summary: "Profile a Node program: run it, or attach to a running process (-pid)",
    description:
      "Runs a program under V8's CPU profiler, or its heap profiler with -heap or -allocs, or " +
      "both with -cpu -heap. Writes the profile to cpu001.pb.gz (heap001.pb.gz, allocs001.pb.gz) or to -output, and " +
      "shows its top functions at the end. Workers and child processes of Node are included; " +
      "the labels pid, process and thread identify them. The program keeps its input and " +
      "output, receives its signals as usual, and its exit code is passed on; messages from " +
      "tsprof go to standard error. With -seconds the program is sent SIGTERM after that time. With -pid running processes are " +
      "profiled for -seconds, or until Ctrl-C, and keep running afterwards: 4711,4712 are two, " +
      "and 4711+ is one with all processes below it.",
    examples: [
      { line: "tsprof record -- node app.js", meaning: "until it exits" },
      {
        line: "tsprof record -seconds 30 -output app.pb.gz -- node app.js",
        meaning: "for 30 seconds",
      },
      { line: "tsprof record -heap -- node app.js", meaning: "memory at the end" },
      { line: "tsprof record -cpu -heap -html -- node app.js", meaning: "both, in a browser" },
      { line: "tsprof record -- npx vitest run", meaning: "tests and workers" },
      { line: "tsprof record -pid 4711 -seconds 10", meaning: "a running process" },
    ],
  },
  {
    kind: "tool",
    name: "completion",
    operand: "shell",
    summary: "A completion script for a shell",
  },
  {
    kind: "tool",
    name: "help",
    operand: "command",
    summary: "Explain a command and its options",
  },
  {
    kind: "tool",
    name: "version",
    summary: "Print the version",
  },
] as const satisfies readonly CommandSpec[];
