import { COMMANDS, type CommandName } from "../options/commands.js";
import type { OptionSpec } from "../options/spec.js";
import { OPTIONS, SAMPLE_SHORTHANDS } from "../options/table.js";
import { UsageError } from "./errors.js";

/** A command line in one form, whichever way it was written. */
export interface NormalArgs {
  /** The command, if one was recognised. */
  readonly command: CommandName | "help" | undefined;
  /** Options as `--name=value`, or `--name` where the name is not known. */
  readonly options: readonly string[];
  /** Everything else, in order. */
  readonly operands: readonly string[];
}

const optionsByName = new Map<string, OptionSpec>(OPTIONS.map((spec) => [spec.name, spec]));

/** Options that take no value, other than those of the table. */
const FLAGS = new Set(["help", "h", "version"]);

const commandsByName = new Map<string, CommandName>(
  COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases].map((word) => [word, name] as const)),
);

/** `-lines` is `-granularity=lines`: the options that each name one choice of another. */
const choices = new Map<string, string>(
  OPTIONS.flatMap((spec) =>
    spec.type === "choice" ? spec.choices.map(({ name }) => [name, spec.name] as const) : [],
  ),
);

/**
 * Brings both grammars to one form: `tsprof top -cum FILE` and pprof's `tsprof -top
 * -cum FILE`; one dash or two; `-name=value` or `-name value`; `show-from` for
 * `show_from`. After `--` everything is an operand. Throws a {@link UsageError} for
 * two commands, two choices of one option, or a value that is missing.
 */
export function normalizeArgv(argv: readonly string[]): NormalArgs {
  const options: string[] = [];
  const operands: string[] = [];
  const chosen = new Map<string, string>();
  let command: NormalArgs["command"];

  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (word === "--") {
      operands.push(...argv.slice(i + 1));
      break;
    }
    if (word === "-" || !word.startsWith("-")) {
      const named = operands.length === 0 && command === undefined ? asCommand(word) : undefined;
      if (named) command = named;
      else operands.push(word);
      continue;
    }
    const { name, value } = splitOption(word);
    const asFlag = commandsByName.get(name);
    if (asFlag) {
      if (!isTrue(name, value)) continue;
      if (command !== undefined && command !== asFlag) {
        throw new UsageError("ask for one report only");
      }
      command = asFlag;
      continue;
    }
    const choice = choices.get(name);
    if (choice) {
      if (!isTrue(name, value)) continue;
      const before = chosen.get(choice);
      if (before !== undefined && before !== name) {
        throw new UsageError(`-${before} and -${name} exclude each other`);
      }
      chosen.set(choice, name);
      options.push(`--${choice}=${name}`);
      continue;
    }
    if (SAMPLE_SHORTHANDS.some((shorthand) => shorthand.name === name)) {
      if (isTrue(name, value)) options.push(`--${name}`);
      continue;
    }
    const spec = optionsByName.get(name);
    if (!spec) {
      options.push(FLAGS.has(name) ? `--${name === "h" ? "help" : name}` : `--${name}`);
    } else if (value !== undefined) {
      options.push(`--${name}=${value}`);
    } else if (spec.type === "bool") {
      options.push(`--${name}=true`);
    } else if (i + 1 < argv.length) {
      options.push(`--${name}=${argv[++i]}`);
    } else {
      throw new UsageError(`-${name} needs a value`);
    }
  }
  return { command, options, operands };
}

function asCommand(word: string): NormalArgs["command"] {
  return word === "help" ? "help" : commandsByName.get(word);
}

function splitOption(word: string): { name: string; value: string | undefined } {
  const text = word.replace(/^--?/, "");
  const equals = text.indexOf("=");
  const name = (equals < 0 ? text : text.slice(0, equals)).replaceAll("-", "_");
  return { name, value: equals < 0 ? undefined : text.slice(equals + 1) };
}

function isTrue(name: string, value: string | undefined): boolean {
  if (value === undefined || /^(true|t|1)$/i.test(value)) return true;
  if (/^(false|f|0)$/i.test(value)) return false;
  throw new UsageError(`-${name} wants true or false, not ${JSON.stringify(value)}`);
}
