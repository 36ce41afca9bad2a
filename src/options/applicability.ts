import { type Command, ownerOf, type ReportName } from "./commands.js";
import type { OptionSpec } from "./spec.js";
import { OPTIONS, SAMPLE_SHORTHANDS, type SampleShorthand } from "./table.js";

/** A command that takes the options of reports. */
type Taker = ReportName | "serve" | "diff";

type OptionName = (typeof OPTIONS)[number]["name"];

/** Which commands an option does something in: only in some, or in all except some. */
interface Rule {
  readonly only?: readonly Taker[];
  readonly except?: readonly Taker[];
  /** Set for options that pprof does not have: other commands refuse them. */
  readonly isOwn?: true;
}

/** Call graphs, as text and as pictures. */
const GRAPHS = ["dot", "svg", "png", "pdf", "ps", "gif"] as const;

/** Commands that hold the other reports, so that their options matter there. */
const INTERFACES = ["serve", "html"] as const;

/** Reports on whole profiles, addresses and lines: their rows are fixed. */
const FIXED_ROWS = [
  "list",
  "disasm",
  "weblist",
  "tags",
  "comments",
  "raw",
  "proto",
  "convert",
  "callgrind",
] as const;

/** Reports that pprof does not have. */
const OWN_COMMANDS: ReadonlySet<string> = new Set(["flame", "folded", "convert", "html"]);

/** Reports that print every value of the profile as it is stored. */
const STORED_VALUES = ["comments", "raw", "proto"] as const;

const FILTERED: Rule = { except: ["comments"] };
const WITH_LABELS: Rule = {
  only: ["tags", "traces", "raw", "proto", "convert", "flame", ...GRAPHS, ...INTERFACES],
};
const LABEL_FRAMES: Rule = { except: ["comments", "tags"] };
const WITH_ROWS: Rule = { except: FIXED_ROWS };
const WITH_PATHS: Rule = { except: ["comments", "tags", "raw", "proto", "convert"] };
const WITH_DATA: Rule = { only: ["top", "tree", "peek", "list", "tags", "traces", "diff"] };
const TRIMMED: Rule = {
  only: ["top", "tree", "topproto", "tags", ...GRAPHS, ...INTERFACES, "diff"],
};

/**
 * THE list of options that matter in some commands only. Help, completion and the check of the
 * command line follow it. An option without a rule matters in every command that takes the
 * options of reports; commands on files list theirs in the command table, and an option of a
 * group with an owner is for that command.
 */
const RULES: Partial<Record<OptionName, Rule>> = {
  diff_base: { except: ["diff"] },
  sample_index: { except: STORED_VALUES },
  mean: { except: STORED_VALUES },
  divide_by: { except: ["comments", "raw", "callgrind", "diff"] },
  drop_negative: {
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
  relative_percentages: {
    except: ["comments", "folded", "raw", "proto", "convert", "topproto", "callgrind", "diff"],
  },
  focus: FILTERED,
  ignore: FILTERED,
  show: FILTERED,
  hide: FILTERED,
  show_from: FILTERED,
  prune_from: LABEL_FRAMES,
  noinlines: { except: ["comments", "tags", "disasm", "weblist"] },
  all_frames: { ...FILTERED, isOwn: true },
  source_maps: { ...FILTERED, isOwn: true },
  tagfocus: FILTERED,
  tagignore: FILTERED,
  tagshow: WITH_LABELS,
  taghide: WITH_LABELS,
  tagroot: LABEL_FRAMES,
  tagleaf: LABEL_FRAMES,
  granularity: WITH_ROWS,
  showcolumns: WITH_ROWS,
  call_tree: { only: [...GRAPHS, "callgrind", ...INTERFACES] },
  sort: { only: ["top", "tree", "peek", "topproto", "callgrind", ...INTERFACES, "diff"] },
  nodecount: TRIMMED,
  nodefraction: TRIMMED,
  edgefraction: { only: ["top", "tree", ...GRAPHS, ...INTERFACES] },
  trim: TRIMMED,
  unit: { except: ["comments", "folded", "raw", "proto", "convert"] },
  compact_labels: { only: ["top", "tree", "peek", "traces", "flame", ...INTERFACES] },
  format: WITH_DATA,
  csv_exact: { ...WITH_DATA, isOwn: true },
  output: { except: ["serve"] },
  to: { only: ["convert"], isOwn: true },
  embed_sources: { only: ["html"], isOwn: true },
  source_path: WITH_PATHS,
  trim_path: WITH_PATHS,
  intel_syntax: { only: ["disasm", "weblist", ...INTERFACES] },
};

/** What a command makes of an option. */
export type Applicability =
  | "applies"
  /** Accepted for the scripts of pprof's users, since pprof accepts it; it changes nothing. */
  | "ignored"
  | "refused";

/** What a command makes of an option of the table. */
export function applicabilityOf(option: OptionSpec, command: Command): Applicability {
  switch (command.kind) {
    case "tool":
      return "refused";
    case "task":
      return command.options.includes(option.name) ? "applies" : "refused";
    case "report":
    case "serve":
    case "diff": {
      const taker = command.kind === "report" ? command.report : command.kind;
      const owner = ownerOf(option.group);
      if (owner !== undefined) return owner === command.name ? "applies" : "refused";
      const rule = ruleOf(option);
      if (isFor(rule, taker)) return "applies";
      // pprof has no such command: no script of its users can give it the option.
      const isOwn = rule?.isOwn || OWN_COMMANDS.has(command.name);
      // Reports without such a form name those that have one.
      if (option.name === "format" && command.kind === "report") return "ignored";
      return isOwn || command.kind !== "report" ? "refused" : "ignored";
    }
  }
}

/** The only command that an option is for; undefined where several take it. */
export function onlyTakerOf(option: OptionSpec): string | undefined {
  const only = ruleOf(option)?.only;
  return ownerOf(option.group) ?? (only?.length === 1 ? only[0] : undefined);
}

/** The names of the options that do nothing in a command, with their choices and shorthands. */
export function idleOptions(
  command: Command,
  options: readonly OptionSpec[] = OPTIONS,
  shorthands: readonly SampleShorthand[] = SAMPLE_SHORTHANDS,
): string[] {
  const idle = options.filter((spec) => applicabilityOf(spec, command) !== "applies");
  return idle.flatMap((spec) => [
    spec.name,
    ...(spec.type === "choice" && !spec.isWritten ? spec.choices.map(({ name }) => name) : []),
    ...(spec.name === "sample_index" ? shorthands.map(({ name }) => name) : []),
  ]);
}

function ruleOf({ name }: OptionSpec): Rule | undefined {
  return (RULES as Readonly<Record<string, Rule | undefined>>)[name];
}

function isFor(rule: Rule | undefined, taker: Taker): boolean {
  if (rule?.only) return rule.only.includes(taker);
  return !rule?.except?.includes(taker);
}
