import { Command, CommanderError, Option } from "commander";
import {
  COMMANDS,
  commandNamed,
  type OptionTakerSpec,
  ownerOf,
  type ReportCommand,
  reportNamed,
  type TaskCommand,
  type ToolCommand,
} from "../options/commands.js";
import { OPTION_GROUPS, type OptionSpec } from "../options/spec.js";
import { OPTIONS, SAMPLE_SHORTHANDS } from "../options/table.js";
import { UsageError } from "../session/errors.js";
import type { NormalArgs } from "./argv.js";

/**
 * Answers a command line that is no request: returns the text of help or the version,
 * or throws a {@link UsageError} that says what is wrong with it, and names the option
 * or command that was probably meant. In a file of its own because commander takes
 * longer to load than a small report takes to make.
 */
export function explain(args: NormalArgs, version: string): string {
  const { command, parameter, unknown, operands } = args;
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
  const words = [command?.name ?? [], parameter ?? [], operands].flat();
  const isMisspelt = unknown.some((name) => !["h", "help", "version"].includes(name));
  // Only reports have options, so without one any of them tells what is near.
  if (command === undefined && isMisspelt) words.unshift("serve");
  const [first, topic] = words;
  if (first === "help" && topic !== undefined && !program.commands.some(isCalled(topic))) {
    // Commander would show the overview, and nothing of what was asked.
    words.shift();
  }
  const options = unknown.map((name) => (name === "h" ? "--help" : `--${name}`));
  try {
    // Commander wants options of the program itself before anything else.
    program.parse(words.length === 0 ? options : [words[0], ...options, ...words.slice(1)], {
      from: "user",
    });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0)
      throw new UsageError(oneLine(error, first === "help" ? undefined : words[0]));
  }
  if (text === "") throw new UsageError("this makes no sense; try: tsprof help");
  return text;
}

function isCalled(name: string): (command: Command) => boolean {
  return (command) => command.name() === name || command.aliases().includes(name);
}

/** Commander's message as one line, with options as pprof writes them. */
function oneLine({ code, message }: CommanderError, first: string | undefined): string {
  if (code === "commander.help") return "nothing to do; try: tsprof top FILE, or: tsprof help";
  if (code === "commander.missingArgument") {
    const command = commandNamed(first ?? "");
    const argument = command?.kind === "task" ? command.argument : undefined;
    if (argument) return `nothing to ${first}; try: ${argument.usage}`;
    const parameter = reportNamed(first ?? "")?.parameter;
    const missing = message.includes("'regex'") ? "pattern" : "profile";
    return `no ${missing} given; try: tsprof ${first} ${parameter ? `${parameter} ` : ""}FILE`;
  }
  const line = message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .replace(/--(?=\w)/g, "-");
  const isStrange = code === "commander.unknownCommand" && !line.includes("Did you mean");
  if (!isStrange || first === undefined) return line;
  return `${first}: there is no such file, and no such command; try: tsprof help`;
}

function buildProgram(version: string): Command {
  const program = new Command("tsprof")
    .description("Find out where the time and the memory went: reports on pprof profiles.")
    .usage("[command] [options] <source>...")
    .version(version, "--version", "print the version")
    .helpOption("--help", "show this help")
    .configureHelp({ optionTerm, subcommandTerm })
    .addHelpText("after", OVERVIEW);
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

/** A command that takes the options of reports, and those that are its own. */
function addOptionTaker(program: Command, spec: ReportCommand | OptionTakerSpec): void {
  const pattern = spec.kind === "report" && spec.parameter !== undefined ? "<regex>" : undefined;
  const command = addReader(program, spec).usage(
    ["[options]", pattern ?? [], "<source>..."].flat().join(" "),
  );
  if (pattern) command.argument(pattern, "the names to show; RE2's syntax, as in pprof");
  command.argument(
    "<source>",
    "a profile, gzipped or not; several are merged; - for standard input",
  );
  addOptions(command, ({ group }) => [undefined, spec.name].includes(ownerOf(group)));
}

function addTask(program: Command, spec: TaskCommand): void {
  const command = addReader(program, spec)
    .usage(`[options] ${spec.operands}`)
    .argument(
      `<${spec.argument?.name ?? "source"}>`,
      spec.argument?.summary ?? "a profile, gzipped or not; - for standard input",
    );
  addOptions(command, ({ name }) => spec.options.includes(name));
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
        .addHelpText("after", COMPLETION)
        .action(() => {});
      break;
  }
}

/** What all commands have in common that read profiles. */
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

const COMPLETION = `
Examples:
  source <(tsprof completion bash)   in ~/.bashrc
  source <(tsprof completion zsh)    in ~/.zshrc
  tsprof completion fish | source    in ~/.config/fish/config.fish

These run tsprof whenever a shell starts. A file made once starts faster, and is
to be made again when tsprof is updated:
  tsprof completion bash > ~/.local/share/bash-completion/completions/tsprof
  tsprof completion zsh > _tsprof    in a folder of $fpath
  tsprof completion fish > ~/.config/fish/completions/tsprof.fish
The first wants the package bash-completion. In the bash 3.2 of macOS, write
  eval "$(tsprof completion bash)"   in ~/.bash_profile
`;

const OVERVIEW = `
Options take one dash or two, and = or a space before the value. pprof's own way
of writing works too: tsprof -top -cum cpu.pprof

Examples:
  tsprof top cpu.pprof                  where the CPU time went
  tsprof serve cpu.pprof                all of it in a browser
  tsprof cpu.pprof                      a shell, to look around in it
  tsprof top -inuse_space heap.pprof    what holds the memory
  tsprof peek Marshal cpu.pprof         who calls it, and what it calls
  tsprof list Marshal cpu.pprof         its source, line by line
  tsprof top -base old.pprof new.pprof  what has changed
  tsprof help top                       all options of a report
`;

function examplesOf({ examples }: Pick<TaskCommand, "examples">): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  const lines = examples.map(({ line, meaning }) => `  ${line.padEnd(width)}  ${meaning}`);
  return `\nExamples:\n${lines.join("\n")}\n`;
}

/** Options as pprof's users know them: one dash, and = before the value. */
function optionTerm(option: Option): string {
  return option.flags.replace(/^--/, "-").replace(/ <(.*)>$/, "=$1");
}

function subcommandTerm(command: Command): string {
  return [command.name(), ...command.aliases()].join(", ");
}

function addOption(command: Command, spec: OptionSpec): void {
  const add = (flags: string, summary: string) => {
    command.addOption(new Option(`--${flags}`, summary).helpGroup(`${spec.group}:`));
  };
  if (spec.type === "choice" && spec.isWritten) {
    const names = spec.choices.map(({ name }) => name).join(", ");
    add(`${spec.name} <WORD>`, `${spec.summary}: ${names}`);
  } else if (spec.type === "choice") {
    // Every choice is an option of its own.
    for (const choice of spec.choices) add(choice.name, choice.summary);
  } else if (spec.type === "bool") {
    add(spec.name, spec.summary);
  } else {
    // -1 stands for none, and an empty text or list for the absence of one.
    const hasDefault = spec.default !== "" && spec.default !== -1 && spec.type !== "list";
    const note = hasDefault ? ` (default ${spec.default})` : "";
    add(`${spec.name} <${spec.placeholder}>`, spec.summary + note);
  }
  if (spec.name === "sample_index") {
    for (const { name, summary, mean, sampleIndex } of SAMPLE_SHORTHANDS) {
      const meaning = `${mean ? "-mean " : ""}-sample_index=${sampleIndex}`;
      add(name, `${summary}: ${meaning}`);
    }
  }
}
