import { Command, CommanderError, Option } from "commander";
import { COMMANDS, type CommandName, type CommandSpec } from "../options/commands.js";
import { OPTION_GROUPS, type OptionSpec, OptionValueError, parseOption } from "../options/spec.js";
import { defaultOptions, OPTIONS, type Options, SAMPLE_SHORTHANDS } from "../options/table.js";
import type { NormalArgs } from "./argv.js";
import { UsageError } from "./errors.js";

/** A report, with all that is needed to make it. */
export interface Request {
  readonly command: CommandName;
  readonly options: Options;
  readonly sources: readonly string[];
  /** What to tell about the command line itself. */
  readonly warnings: readonly string[];
}

/** Text to print instead of a report, such as help. */
export interface Notice {
  readonly text: string;
}

/**
 * Understands a normalised command line. Returns what is asked for, or a notice where
 * that is help or the version. Throws a {@link UsageError} that names the near option
 * or command where one is misspelt.
 */
export function parseRequest(args: NormalArgs, version: string): Request | Notice {
  let request: Request | undefined;
  let printed = "";
  const program = buildProgram(version, (command, values, sources) => {
    request = toRequest(command, values, sources);
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => {},
    });
  }
  const { command, options, operands } = args;
  const words = [...(command ? [command] : operands.slice(0, 1)), ...options];
  const rest = command ? operands : operands.slice(1);
  try {
    program.parse(command === "help" ? ["help", ...rest] : [...words, "--", ...rest], {
      from: "user",
    });
  } catch (error) {
    if (error instanceof OptionValueError) throw new UsageError(error.message);
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(oneLine(error));
  }
  if (request) return request;
  return { text: printed };
}

/** Commander's message in the form of all other messages, with options as pprof writes them. */
function oneLine(error: CommanderError): string {
  if (error.code === "commander.help")
    return "nothing to do; try: tsprof top FILE, or: tsprof help";
  return error.message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .replace(/--(?=[a-z])/g, "-")
    .replace("missing required argument 'source'", "no profile given; try: tsprof top FILE");
}

type Values = Partial<Record<string, boolean | number | string>>;

function buildProgram(
  version: string,
  onRequest: (command: CommandName, values: Values, sources: string[]) => void,
): Command {
  const program = new Command("tsprof")
    .description("Find out where the time and the memory went: reports on pprof profiles.")
    .usage("<command> [options] <source>")
    .version(version, "--version", "print the version")
    .helpCommand("help [command]", "explain a command and its options")
    .configureHelp({
      optionTerm,
      subcommandTerm: (command) => command.usage(),
      showGlobalOptions: false,
    })
    .addHelpText("after", OVERVIEW);
  for (const spec of COMMANDS) {
    const command = program
      .command(spec.name)
      .aliases([...spec.aliases])
      .summary(spec.summary)
      .description(spec.description)
      .usage("[options] <source>")
      .argument("<source>", "a profile in pprof's format, gzipped or not; - for standard input")
      .argument("[more...]")
      .configureHelp({
        optionTerm,
        visibleArguments: (command) => command.registeredArguments.slice(0, 1),
      })
      .addHelpText("after", examplesOf(spec))
      .action((source: string, more: string[], values: Values) => {
        onRequest(spec.name, values, [source, ...more]);
      });
    for (const group of OPTION_GROUPS) {
      for (const option of OPTIONS) {
        if (option.group === group) addOption(command, option);
        if (option.group === group && option.name === "sample_index") addShorthands(command);
      }
    }
    command.helpOption("--help", "show this help");
  }
  return program;
}

const OVERVIEW = `
Every option of pprof works in its own way too: tsprof -top -cum cpu.pprof
Options take one dash or two, and = or a space before the value.

Examples:
  tsprof top cpu.pprof                    where the CPU time went
  tsprof top -inuse_space heap.pprof      what holds the memory
  tsprof help top                         all options
`;

function examplesOf({ examples }: CommandSpec): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  const lines = examples.map(({ line, meaning }) => `  ${line.padEnd(width)}  ${meaning}`);
  return `\nExamples:\n${lines.join("\n")}\n`;
}

/** Options as pprof's users know them: one dash, and = before the value. */
function optionTerm(option: Option): string {
  return option.flags
    .replace(/^--/, "-")
    .replace(/ \[bool\]$/, "")
    .replace(/ [<[](.*)[>\]]$/, "=$1");
}

function addOption(command: Command, spec: OptionSpec): void {
  const heading = `${spec.group}:`;
  const placeholder = spec.type === "bool" ? "[bool]" : `<${placeholderOf(spec)}>`;
  const option = new Option(`--${spec.name} ${placeholder}`, spec.summary)
    .argParser((text: string) => parseOption(spec, text))
    .helpGroup(heading);
  // Every choice is listed as an option of its own instead.
  if (spec.type === "choice") option.hideHelp();
  command.addOption(option);
  if (spec.type !== "choice") return;
  for (const choice of spec.choices) {
    command.addOption(new Option(`--${choice.name}`, choice.summary).helpGroup(heading));
  }
}

function placeholderOf(spec: Exclude<OptionSpec, { type: "bool" }>): string {
  return spec.type === "choice" ? spec.choices.map(({ name }) => name).join("|") : spec.placeholder;
}

function addShorthands(command: Command): void {
  for (const { name, summary } of SAMPLE_SHORTHANDS) {
    command.addOption(new Option(`--${name}`, summary).helpGroup("What is counted:"));
  }
}

function toRequest(command: CommandName, values: Values, sources: string[]): Request {
  const options = { ...defaultOptions(), ...pickOptions(values) };
  const warnings: string[] = [];
  for (const { name, sampleIndex, mean } of SAMPLE_SHORTHANDS) {
    if (!values[name]) continue;
    if (options.sample_index === "") options.sample_index = sampleIndex;
    else warnings.push(`-${name} is ignored, since another value was selected`);
    if (mean) options.mean = true;
  }
  return { command, options, sources, warnings };
}

function pickOptions(values: Values): Partial<Options> {
  return Object.fromEntries(
    OPTIONS.filter(({ name }) => values[name] !== undefined).map(({ name }) => [
      name,
      values[name],
    ]),
  );
}
