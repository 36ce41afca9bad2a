/** The declaration of a command. By default it has no aliases, and a report shows 80 rows. */
export type CommandSpec =
  | Declared<ReportSpec, "aliases" | "nodeCount">
  | Declared<ViewerSpec, "aliases">
  | Declared<OptionTakerSpec, "aliases">
  | Declared<TaskSpec, "aliases">
  | Declared<ToolSpec, "aliases">;

type Declared<Spec, Optional extends keyof Spec> = Omit<Spec, Optional> &
  Partial<Pick<Spec, Optional>>;

interface Common {
  readonly name: string;
  readonly aliases: readonly string[];
  /** One line for lists of commands. */
  readonly summary: string;
}

interface Reading extends Common {
  /** A few sentences for `tsprof help NAME`. */
  readonly description: string;
  readonly examples: readonly { readonly line: string; readonly meaning: string }[];
}

/** A report: `tsprof NAME`, or `tsprof -NAME` as in pprof. */
export interface ReportSpec extends Reading {
  readonly kind: "report";
  /** The operand before the sources (`tsprof peek REGEX FILE`, `-peek=REGEX`). */
  readonly parameter?: "REGEX";
  /** The maximum number of rows if `-nodecount` is not given; 0 for all. */
  readonly nodeCount: 0 | 80;
  /** Whether the report is never trimmed: it ignores `-nodecount` and the fractions. */
  readonly isUntrimmed?: true;
  /** The granularity of the rows, if the report ignores `-granularity`. */
  readonly granularity?: "lines" | "addresses";
  /** Whether inlined calls count for their callers, if the report ignores `-noinlines`. */
  readonly noInlines?: boolean;
  /** Whether functions with the same name in different binaries are different functions. */
  readonly separatesBinaries?: true;
  /** Whether functions with the same name in different files are different functions. */
  readonly separatesFiles?: true;
  /** The viewer that shows the report on a terminal. */
  readonly terminalViewer?: "weblist";
  /** The file extension, for formats that a terminal cannot show: the report goes to a file. */
  readonly fileEnding?: ".pb.gz" | ".out" | ".svg" | ".html" | ".png" | ".pdf" | ".ps" | ".gif";
}

/** A command that makes a report and opens it in another program. */
interface ViewerSpec extends Reading {
  readonly kind: "viewer";
  readonly shows: string;
}

/** A command with the options of reports that makes no single report: `serve` and `diff`. */
export interface OptionTakerSpec extends Reading {
  readonly kind: "serve" | "diff";
}

/** A command that makes no report: it describes, merges, trims or records profiles. */
export interface TaskSpec extends Reading {
  readonly kind: "task";
  /** The operands, as the usage line shows them. */
  readonly operands: string;
  /** The operand and a usage example, if the operand is not a profile. */
  readonly argument?: { readonly name: string; readonly summary: string; readonly usage: string };
  /** The option that makes operands unnecessary. */
  readonly insteadOfOperands?: string;
}

/** A command that reads no profile. */
export interface ToolSpec extends Common {
  readonly kind: "tool";
  /** The operand: the name of a command or of a shell. */
  readonly operand?: "command" | "shell";
}
