import { usageError } from "../errors/user-error.js";
import { type OptionSpec, parseOption } from "../options/spec.js";
import { OPTIONS, type Options, optionOfChoice } from "../options/table.js";

/** An option that can be set in the shell; the others count when profiles are read. */
export type Variable = OptionSpec & { readonly name: keyof Options };

/** All of them, by name. */
export const VARIABLES: readonly Variable[] = (OPTIONS as readonly Variable[])
  .filter((spec) => spec.isVariable)
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));

const variablesByName: ReadonlyMap<string, Variable> = new Map(
  VARIABLES.map((spec) => [spec.name, spec]),
);

/** A variable, or a word that stands for a value of one, and what it is set to. */
export interface Assignment {
  readonly name: string;
  /** Undefined where there is no `=`. */
  readonly value: string | undefined;
}

/** Whether there is a variable of this name, or one that has it as a choice. */
export function isVariable(name: string): boolean {
  return variableNamed(name) !== undefined;
}

/** The variable of a name or of a choice. */
export function variableNamed(name: string): Variable | undefined {
  return variablesByName.get(name) ?? variablesByName.get(optionOfChoice(name)?.name ?? "");
}

/** What a line assigns; undefined where it does something else. */
export function readAssignment(line: string): Assignment | undefined {
  const equals = line.indexOf("=");
  const name = (equals < 0 ? line : line.slice(0, equals)).trim();
  if (!isVariable(name)) return undefined;
  if (equals < 0) return { name, value: undefined };
  const text = line.slice(equals + 1);
  const comment = text.lastIndexOf("//:");
  return { name, value: (comment < 0 ? text : text.slice(0, comment)).trim() };
}

/**
 * The options after an assignment. Throws a {@link UserError} of one line for a
 * value that is none, or is missing.
 */
export function assign(options: Options, { name, value }: Assignment): Options {
  const spec = variablesByName.get(name);
  if (spec) return { ...options, [name]: readValue(spec, value) };
  const variable = optionOfChoice(name);
  if (!variable || !readSwitch(value ?? "true")) {
    throw usageError(`unknown config field ${JSON.stringify(name)}`);
  }
  return { ...options, [variable.name]: name };
}

function readValue(spec: OptionSpec, value: string | undefined): boolean | number | string {
  // As in pprof, nothing switches something on.
  if (spec.type === "bool") return value === undefined || value === "" || parseOption(spec, value);
  if (value === undefined) {
    throw usageError(`please specify a value, e.g. ${spec.name}=<val>`);
  }
  return parseOption(spec, value);
}

function readSwitch(value: string): boolean {
  return /^(1|t|true)$/i.test(value);
}

/** The value of a variable as it is written in the shell; numbers with fractions as Go has them (%v). */
export function variableText(options: Options, { name, type }: Variable): string {
  const value = options[name];
  return type === "float" ? floatText(Number(value)) : String(value);
}

/** In as few digits as tell it from others; with an exponent below 1e-4 and from 1e6 on. */
function floatText(value: number): string {
  const scientific = value.toExponential();
  const exponent = Number(scientific.slice(scientific.indexOf("e") + 1));
  if (exponent >= -4 && exponent < 6) return String(value);
  // There are two digits at least.
  return scientific.replace(/e([+-])([0-9])$/, "e$10$2");
}
