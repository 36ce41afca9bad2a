import { type UserError, usageError } from "../errors/user-error.js";
/** The declaration of an option. */
export type OptionSpec = BoolSpec | NumberSpec | TextSpec | ListSpec | ChoiceSpec;

interface Common {
  /** The name after the dash, with underscores, as in pprof. */
  readonly name: string;
  readonly letter?: string;
  readonly group: OptionGroup;
  /** One line for lists of options. */
  readonly summary: string;
  /** The commands that use the option; by default all reports, `serve` and `diff`. */
  readonly commands?: CommandRule;
  /** Whether the option is a variable of the shell, as in pprof. */
  readonly isVariable?: true;
  /** Whether named configurations, in pprof's settings file, include the option. */
  readonly isSaved?: true;
  /** The URL parameter of the option in the web interface, as in pprof. */
  readonly urlParam?: string;
}

/**
 * Selects commands. Reports of pprof that do not use an option accept and ignore it, as pprof
 * does; other commands refuse it.
 */
export interface CommandRule<Reader extends string = string, Task extends string = string> {
  /** The only reports, or `serve` or `diff`, that use the option. */
  readonly only?: readonly Reader[];
  /** The reports, or `serve` or `diff`, that do not use the option. */
  readonly except?: readonly Reader[];
  readonly tasks?: readonly Task[];
  /** Overrides what all other reports do with the option. */
  readonly otherReports?: "ignore" | "refuse";
}

export interface BoolSpec extends Common {
  readonly type: "bool";
  readonly default: boolean;
}

export interface NumberSpec extends Common {
  readonly type: "int" | "float";
  readonly default: number;
  readonly placeholder: string;
}

export interface TextSpec extends Common {
  /** `size` is a number of bytes with a unit, such as `512mb`. */
  readonly type: "text" | "size";
  readonly default: string;
  readonly placeholder: string;
  /** Values to suggest; other values are accepted too. */
  readonly values?: readonly string[];
  /** Set if the value is a path: of one file, or of folders separated by `:`. */
  readonly path?: "file" | "folders";
}

/** A text option that can be repeated; all its values count. */
export interface ListSpec extends Common {
  readonly type: "list";
  readonly default: readonly string[];
  readonly placeholder: string;
}

/** One of several words. Each word is also an option: `-lines` means `-granularity=lines`. */
export interface ChoiceSpec extends Common {
  readonly type: "choice";
  readonly default: string;
  /** Set if the words are not options themselves, since commands have the same names. */
  readonly isWritten?: true;
  /** Set if `-NAME` needs no value: the choices that a bare name or `true`, and `false`, mean. */
  readonly asSwitch?: { readonly on: string; readonly off: string };
  readonly choices: readonly { readonly name: string; readonly summary: string }[];
}

/** The headings of help, in order. */
export const OPTION_GROUPS = [
  "Comparing",
  "Values",
  "Samples and frames",
  "Tags",
  "Granularity",
  "Order and size",
  "Display",
  "Source",
  "Servers",
  "Optimization",
  "Recording",
  "Web interface",
  "Change and noise",
] as const;
export type OptionGroup = (typeof OPTION_GROUPS)[number];

export type OptionValue<Spec> = Spec extends { type: "bool" }
  ? boolean
  : Spec extends { type: "int" | "float" }
    ? number
    : Spec extends { type: "list" }
      ? readonly string[]
      : Spec extends { type: "choice"; choices: readonly { name: infer Name }[] }
        ? Name
        : string;

/** Stricter than Number(), which also accepts blanks, hexadecimal and binary numbers. */
const DECIMAL = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i;

/** Parses the value of an option, or one value of a list; throws a {@link UserError}. */
export function parseOption(spec: OptionSpec, text: string): boolean | number | string {
  switch (spec.type) {
    case "bool":
      return parseBool(spec.name, text);
    case "int":
      if (!/^[+-]?[0-9]+$/.test(text) || !Number.isSafeInteger(Number(text))) {
        throw invalid(spec.name, text, "a whole number");
      }
      return Number(text);
    case "float":
      if (!DECIMAL.test(text) || !Number.isFinite(Number(text))) {
        throw invalid(spec.name, text, "a number");
      }
      return Number(text);
    case "choice":
      return parseChoice(spec, text);
    default:
      return text;
  }
}

function parseChoice({ name, choices, asSwitch }: ChoiceSpec, text: string): string {
  if (choices.some((choice) => choice.name === text)) return text;
  const isOn = boolOf(text);
  if (asSwitch && isOn !== undefined) return isOn ? asSwitch.on : asSwitch.off;
  throw invalid(name, text, `one of ${choices.map((choice) => choice.name).join(", ")}`);
}

function boolOf(text: string): boolean | undefined {
  if (/^(true|t|yes|y|1)$/i.test(text)) return true;
  return /^(false|f|no|n|0)$/i.test(text) ? false : undefined;
}

export function parseBool(name: string, text: string): boolean {
  const value = boolOf(text);
  if (value !== undefined) return value;
  throw invalid(name, text, "true or false");
}

function invalid(name: string, text: string, expected: string): UserError {
  return usageError(`-${name} must be ${expected}, not ${JSON.stringify(text)}`);
}
