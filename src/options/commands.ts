import type { OptionTakerSpec, ReportSpec, TaskSpec, ToolSpec } from "./command-spec.js";
import { COMMAND_TABLE } from "./command-table.js";

export type { OptionTakerSpec, ReportSpec } from "./command-spec.js";

type Entry = (typeof COMMAND_TABLE)[number];
type NamesOf<Kind extends Entry["kind"]> = Extract<Entry, { readonly kind: Kind }>["name"];

export type ReportName = NamesOf<"report">;
type ViewerCommand = NamesOf<"viewer">;
/** The commands that make a report. */
export type CommandName = ReportName | ViewerCommand;
/** A program that shows a report: a viewer command, or the report itself on a terminal. */
export type ViewerName = ViewerCommand | NonNullable<ReportSpec["terminalViewer"]>;
export type TaskName = NamesOf<"task">;

export type ReportCommand = ReportSpec & {
  readonly name: CommandName;
  /** The report that the command makes: itself, or the report that a viewer shows. */
  readonly report: ReportName;
};
export type TaskCommand = TaskSpec & { readonly name: TaskName };
export type ToolCommand = ToolSpec & { readonly name: NamesOf<"tool"> };

/** A command. Viewers are report commands too. */
export type Command = ReportCommand | OptionTakerSpec | TaskCommand | ToolCommand;

export const COMMANDS: readonly Command[] = COMMAND_TABLE.map(toCommand);

export const REPORT_COMMANDS: readonly ReportCommand[] = COMMANDS.filter(
  (command) => command.kind === "report",
);

function toCommand(entry: Entry): Command {
  switch (entry.kind) {
    case "report":
      return { aliases: [], nodeCount: 80, ...entry, report: entry.name };
    case "viewer": {
      const { shows, ...viewer } = entry;
      const report = COMMAND_TABLE.find((other) => other.kind === "report" && other.name === shows);
      if (report?.kind !== "report") throw new Error(`no report ${shows}`);
      const { name, ...rest } = report;
      return { nodeCount: 80, ...rest, ...viewer, aliases: [], kind: "report", report: name };
    }
    default:
      return { aliases: [], ...entry };
  }
}

export function viewerOf({ name }: ReportCommand): ViewerName | undefined {
  for (const entry of COMMAND_TABLE) {
    if (entry.kind === "viewer" && entry.name === name) return entry.name;
  }
  return undefined;
}

export function commandSpec(name: CommandName): ReportCommand {
  const spec = reportNamed(name);
  if (!spec) throw new Error(`no command ${name}`);
  return spec;
}

const commandsByWord: ReadonlyMap<string, Command> = new Map(
  COMMANDS.flatMap((spec) => [spec.name, ...spec.aliases].map((word) => [word, spec] as const)),
);

export function commandNamed(word: string): Command | undefined {
  return commandsByWord.get(word);
}

export function reportNamed(word: string): ReportCommand | undefined {
  const command = commandsByWord.get(word);
  return command?.kind === "report" ? command : undefined;
}
