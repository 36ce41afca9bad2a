import { existsSync } from "node:fs";
import { STDIN } from "../node/input.js";
import { commandSpec, type NamedCommand, TOOLS } from "../options/commands.js";
import { OptionValueError, parseOption } from "../options/spec.js";
import { defaultOptions, OPTIONS, type Options, SAMPLE_SHORTHANDS } from "../options/table.js";
import { UsageError } from "../session/errors.js";
import type { SourceRequest } from "../session/request.js";
import type { NormalArgs } from "./argv.js";

/** What a command line asks for: a report, or without a command the web interface or the shell. */
export interface Request extends SourceRequest {
  readonly serves: boolean;
  /** For the command that compares profiles: those of the base. */
  readonly bases: readonly string[] | undefined;
  readonly command: NamedCommand | undefined;
  /** The pattern of a command that takes one. */
  readonly parameter: string | undefined;
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
  if (unknown.length > 0 || operands.length === 0 || args.task !== undefined) return undefined;
  const { compares } = args;
  if (compares && values.has("http")) {
    throw new UsageError("-http does not go with diff; try: tsprof serve -diff_base BASE NEW");
  }
  const serves = args.serves || (values.get("http") ?? "") !== "";
  if (serves && command !== undefined) {
    throw new UsageError(`the web interface has all reports; leave out ${command}, or -http`);
  }
  const isCommand = command !== undefined || serves || compares;
  if (!isCommand && !isSource(operands[0])) return undefined;
  const options = {
    ...defaultOptions(),
    ...parseValues(values),
    ...(Object.fromEntries(lists) as Partial<Options>),
  };
  if (options.no_browser && !serves) {
    throw new UsageError("-no_browser only makes sense with -http, or with the command serve");
  }
  if (options.format !== "text" && command === undefined && !compares) {
    throw new UsageError(`-format=${options.format} is for a report, such as tsprof top`);
  }
  for (const name of ["heap", "interval", "pid"]) {
    if (values.has(name)) throw new UsageError(`-${name} is for tsprof record`);
  }
  if (values.has("keep")) throw new UsageError("-keep is for tsprof pgo");
  const warnings: string[] = [];
  for (const { name, sampleIndex, mean } of SAMPLE_SHORTHANDS) {
    if (!shorthands.has(name)) continue;
    if (options.sample_index === "") options.sample_index = sampleIndex;
    else warnings.push(`-${name} is ignored, since another value was selected`);
    if (mean) options.mean = true;
  }
  const spec = command && commandSpec(command);
  const bases = compares ? args.bases : undefined;
  return { command: spec, serves, bases, parameter, options, sources: operands, warnings };
}

/** Whether a word may be something to read, rather than a command that is misspelt. */
function isSource(word: string): boolean {
  if (TOOLS.some(({ name }) => name === word)) return false;
  return word === STDIN || /[./:\\]/.test(word) || existsSync(word);
}

/** The options that were given, read from their texts; throws a {@link UsageError}. */
export function parseValues(values: ReadonlyMap<string, string>): Partial<Options> {
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
