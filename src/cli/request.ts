import { commandSpec, type NamedCommand } from "../options/commands.js";
import { OptionValueError, parseOption } from "../options/spec.js";
import { defaultOptions, OPTIONS, type Options, SAMPLE_SHORTHANDS } from "../options/table.js";
import type { NormalArgs } from "./argv.js";
import { UsageError } from "./errors.js";

/** A report that is asked for, with all that is needed to make it. */
export interface Request {
  readonly command: NamedCommand;
  /** The pattern of a command that takes one. */
  readonly parameter: string | undefined;
  readonly options: Options;
  readonly sources: readonly string[];
  /** What to tell about the command line itself, a line each. */
  readonly warnings: readonly string[];
}

/**
 * The request that a command line makes, or undefined where it asks for something else
 * (help, the version) or has a word that is not known: `explain.ts` sees to those.
 * Throws a {@link UsageError} for a value that is none.
 */
export function toRequest(args: NormalArgs): Request | undefined {
  const { command, parameter, values, lists, shorthands, unknown, operands } = args;
  if (command === undefined || unknown.length > 0 || operands.length === 0) return undefined;
  const options = {
    ...defaultOptions(),
    ...parseValues(values),
    ...(Object.fromEntries(lists) as Partial<Options>),
  };
  const warnings: string[] = [];
  for (const { name, sampleIndex, mean } of SAMPLE_SHORTHANDS) {
    if (!shorthands.has(name)) continue;
    if (options.sample_index === "") options.sample_index = sampleIndex;
    else warnings.push(`-${name} is ignored, since another value was selected`);
    if (mean) options.mean = true;
  }
  return { command: commandSpec(command), parameter, options, sources: operands, warnings };
}

function parseValues(values: ReadonlyMap<string, string>): Partial<Options> {
  const parsed: Record<string, boolean | number | string> = {};
  for (const spec of OPTIONS) {
    const text = values.get(spec.name);
    if (text === undefined) continue;
    try {
      parsed[spec.name] = parseOption(spec, text);
    } catch (error) {
      if (error instanceof OptionValueError) throw new UsageError(error.message);
      throw error;
    }
  }
  return parsed;
}
