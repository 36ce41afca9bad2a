import { UserError, usageError } from "../errors/user-error.js";
import { type Command, type CommandName, reportNamed } from "../options/commands.js";
import { type OptionSpec, parseBool } from "../options/spec.js";
import { OPTIONS, optionOfChoice, SAMPLE_SHORTHANDS } from "../options/table.js";
import { findCommand } from "./command-word.js";
import { shownWord } from "./shown-word.js";

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

const SPECS: readonly OptionSpec[] = OPTIONS;

const optionsByName = new Map<string, OptionSpec>(
  SPECS.flatMap((spec) => [spec.name, spec.letter ?? []].flat().map((name) => [name, spec])),
);

/**
 * Brings both grammars to one form: `tsprof top -cum FILE` and pprof's `tsprof -top
 * -cum FILE`, `tsprof peek REGEX FILE` and `tsprof -peek=REGEX FILE`; one dash or two; `-name=value` or `-name value`; `show-from` for
 * `show_from`; `-n 10` and `-n10` for `-nodecount=10`. After `--` everything is an operand. Throws
 * a {@link UserError} for two commands, two choices of one option, or a value that is missing.
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
      throw usageError(`${word} has no name; behind -- everything is a file`);
    } else if (command?.parameter) {
      if (value === undefined && i + 1 === argv.length) throw usageError(`-${name} needs a value`);
      // As in pprof, an empty pattern asks for nothing.
      parameters.set(command.name, value ?? argv[++i]);
    } else if (isSwitch(name)) {
      switches.set(
        name,
        readSwitch(name, value, (words) => argv.toSpliced(i, 1, ...words)),
      );
    } else if (!spec) {
      unknown.push(name);
    } else if (value === undefined && spec.type !== "bool" && i + 1 === argv.length) {
      throw usageError(`-${name} needs a value`);
    } else {
      const text = value ?? (spec.type === "bool" ? "true" : argv[++i]);
      if (spec.type === "list") lists.set(spec.name, [...(lists.get(spec.name) ?? []), text]);
      else values.set(spec.name, text);
      if (spec.name === "base") bases.push(text);
    }
  }

  const given = [...switches].filter(([, isOn]) => isOn).map(([name]) => name);
  for (const [option, name] of chooseOnce(given)) values.set(option, name);
  const shorthands = new Set(given.filter((name) => shorthandNames.has(name)));
  const reports = new Map<CommandName, string | undefined>();
  for (const name of given) {
    const report = reportNamed(name);
    if (report) reports.set(report.name, undefined);
  }
  for (const [name, parameter] of parameters) if (parameter !== "") reports.set(name, parameter);
  const { rows, ...asked } = findCommand({ argv, operands, reports });
  if (rows !== undefined && !values.has("nodecount")) values.set("nodecount", rows);
  return { ...asked, values, lists, bases, shorthands, unknown };
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
    if (before !== undefined) throw usageError(`-${before} and -${name} exclude each other`);
    chosen.set(option, name);
  }
  return chosen;
}

function splitOption(word: string): { name: string; value: string | undefined } {
  const text = word.replace(/^--?/, "");
  // As many programs have it: -n10.
  const [, letter = "", digits] = /^([a-z])([0-9]+)$/.exec(text) ?? [];
  if (optionsByName.get(letter)?.type === "int") return { name: letter, value: digits };
  const equals = text.indexOf("=");
  const name = (equals < 0 ? text : text.slice(0, equals)).replaceAll("-", "_");
  return { name, value: equals < 0 ? undefined : text.slice(equals + 1) };
}

/** `inPlace` gives the command line with other words in the place of this one. */
function readSwitch(
  name: string,
  value: string | undefined,
  inPlace: (words: readonly string[]) => readonly string[],
): boolean {
  try {
    return value === undefined || parseBool(name, value);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const isFile = reportNamed(name) !== undefined && /[./\\]/.test(value ?? "");
    if (!isFile) throw error;
    const line = inPlace([`-${name}`, `-output=${value}`])
      .map(shownWord)
      .join(" ");
    throw usageError(`-${name} takes no file; type: tsprof ${line}`);
  }
}
