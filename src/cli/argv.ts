import { UserError, usageError } from "../errors/user-error.js";
import { type Command, type CommandName, commandNamed, reportNamed } from "../options/commands.js";
import { type OptionSpec, parseBool } from "../options/spec.js";
import { OPTIONS, optionOfChoice, SAMPLE_SHORTHANDS } from "../options/table.js";
import { findCommand } from "./command-word.js";
import { shownWord } from "./shown-word.js";

/** A command line in one form, for both grammars. */
export interface NormalArgs {
  /** Undefined if no word names a command. */
  readonly command: Command | undefined;
  /** The pattern of a command such as `peek`. */
  readonly parameter: string | undefined;
  /** The text of each option, by name; the last value wins. */
  readonly values: ReadonlyMap<string, string>;
  /** All values of each option that may be repeated, in order. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** All values of -base in order: `diff` allows several. */
  readonly bases: readonly string[];
  /** Shorthands for sample types, such as `inuse_space`. */
  readonly shorthands: ReadonlySet<string>;
  /** Options that are not in the table, which includes `help` and `version`. */
  readonly unknown: readonly string[];
  /** Everything else, in order. */
  readonly operands: readonly string[];
}

const SPECS: readonly OptionSpec[] = OPTIONS;

const optionsByName = new Map<string, OptionSpec>(
  SPECS.flatMap((spec) => [spec.name, spec.letter ?? []].flat().map((name) => [name, spec])),
);

/**
 * Parses both grammars: `tsprof top -cum FILE` and pprof's `tsprof -top -cum FILE`, `tsprof peek
 * REGEX FILE` and `tsprof -peek=REGEX FILE`. Options have one dash or two, their value after `=` or
 * in the next word, and dashes or underscores in their names. `-n 10` and `-n10` mean
 * `-nodecount=10`. All words after `--` are operands. Throws a {@link UserError} for two commands,
 * two choices of one option, or a missing value.
 */
export function normalizeArgv(argv: readonly string[]): NormalArgs {
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const bases: string[] = [];
  /** Commands, choices and shorthands as options; the last value wins. */
  const switches = new Map<string, boolean>();
  /** Patterns of commands as options, such as `-peek=REGEX`. */
  const parameters = new Map<CommandName, string>();
  const unknown: string[] = [];
  const operands: string[] = [];
  let isLiteral = false;
  /** The value of -to, if it is a format. */
  let format: string | undefined;

  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (isLiteral || word === "-" || !word.startsWith("-")) {
      operands.push(word);
      continue;
    }
    if (word === "--") {
      isLiteral = true;
      continue;
    }
    const { name, value } = splitOption(word);
    const spec = optionsByName.get(name);
    const command = reportNamed(name);
    if (name === "") {
      throw usageError(
        `${word} is not an option; use -- before files whose names begin with a dash`,
      );
    } else if (command?.parameter) {
      if (value === undefined && i + 1 === argv.length) throw usageError(`-${name} needs a value`);
      // An empty pattern counts as no command, as in pprof.
      parameters.set(command.name, value ?? argv[++i]);
    } else if (isSwitch(name) && !(spec && isTask(operands[0]))) {
      switches.set(
        name,
        readSwitch(name, value, (words) => argv.toSpliced(i, 1, ...words)),
      );
    } else if (!spec) {
      unknown.push(name);
    } else if (value === undefined && !isBare(spec, argv[i + 1]) && i + 1 === argv.length) {
      throw usageError(`-${name} needs a value`);
    } else {
      const text = value ?? (isBare(spec, argv[i + 1]) ? "true" : argv[++i]);
      // -to=folded names a format, and -to=2s a time.
      const isFormat = spec.name === "to" && /^[a-z]/i.test(text);
      const option = isFormat ? "target" : spec.name;
      if (isFormat) format = text;
      if (spec.type === "list") lists.set(spec.name, [...(lists.get(spec.name) ?? []), text]);
      else values.set(option, text);
      if (spec.name === "base") bases.push(text);
    }
  }

  const given = [...switches].filter(([, isOn]) => isOn).map(([name]) => name);
  for (const [option, name] of choicesOf(given)) values.set(option, name);
  const shorthands = new Set(given.filter((name) => shorthandNames.has(name)));
  const reports = new Map<CommandName, string | undefined>();
  for (const name of given) {
    const report = reportNamed(name);
    if (report) reports.set(report.name, undefined);
  }
  for (const [name, parameter] of parameters) if (parameter !== "") reports.set(name, parameter);
  const { rows, ...asked } = findCommand({ argv, operands, reports });
  const { command } = asked;
  if (format !== undefined && command && command.name !== "convert") {
    throw usageError(
      `-to is for tsprof convert if it is a format; elsewhere it is a time, such as 2s, not ${JSON.stringify(format)}`,
    );
  }
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

/** Returns whether a word is a task, whose options may have the names of reports: `record -html`. */
function isTask(word: string | undefined): boolean {
  return word !== undefined && commandNamed(word)?.kind === "task";
}

/** Returns whether an option without `=` means true, and the `next` word is not its value. */
function isBare(spec: OptionSpec, next: string | undefined): boolean {
  if (spec.type !== "choice") return spec.type === "bool";
  return spec.asSwitch !== undefined && !spec.choices.some(({ name }) => name === next);
}

/** Returns the choices among the switches, by option. */
function choicesOf(given: readonly string[]): Map<string, string> {
  const chosen = new Map<string, string>();
  for (const name of given) {
    const option = optionOfChoice(name)?.name;
    if (option === undefined) continue;
    const before = chosen.get(option);
    if (before !== undefined)
      throw usageError(`-${before} and -${name} exclude each other; leave out one of them`);
    chosen.set(option, name);
  }
  return chosen;
}

function splitOption(word: string): { name: string; value: string | undefined } {
  const text = word.replace(/^--?/, "");
  // Many programs allow -n10.
  const [, letter = "", digits] = /^([a-z])([0-9]+)$/.exec(text) ?? [];
  if (optionsByName.get(letter)?.type === "int") return { name: letter, value: digits };
  const equals = text.indexOf("=");
  const name = (equals < 0 ? text : text.slice(0, equals)).replaceAll("-", "_");
  return { name, value: equals < 0 ? undefined : text.slice(equals + 1) };
}

/** Reads the value of a switch. `inPlace` returns the command line with this word replaced. */
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
    throw usageError(`-${name} does not take a file; try: tsprof ${line}`);
  }
}
