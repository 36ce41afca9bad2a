import { type UserError, usageError } from "../errors/user-error.js";
/** How an option is declared. Everything that knows of options reads these declarations. */
export type OptionSpec = BoolSpec | NumberSpec | TextSpec | ListSpec | ChoiceSpec;

interface Common {
  /** As it is written after the dash, with underscores, as in pprof. */
  readonly name: string;
  /** A letter that stands for the name, as other programs have it. */
  readonly letter?: string;
  readonly group: OptionGroup;
  /** One line for the list of options. */
  readonly summary: string;
  /** Whether the shell can set it, as pprof's can. */
  readonly isVariable?: true;
  /** Whether it is part of a named configuration, in the file that pprof keeps them in. */
  readonly isSaved?: true;
  /** The parameter that holds it in the addresses of the web interface, as in pprof's. */
  readonly urlParam?: string;
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
  /** Values worth offering; others are accepted too. */
  readonly values?: readonly string[];
  /** Where the value is a path: of a file, or of folders with `:` between them. */
  readonly path?: "file" | "folders";
}

/** Text that may be given several times, and all of it counts. */
export interface ListSpec extends Common {
  readonly type: "list";
  readonly default: readonly string[];
  readonly placeholder: string;
}

/** One of several words. Each is an option by itself too: `-lines` is `-granularity=lines`. */
export interface ChoiceSpec extends Common {
  readonly type: "choice";
  readonly default: string;
  /** Set where the words are no options by themselves: a command may have the same name. */
  readonly isWritten?: true;
  readonly choices: readonly { readonly name: string; readonly summary: string }[];
}

/** The headings of help, in their order. */
export const OPTION_GROUPS = [
  "Comparing",
  "What is counted",
  "Which samples and frames",
  "Tags",
  "Granularity",
  "Order and size",
  "Display",
  "Source",
  "Servers",
  "Optimization",
  "Recording",
  "Web interface",
  "Telling change from noise",
] as const;
export type OptionGroup = (typeof OPTION_GROUPS)[number];

/** The type of an option's value. */
export type OptionValue<Spec> = Spec extends { type: "bool" }
  ? boolean
  : Spec extends { type: "int" | "float" }
    ? number
    : Spec extends { type: "list" }
      ? readonly string[]
      : Spec extends { type: "choice"; choices: readonly { name: infer Name }[] }
        ? Name
        : string;

/** Number() also takes blanks, and hexadecimal and binary whole numbers. */
const DECIMAL = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i;

/** Reads the value of an option, or one of a list, from text; throws a {@link UserError}. */
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
      if (!spec.choices.some(({ name }) => name === text)) {
        throw invalid(spec.name, text, `one of ${spec.choices.map(({ name }) => name).join(", ")}`);
      }
      return text;
    default:
      return text;
  }
}

/** Reads a switch; throws a {@link UserError}. */
export function parseBool(name: string, text: string): boolean {
  if (/^(true|t|yes|y|1)$/i.test(text)) return true;
  if (/^(false|f|no|n|0)$/i.test(text)) return false;
  throw invalid(name, text, "true or false");
}

function invalid(name: string, text: string, wanted: string): UserError {
  return usageError(`-${name} wants ${wanted}, not ${JSON.stringify(text)}`);
}
