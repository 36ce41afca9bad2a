import { usageError } from "../errors/user-error.js";
import { type OptionSpec, parseOption } from "../options/spec.js";
import { OPTIONS, type Options, optionOfChoice } from "../options/table.js";

/** An option that can be set in the shell. Other options apply when profiles are read. */
export type Variable = OptionSpec & { readonly name: keyof Options };

/** All variables, sorted by name. */
export const VARIABLES: readonly Variable[] = (OPTIONS as readonly Variable[])
  .filter((spec) => spec.isVariable)
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));

const variablesByName: ReadonlyMap<string, Variable> = new Map(
  VARIABLES.map((spec) => [spec.name, spec]),
);

/** An assignment to a variable, or to one of its choices such as `lines`. */
export interface Assignment {
  readonly name: string;
  /** Undefined if there is no `=`. */
  readonly value: string | undefined;
}

/** Whether a name is a variable, or a choice of one. */
export function isVariable(name: string): boolean {
  return variableNamed(name) !== undefined;
}

/** Returns the variable with this name or choice. */
export function variableNamed(name: string): Variable | undefined {
  return variablesByName.get(name) ?? variablesByName.get(optionOfChoice(name)?.name ?? "");
}

/** Parses an assignment; returns undefined for any other line. */
export function readAssignment(line: string): Assignment | undefined {
  const equals = line.indexOf("=");
  const name = (equals < 0 ? line : line.slice(0, equals)).trim();
  if (!isVariable(name)) return undefined;
  if (equals < 0) return { name, value: undefined };
  const text = line.slice(equals + 1);
  const comment = text.lastIndexOf("//:");
  return { name, value: (comment < 0 ? text : text.slice(0, comment)).trim() };
}

/** Returns the options after an assignment. Throws a {@link UserError} for a wrong value. */
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
  // As in pprof, a missing or empty value means true.
  if (spec.type === "bool") return value === undefined || value === "" || parseOption(spec, value);
  if (value === undefined) {
    throw usageError(`please specify a value, e.g. ${spec.name}=<val>`);
  }
  return parseOption(spec, value);
}

function readSwitch(value: string): boolean {
  return /^(1|t|true)$/i.test(value);
}

/** Returns the value of a variable as text. Formats numbers with fractions as Go's %v. */
export function variableText(options: Options, { name, type }: Variable): string {
  const value = options[name];
  return type === "float" ? floatText(Number(value)) : String(value);
}

/** Formats a number in the fewest digits; with an exponent below 1e-4 and from 1e6 on. */
function floatText(value: number): string {
  const scientific = value.toExponential();
  const exponent = Number(scientific.slice(scientific.indexOf("e") + 1));
  if (exponent >= -4 && exponent < 6) return String(value);
  // Go writes at least two digits of the exponent.
  return scientific.replace(/e([+-])([0-9])$/, "e$10$2");
}
