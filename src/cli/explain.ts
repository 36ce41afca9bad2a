import { existsSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { usageError } from "../errors/user-error.js";
import { applicabilityOf } from "../options/applicability.js";
import {
  COMMANDS,
  commandNamed,
  type OptionTakerSpec,
  type ReportCommand,
  reportNamed,
  type TaskCommand,
  type ToolCommand,
} from "../options/commands.js";
import { OPTION_GROUPS, type OptionSpec } from "../options/spec.js";
import { OPTIONS, SAMPLE_SHORTHANDS } from "../options/table.js";
import { emphasize } from "../session/show/emphasis.js";
import { stdoutScreen } from "../session/show/screen.js";
import type { NormalArgs } from "./argv.js";
import { isSource } from "./command-word.js";
import { quotePosix } from "./completion/quote.js";
import { OVERVIEW } from "./overview.js";
import { notOfRecord } from "./request.js";
import { shownWord } from "./shown-word.js";

/**
 * Answers a command line that is not a request: returns the help or the version, or throws a {@link
 * UserError} with a suggestion. Loaded only when needed, because commander loads slowly.
 */
export function explain(args: NormalArgs, version: string): string {
  const text = explanation(args, version);
  return stdoutScreen() ? withTitles(text) : text;
}

function explanation(args: NormalArgs, version: string): string {
  const { command, parameter, unknown, operands } = args;
  const words = command ? [command.name, parameter ?? [], operands].flat() : unknownFirst(operands);
  if (words[0] === "version" && unknown.length === 0) return `${version}\n`;
  let text = "";
  const program = buildProgram(version);
  for (const part of [program, ...program.commands]) {
    part.exitOverride();
    part.configureOutput({
      writeOut: (piece) => {
        text += piece;
      },
      writeErr: () => {},
    });
  }
  const options = unknown.map((name) => {
    const isKnown = command === undefined || name === "h";
    return `--${(isKnown && PROGRAM_LETTERS.get(name)) || name}`;
  });
  const isMisspelt = options.some((option) => !["--help", "--version"].includes(option));
  if (command === undefined && isMisspelt) words.unshift(ANY_COMMAND);
  const [first, topic] = words;
  if (first === "help" && topic !== undefined && !program.commands.some(isCalled(topic))) {
    // For an unknown topic, commander would show the overview instead of an error.
    words.shift();
  }
  try {
    // Commander expects options of the program itself before the other words.
    program.parse(words.length === 0 ? options : [words[0], ...options, ...words.slice(1)], {
      from: "user",
    });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return text;
    if (command?.name === "record" && error.code === "commander.unknownOption") {
      throw usageError(notOfRecord(unknown[0]));
    }
    throw usageError(misuse(error, words, first === "help"));
  }
  const argument = taskArgument(words[0]);
  if (argument) throw usageError(`${words[0]} must come first; try: ${argument.usage}`);
  throw usageError("the command line has no report; see: tsprof help");
}

function taskArgument(word: string | undefined) {
  const command = commandNamed(word ?? "");
  return command?.kind === "task" ? command.argument : undefined;
}

/** Moves the first operand that is not a source to the front, so that the error is about it. */
function unknownFirst(operands: readonly string[]): string[] {
  const index = operands.findIndex((word) => !isSource(word));
  if (index <= 0) return [...operands];
  const word = operands[index];
  if (commandNamed(word)?.kind === "tool") return [word];
  return [word, ...operands.filter((_, i) => i !== index)];
}

/** The one-letter options of the program itself. */
const PROGRAM_LETTERS: ReadonlyMap<string, string> = new Map([
  ["h", "help"],
  ["v", "version"],
  ["V", "version"],
]);

/** The name of a command that has every option, so that commander can suggest any of them. */
const ANY_COMMAND = "(any)";

/** Commands of other programs, and the commands of tsprof that do the same. */
const EQUIVALENT_COMMANDS: ReadonlyMap<string, string> = new Map([
  ["annotate", "list"],
  ["browser", "serve"],
  ["callgraph", "svg"],
  ["compare", "diff"],
  ["export", "convert"],
  ["graph", "svg"],
  ["open", "serve"],
  ["profile", "record"],
  ["report", "top"],
  ["run", "record"],
  ["show", "top"],
  ["source", "list"],
  ["start", "record"],
  ["stat", "info"],
  ["stats", "info"],
  ["summary", "top"],
  ["ui", "serve"],
  ["view", "serve"],
]);

function withTitles(text: string): string {
  const titles = /^(?:Usage(?=: )|[A-Z][A-Za-z ]*(?=:$)|[A-Z][A-Za-z ]*?(?= {2}))/gm;
  return text.replace(titles, (title) => emphasize(title));
}

function isCalled(name: string): (command: Command) => boolean {
  return (command) => command.name() === name || command.aliases().includes(name);
}

/** Rewrites commander's message as one line, with one dash before options and a command to try. */
function misuse(
  { code, message }: CommanderError,
  words: readonly string[],
  isHelp: boolean,
): string {
  const [first = "", ...operands] = words;
  if (code === "commander.help") return "nothing to do; try: tsprof top FILE, or: tsprof help";
  if (code === "commander.missingArgument") {
    const argument = taskArgument(first);
    if (argument) return `${first} needs ${argument.summary}; try: ${argument.usage}`;
    const parameter = reportNamed(first)?.parameter;
    // A single word is the pattern, unless it is a file.
    const [word = ""] = operands;
    const isPattern = parameter !== undefined && word !== "" && !existsSync(word);
    const missing = parameter === undefined || isPattern ? "profile" : "pattern";
    const file = missing === "pattern" && word !== "" ? quotePosix(word) : "FILE";
    return `no ${missing} given; try: tsprof ${first} ${parameter ? `${parameter} ` : ""}${file}`;
  }
  const line = message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .replace(/--(?=\w)/g, "-");
  if (code === "commander.unknownOption") {
    const [, name = ""] = /'-(\w+)'/.exec(line) ?? [];
    return FORMATS.has(name) ? `unknown option '-${name}'; try: -format=${name}` : line;
  }
  if (code !== "commander.unknownCommand") return line;
  const meant = EQUIVALENT_COMMANDS.get(first) ?? /\(Did you mean ([a-z]+)\?\)/.exec(line)?.[1];
  if (meant !== undefined) {
    const known = `unknown command '${first}' (Did you mean ${meant}?)`;
    if (isHelp) return `${known}; try: tsprof help ${meant}`;
    if (operands.length === 0) return known;
    return `${known}; try: tsprof ${[meant, ...operands].map(shownWord).join(" ")}`;
  }
  if (isHelp) return `${line}; see: tsprof help`;
  return `${first}: no such file or command; try: tsprof help`;
}

const FORMATS: ReadonlySet<string> = new Set(
  OPTIONS.flatMap((spec) =>
    spec.name === "format" ? spec.choices.map(({ name }): string => name) : [],
  ),
);

function buildProgram(version: string): Command {
  const program = new Command("tsprof")
    .version(version, "--version", "print the version")
    .helpOption("--help", "show this help")
    .configureHelp({ formatHelp: () => OVERVIEW });
  const any = program.command(ANY_COMMAND, { hidden: true }).allowExcessArguments();
  addOptions(any, () => true);
  for (const spec of COMMANDS) {
    switch (spec.kind) {
      case "report":
      case "serve":
      case "diff":
        addOptionTaker(program, spec);
        break;
      case "task":
        addTask(program, spec);
        break;
      case "tool":
        addTool(program, spec);
        break;
    }
  }
  return program;
}

/** Adds a command with the options of reports and its own. */
function addOptionTaker(program: Command, spec: ReportCommand | OptionTakerSpec): void {
  const pattern = spec.kind === "report" && spec.parameter !== undefined ? "<regex>" : undefined;
  const command = addReader(program, spec).usage(
    ["[options]", pattern ?? [], "<source>..."].flat().join(" "),
  );
  if (pattern)
    command.argument(pattern, "the functions to show, in the syntax of RE2, as in pprof");
  command.argument(
    "<source>",
    "a profile, gzipped or not; - is standard input; several are merged",
  );
  addOptions(command, (option) => applicabilityOf(option, spec) === "applies");
}

function addTask(program: Command, spec: TaskCommand): void {
  const command = addReader(program, spec)
    .usage(`[options] ${spec.operands}`)
    .argument(
      `<${spec.argument?.name ?? "source"}>`,
      spec.argument?.summary ?? "a profile, gzipped or not; - is standard input",
    );
  addOptions(command, (option) => applicabilityOf(option, spec) === "applies");
}

function addTool(program: Command, { name, operand, summary }: ToolCommand): void {
  switch (name) {
    case "help":
      program.helpCommand(`help [${operand}]`, summary);
      break;
    case "completion":
      program
        .command(name)
        .summary(summary)
        .description("Prints a script that completes commands, options, their values and files.")
        .usage("bash|zsh|fish")
        .argument(`<${operand}>`, "bash, zsh or fish")
        .helpOption("--help", "show this help")
        .configureHelp({ optionTerm })
        .addHelpText("after", COMPLETION_HELP)
        .action(() => {});
      break;
    case "version":
      program.command(name).summary(summary).description(`${summary}.`);
      break;
  }
}

/** Adds a command that reads profiles, without its options. */
function addReader(program: Command, spec: ReportCommand | OptionTakerSpec | TaskCommand): Command {
  return program
    .command(spec.name)
    .aliases([...spec.aliases])
    .summary(spec.summary)
    .description(spec.description)
    .allowExcessArguments()
    .helpOption("--help", "show this help")
    .configureHelp({ optionTerm })
    .addHelpText("after", examplesOf(spec))
    .action(() => {});
}

function addOptions(command: Command, isTaken: (spec: OptionSpec) => boolean): void {
  for (const group of OPTION_GROUPS) {
    for (const spec of OPTIONS) {
      if (spec.group === group && isTaken(spec)) addOption(command, spec);
    }
  }
}

const COMPLETION_HELP = `
Examples:
  source <(tsprof completion bash)   in ~/.bashrc
  source <(tsprof completion zsh)    in ~/.zshrc
  tsprof completion fish | source    in ~/.config/fish/config.fish

These lines run tsprof whenever a shell starts. A file is faster, but must be
written again after each update of tsprof:
  tsprof completion bash > ~/.local/share/bash-completion/completions/tsprof
  tsprof completion zsh > _tsprof    in a folder of $fpath
  tsprof completion fish > ~/.config/fish/completions/tsprof.fish
The bash file needs the package bash-completion. For the bash 3.2 of macOS, use
  eval "$(tsprof completion bash)"   in ~/.bash_profile
`;

function examplesOf({ examples }: Pick<TaskCommand, "examples">): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  const lines = examples.map(({ line, meaning }) => `  ${line.padEnd(width)}  ${meaning}`);
  return `\nExamples:\n${lines.join("\n")}\n`;
}

/** Writes an option as pprof does: one dash, and = before the value. */
function optionTerm(option: Option): string {
  return option.flags.replace(/^--/, "-").replace(/ <(.*)>$/, "=$1");
}

function addOption(command: Command, spec: OptionSpec): void {
  const add = (flags: string, summary: string) => {
    command.addOption(new Option(`--${flags}`, summary).helpGroup(`${spec.group}:`));
  };
  if (spec.type === "choice" && spec.isWritten) {
    const names = spec.choices.map(({ name }) => name).join(", ");
    add(`${spec.name} <WORD>`, `${spec.summary}: ${names}`);
  } else if (spec.type === "choice") {
    for (const choice of spec.choices) add(choice.name, choice.summary);
  } else if (spec.type === "bool") {
    add(spec.name, spec.summary);
  } else {
    // A default of -1, or an empty text or list, means that there is no default.
    const hasDefault = spec.default !== "" && spec.default !== -1 && spec.type !== "list";
    const notes = [
      ...(hasDefault ? [`default ${spec.default}`] : []),
      ...(spec.letter ? [`short: -${spec.letter}`] : []),
    ];
    const note = notes.length > 0 ? ` (${notes.join("; ")})` : "";
    add(`${spec.name} <${spec.placeholder}>`, spec.summary + note);
  }
  if (spec.name === "sample_index") {
    for (const { name, summary, mean, sampleIndex } of SAMPLE_SHORTHANDS) {
      const meaning = `${mean ? "-mean " : ""}-sample_index=${sampleIndex}`;
      add(name, `${summary}: ${meaning}`);
    }
  }
}
