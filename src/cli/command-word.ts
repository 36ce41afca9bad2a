import { existsSync, statSync } from "node:fs";
import { type UserError, usageError } from "../errors/user-error.js";
import { applicabilityOf } from "../options/applicability.js";
import {
  type Command,
  type CommandName,
  commandNamed,
  commandSpec,
  type ReportCommand,
  reportNamed,
} from "../options/commands.js";
import { OPTIONS } from "../options/table.js";
import { STDIN } from "../platform/files/input.js";
import { shownWord } from "./shown-word.js";

export interface CommandWords {
  /** Undefined if no word names a command. */
  readonly command: Command | undefined;
  /** The pattern of a command such as `peek`. */
  readonly parameter: string | undefined;
  /** The number of rows, as in the shell: `top 10`. */
  readonly rows: string | undefined;
  /** The other operands, in order. */
  readonly operands: readonly string[];
}

/** A command line, split into operands and reports. */
export interface SplitArgs {
  readonly argv: readonly string[];
  readonly operands: readonly string[];
  /** The reports that are options, such as `-top`, with their patterns. */
  readonly reports: ReadonlyMap<CommandName, string | undefined>;
}

/**
 * Finds the command, its pattern and the sources. The command comes first. `FILE top` and
 * `peek FILE REGEX` work too, unless a file has the name of the command or the text of the
 * pattern. Throws a {@link UserError} for two commands.
 */
export function findCommand(args: SplitArgs): CommandWords {
  const names = [...args.reports.keys()];
  if (names.length > 1) {
    throw usageError(
      `only one report is possible at a time; leave out -${names.slice(1).join(" and -")}`,
    );
  }
  const [report] = names;
  const at = commandIndex(args.operands);
  const found = at < 0 ? undefined : wordNamed(args.operands[at]);
  switch (found?.command.kind) {
    case "serve":
      refuseReport(
        "the web interface shows all reports",
        report ?? reportNamed(args.operands[at + 1] ?? "")?.name,
      );
      break;
    case "diff":
    case "task":
      refuseReport(`${found.command.name} does not make reports`, report);
      break;
    case "report":
    case "tool":
    case undefined:
      if (report !== undefined) return withReportOption(report, args);
      break;
  }
  if (found === undefined) {
    return { command: undefined, parameter: undefined, rows: undefined, operands: args.operands };
  }
  return withCommandWord(found, at, args);
}

/** If a report is an option, such as `-svg`, all operands are sources, even names of commands. */
function withReportOption(report: CommandName, args: SplitArgs): CommandWords {
  const { argv, operands, reports } = args;
  const command = commandSpec(report);
  const parameter = reports.get(report);
  let sources = operands;
  if (operands.length > 1) {
    const other = operands.find((word) => reportNamed(word) !== undefined && !isFile(word));
    if (other !== undefined && reportNamed(other)?.name !== report) {
      throw twoReports(argv, other, report);
    }
    // The command line has the report twice, as an option and as a word.
    if (other !== undefined) sources = without(operands, operands.indexOf(other));
  }
  return { command, parameter, rows: undefined, operands: sources };
}

function withCommandWord({ command, rows }: Word, at: number, args: SplitArgs): CommandWords {
  const before = args.operands.slice(0, at);
  const after = args.operands.slice(at + 1);
  const rest = [...before, ...after];
  if (command.kind === "tool") return { command, parameter: undefined, rows, operands: rest };
  if (rest.length === 1 && rest[0] === "help" && !isFile("help")) {
    const help = commandNamed("help");
    return { command: help, parameter: undefined, rows: undefined, operands: [command.name] };
  }
  if (command.kind !== "report") return { command, parameter: undefined, rows, operands: rest };
  // The pattern is the word after the command, wherever the command is.
  if (command.parameter !== undefined) {
    return { ...takePattern(command, [...after, ...before]), rows };
  }
  const other = rest.find((word) => reportNamed(word) !== undefined && !isFile(word));
  if (other !== undefined && rest.length > 1) {
    throw twoReports(args.argv, args.operands[at], other);
  }
  const count = rows === undefined && takesRows(command) ? rest.findIndex(isRowCount) : -1;
  if (count < 0 || rest.length === 1)
    return { command, parameter: undefined, rows, operands: rest };
  return { command, parameter: undefined, rows: rest[count], operands: without(rest, count) };
}

/** Finds the pattern: the first word, unless that is a file and exactly one other word is not. */
function takePattern(command: ReportCommand, rest: readonly string[]): Omit<CommandWords, "rows"> {
  const patterns = rest.filter((word) => !isFile(word) && !isUrl(word) && word !== STDIN);
  const isSwapped = rest.length > 1 && isFile(rest[0]) && patterns.length === 1;
  const index = isSwapped ? rest.indexOf(patterns[0]) : 0;
  return { command, parameter: rest[index], operands: without(rest, index) };
}

interface Word {
  readonly command: Command;
  readonly rows: string | undefined;
}

/** Returns the command that a word names, with the rows of `top10`. */
function wordNamed(word: string): Word | undefined {
  const command = commandNamed(word);
  if (command) return { command, rows: undefined };
  const [, stem = "", rows] = /^([a-z]+)([0-9]+)$/.exec(word) ?? [];
  const report = reportNamed(stem);
  return report && takesRows(report) && !isFile(word) ? { command: report, rows } : undefined;
}

/** Returns the index of the command: 0, or after sources if no file has its name; otherwise -1. */
function commandIndex(operands: readonly string[]): number {
  if (operands.length === 0) return -1;
  if (wordNamed(operands[0])) return 0;
  if (!isSource(operands[0])) return -1;
  return operands.findIndex((word) => {
    const command = wordNamed(word)?.command;
    return command !== undefined && readsProfiles(command) && !isFile(word);
  });
}

/** Whether a command may follow its profiles. */
function readsProfiles({ kind, name }: Command): boolean {
  return kind !== "tool" && name !== "record";
}

const NODECOUNT = OPTIONS.find(({ name }) => name === "nodecount");

function takesRows(command: Command): boolean {
  return NODECOUNT !== undefined && applicabilityOf(NODECOUNT, command) === "applies";
}

function isRowCount(word: string): boolean {
  return /^[0-9]{1,6}$/.test(word) && !isFile(word);
}

/** Whether a word looks like a source, rather than a misspelt command. */
export function isSource(word: string): boolean {
  return word === STDIN || /[./:\\]/.test(word) || existsSync(word);
}

function isFile(word: string): boolean {
  // existsSync never throws, so statSync gets only names that exist.
  return existsSync(word) && !statSync(word, { throwIfNoEntry: false })?.isDirectory();
}

function isUrl(word: string): boolean {
  return /^[a-z+]+:\/\//i.test(word);
}

function without(words: readonly string[], index: number): string[] {
  return words.filter((_, i) => i !== index);
}

function refuseReport(why: string, report: string | undefined): void {
  if (report !== undefined) throw usageError(`${why}; leave out ${report}`);
}

/** Returns the error for a command line with two reports, each a word or an option. */
function twoReports(argv: readonly string[], one: string, other: string): UserError {
  const lines = [other, one].map((name) => {
    const index = argv.indexOf(name);
    const at = index < 0 ? argv.findIndex((word) => isOption(word, name)) : index;
    // Omit `-peek REGEX` together with its pattern.
    const takesNext = index < 0 && !argv[at].includes("=") && reportNamed(name)?.parameter;
    return `tsprof ${argv
      .toSpliced(at, takesNext ? 2 : 1)
      .map(shownWord)
      .join(" ")}`;
  });
  return usageError(
    `the command line has two reports, ${one} and ${other}; try: ${lines[0]}, or: ${lines[1]}`,
  );
}

function isOption(word: string, name: string): boolean {
  return reportNamed(word.replace(/^--?|=.*$/g, ""))?.name === name && word.startsWith("-");
}
