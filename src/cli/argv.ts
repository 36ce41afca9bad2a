import {
  type Command,
  type CommandName,
  commandNamed,
  commandSpec,
  reportNamed,
} from "../options/commands.js";
import { type OptionSpec, OptionValueError, parseBool } from "../options/spec.js";
import { OPTIONS, optionOfChoice, SAMPLE_SHORTHANDS } from "../options/table.js";
import { UsageError } from "../session/errors.js";

/** A command line in one form, whichever way it was written. */
export interface NormalArgs {
  /** The command, if one was recognised. */
  readonly command: Command | undefined;
  /** The pattern of a command that takes one, if it was given. */
  readonly parameter: string | undefined;
  /** The text of each option that was given, by its name; the last one counts. */
  readonly values: ReadonlyMap<string, string>;
  /** All the texts of each option that may be repeated, in order. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** All that -base was given, in order, for the command that takes several. */
  readonly bases: readonly string[];
  /** Names of the shorthands for sample values that were given. */
  readonly shorthands: ReadonlySet<string>;
  /** Options that are not in the table; `help` and `version` are not either. */
  readonly unknown: readonly string[];
  /** Everything else, in order. */
  readonly operands: readonly string[];
}

const optionsByName = new Map<string, OptionSpec>(OPTIONS.map((spec) => [spec.name, spec]));

/**
 * Brings both grammars to one form: `tsprof top -cum FILE` and pprof's `tsprof -top
 * -cum FILE`, `tsprof peek REGEX FILE` and `tsprof -peek=REGEX FILE`; one dash or two; `-name=value` or `-name value`; `show-from` for
 * `show_from`. After `--` everything is an operand. Throws a {@link UsageError} for
 * two commands, two choices of one option, or a value that is missing.
 */
export function normalizeArgv(argv: readonly string[]): NormalArgs {
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const bases: string[] = [];
  /** Commands, choices and shorthands given as options; the last word on each counts. */
  const switches = new Map<string, boolean>();
  /** Patterns of commands given as options. */
  const parameters = new Map<CommandName, string>();
  const unknown: string[] = [];
  const operands: string[] = [];
  let literal = false;

  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (literal || word === "-" || !word.startsWith("-")) {
      operands.push(word);
      continue;
    }
    if (word === "--") {
      literal = true;
      continue;
    }
    const { name, value } = splitOption(word);
    const spec = optionsByName.get(name);
    const command = reportNamed(name);
    if (name === "") {
      throw new UsageError(`${word} has no name; behind -- everything is a file`);
    } else if (command?.parameter) {
      if (value === undefined && i + 1 === argv.length)
        throw new UsageError(`-${name} needs a value`);
      // As in pprof, an empty pattern asks for nothing.
      parameters.set(command.name, value ?? argv[++i]);
    } else if (isSwitch(name)) {
      switches.set(name, readBool(name, value));
    } else if (!spec) {
      unknown.push(name);
    } else if (value === undefined && spec.type !== "bool" && i + 1 === argv.length) {
      throw new UsageError(`-${name} needs a value`);
    } else {
      const text = value ?? (spec.type === "bool" ? "true" : argv[++i]);
      if (spec.type === "list") lists.set(name, [...(lists.get(name) ?? []), text]);
      else values.set(name, text);
      if (name === "base") bases.push(text);
    }
  }

  const given = [...switches].filter(([, isOn]) => isOn).map(([name]) => name);
  for (const [option, name] of chooseOnce(given)) values.set(option, name);
  const shorthands = new Set(given.filter((name) => shorthandNames.has(name)));
  const asked = takeCommand(given, parameters, operands);
  return { ...asked, values, lists, bases, shorthands, unknown, operands };
}

const shorthandNames = new Set(SAMPLE_SHORTHANDS.map(({ name }) => name));

function isSwitch(name: string): boolean {
  return (
    reportNamed(name) !== undefined ||
    optionOfChoice(name) !== undefined ||
    shorthandNames.has(name)
  );
}

/** The choices among the switches, as option and value. */
function chooseOnce(given: readonly string[]): Map<string, string> {
  const chosen = new Map<string, string>();
  for (const name of given) {
    const option = optionOfChoice(name)?.name;
    if (option === undefined) continue;
    const before = chosen.get(option);
    if (before !== undefined) throw new UsageError(`-${before} and -${name} exclude each other`);
    chosen.set(option, name);
  }
  return chosen;
}

/**
 * The report among the options, or else the command that the first operand names. Throws a
 * {@link UsageError} where there are two.
 */
function takeCommand(
  given: readonly string[],
  parameters: ReadonlyMap<CommandName, string>,
  operands: string[],
): Pick<NormalArgs, "command" | "parameter"> {
  const named = new Set(given.flatMap((name) => reportNamed(name)?.name ?? []));
  for (const [name, parameter] of parameters) if (parameter !== "") named.add(name);
  if (named.size > 1) throw new UsageError("ask for one report only");
  const [report] = named;
  const first = commandNamed(operands[0] ?? "");
  switch (first?.kind) {
    case "serve":
      refuseReport(
        "the web interface has all reports",
        report ?? reportNamed(operands[1] ?? "")?.name,
      );
      break;
    case "diff":
    case "task":
      refuseReport(`${first.name} makes no report`, report);
      break;
    case "report":
    case "tool":
    case undefined:
      // Once there is a report, a file may be called like another, or like a tool.
      if (report === undefined) break;
      return { command: commandSpec(report), parameter: parameters.get(report) };
  }
  if (first === undefined) return { command: undefined, parameter: undefined };
  operands.shift();
  const takesPattern = first.kind === "report" && first.parameter !== undefined;
  return { command: first, parameter: takesPattern ? operands.shift() : undefined };
}

function refuseReport(why: string, report: string | undefined): void {
  if (report !== undefined) throw new UsageError(`${why}; leave out ${report}`);
}

function splitOption(word: string): { name: string; value: string | undefined } {
  const text = word.replace(/^--?/, "");
  const equals = text.indexOf("=");
  const name = (equals < 0 ? text : text.slice(0, equals)).replaceAll("-", "_");
  return { name, value: equals < 0 ? undefined : text.slice(equals + 1) };
}

function readBool(name: string, value: string | undefined): boolean {
  try {
    return value === undefined || parseBool(name, value);
  } catch (error) {
    if (error instanceof OptionValueError) throw new UsageError(error.message);
    throw error;
  }
}
