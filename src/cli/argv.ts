import { COMMANDS, type CommandName } from "../options/commands.js";
import type { OptionSpec } from "../options/spec.js";
import { OPTIONS, SAMPLE_SHORTHANDS } from "../options/table.js";
import { UsageError } from "./errors.js";

/** A command line in one form, whichever way it was written. */
export interface NormalArgs {
  /** The command, if one was recognised. */
  readonly command: CommandName | undefined;
  /** The text of each option that was given, by its name; the last one counts. */
  readonly values: ReadonlyMap<string, string>;
  /** Names of the shorthands for sample values that were given. */
  readonly shorthands: ReadonlySet<string>;
  /** Options that are not in the table; `help` and `version` are not either. */
  readonly unknown: readonly string[];
  /** Everything else, in order. */
  readonly operands: readonly string[];
}

const optionsByName = new Map<string, OptionSpec>(OPTIONS.map((spec) => [spec.name, spec]));

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
  const values = new Map<string, string>();
  const shorthands = new Set<string>();
  const unknown: string[] = [];
  const operands: string[] = [];
  /** The word that each choice was made by. */
  const chosen = new Map<string, string>();
  let command: CommandName | undefined;

  for (let i = 0; i < argv.length; i++) {
    const word = argv[i];
    if (word === "--") {
      operands.push(...argv.slice(i + 1));
      break;
    }
    if (word === "-" || !word.startsWith("-")) {
      const named = command ?? operands[0];
      if (named === undefined && commandsByName.has(word)) command = commandsByName.get(word);
      else operands.push(word);
      continue;
    }
    const { name, value } = splitOption(word);
    const spec = optionsByName.get(name);
    if (commandsByName.has(name)) {
      if (!isTrue(name, value)) continue;
      const named = commandsByName.get(name);
      if (command !== undefined && command !== named) {
        throw new UsageError("ask for one report only");
      }
      command = named;
    } else if (choices.has(name)) {
      if (!isTrue(name, value)) continue;
      const option = choices.get(name) as string;
      const before = chosen.get(option);
      if (before !== undefined && before !== name) {
        throw new UsageError(`-${before} and -${name} exclude each other`);
      }
      chosen.set(option, name);
      values.set(option, name);
    } else if (SAMPLE_SHORTHANDS.some((shorthand) => shorthand.name === name)) {
      if (isTrue(name, value)) shorthands.add(name);
    } else if (!spec) {
      unknown.push(name);
    } else if (value !== undefined) {
      values.set(name, value);
    } else if (spec.type === "bool") {
      values.set(name, "true");
    } else if (i + 1 < argv.length) {
      values.set(name, argv[++i]);
    } else {
      throw new UsageError(`-${name} needs a value`);
    }
  }
  return { command, values, shorthands, unknown, operands };
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
