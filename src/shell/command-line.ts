import { UserError } from "../errors/user-error.js";
import { REPORT_COMMANDS, type ReportCommand, reportNamed } from "../options/commands.js";
import { OPTIONS, type Options } from "../options/table.js";
import { nearest } from "./nearest.js";
import { type Assignment, isVariable, readAssignment, VARIABLES } from "./variables.js";
import { SHELL_WORDS, shellWordNamed } from "./words.js";

/** An error in a line that was typed into the shell. */
export class ShellError extends UserError {
  override name = "ShellError";

  constructor(
    message: string,
    /** A second line for people at a terminal, which pprof does not print; may be empty. */
    readonly hint = "",
  ) {
    super(message, { code: "usage" });
  }
}

/** A parsed line of the shell. */
export type ShellCommand =
  | { readonly kind: "nothing" | "options" | "quit" }
  | { readonly kind: "help"; readonly topic: string }
  | { readonly kind: "configs"; readonly words: readonly string[] }
  | { readonly kind: "assign"; readonly assignment: Assignment }
  | {
      readonly kind: "report";
      readonly command: ReportCommand;
      readonly parameter: string | undefined;
      readonly arguments: ReportArguments;
    };

/** The words after the name of a report. They apply to that report only. */
export interface ReportArguments {
  readonly nodeCount: number | undefined;
  readonly sortsByCum: boolean;
  /** Alternatives of a regular expression; may be empty. */
  readonly focus: string;
  readonly ignore: string;
  /** The output file; may be empty. */
  readonly output: string;
}

/**
 * Parses an assignment to a variable, or a command, with pprof's language and messages. `//` after
 * a blank begins a comment; in assignments `//:` does so anywhere. Throws a {@link ShellError}.
 */
export function parseLine(line: string): ShellCommand {
  const text = withoutComment(line);
  const assignment = readAssignment(text);
  if (assignment) return { kind: "assign", assignment };
  const [name, ...words] = text.split(/\s+/).filter((word) => word !== "");
  if (name === undefined) return { kind: "nothing" };
  switch (shellWordNamed(name)?.name) {
    case "options":
      return { kind: "options" };
    case "quit":
      return { kind: "quit" };
    case "help":
      return { kind: "help", topic: words.join(" ") };
    case "config":
      return { kind: "configs", words };
    case undefined:
      return parseReport(name, words);
  }
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s)\/\/.*$/s, "").trim();
}

function parseReport(name: string, words: readonly string[]): ShellCommand {
  const { command, rest } = findReport(name, words);
  if (!command.parameter) {
    return { kind: "report", command, parameter: undefined, arguments: parseArguments(rest) };
  }
  const [parameter, ...others] = rest;
  if (parameter === undefined) throw new ShellError(`command ${name} requires an argument`);
  return { kind: "report", command, parameter, arguments: parseArguments(others) };
}

/** `top10` is short for `top 10`. */
function findReport(
  name: string,
  words: readonly string[],
): { command: ReportCommand; rest: readonly string[] } {
  const whole = reportNamed(name);
  if (whole) return { command: whole, rest: words };
  const [, stem = name, digits = ""] = /^(.*?[^0-9])([0-9]+)$/.exec(name) ?? [];
  const rest = digits === "" ? words : [digits, ...words];
  const command = reportNamed(stem);
  if (command) return { command, rest };
  if (isVariable(stem)) throw new ShellError(`did you mean: ${stem}=${rest[0] ?? "<val>"}`);
  throw new ShellError(`unrecognized command: ${JSON.stringify(stem)}`, hintFor(stem));
}

/** Returns a hint about an unknown word; may be empty. */
function hintFor(word: string): string {
  const [name] = word.split("=", 1);
  if (OPTIONS.some((spec) => spec.name === name)) {
    return `${name} applies when profiles are read: start tsprof with -${name}`;
  }
  const variables = VARIABLES.flatMap((spec) =>
    spec.type === "choice" ? [spec.name, ...spec.choices.map(({ name }) => name)] : [spec.name],
  );
  const near = nearest(name, [
    ...REPORT_COMMANDS.flatMap((spec) => [spec.name, ...spec.aliases]),
    ...SHELL_WORDS.map((word) => word.name),
    ...variables,
  ]);
  return near === undefined ? "" : `did you mean ${near}?`;
}

/** The limit of numbers in pprof: 32 bits with a sign. */
const MAX_COUNT = 2 ** 31;

function parseArguments(words: readonly string[]): ReportArguments {
  let nodeCount: number | undefined;
  let sortsByCum = false;
  const focus: string[] = [];
  const ignore: string[] = [];
  let output = "";
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (/^[+-]?[0-9]+$/.test(word) && Number(word) >= -MAX_COUNT && Number(word) < MAX_COUNT) {
      nodeCount = Number(word);
    } else if (word.startsWith(">")) {
      output = word === ">" ? words[++i] : word.slice(1);
      if (output === undefined) throw new ShellError("unexpected end of line after >");
    } else if (word === "-cum" || word === "--cum") {
      sortsByCum = true;
    } else if (word.startsWith("-")) {
      ignore.push(word.slice(1));
    } else {
      focus.push(word);
    }
  }
  const either = (patterns: string[]) => patterns.filter((pattern) => pattern !== "").join("|");
  return { nodeCount, sortsByCum, focus: either(focus), ignore: either(ignore), output };
}

/** The default number of rows of `top` in the shell. */
const TOP_ROWS = 10;

/** Returns the options of the shell, changed by the words after the name of a report. */
export function withArguments(
  options: Options,
  { name }: ReportCommand,
  { nodeCount, sortsByCum, focus, ignore, output }: ReportArguments,
): Options {
  const changed = { ...options };
  if (nodeCount !== undefined) changed.nodecount = nodeCount;
  if (name === "top" && changed.nodecount === -1) changed.nodecount = TOP_ROWS;
  if (sortsByCum) changed.sort = "cum";
  if (output !== "") changed.output = output;
  // In the tags report, patterns are about tags.
  const [focused, ignored] =
    name === "tags" ? (["tagfocus", "tagignore"] as const) : (["focus", "ignore"] as const);
  if (focus !== "") changed[focused] = focus;
  if (ignore !== "") changed[ignored] = ignore;
  return changed;
}
