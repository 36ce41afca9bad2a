import { existsSync } from "node:fs";
import { STDIN } from "../node/input.js";
import {
  ownerOf,
  type ReportCommand,
  type TaskCommand,
  type TaskName,
} from "../options/commands.js";
import { OptionValueError, parseOption } from "../options/spec.js";
import { defaultOptions, OPTIONS, type Options, SAMPLE_SHORTHANDS } from "../options/table.js";
import { UsageError } from "../session/errors.js";
import type { SourceRequest } from "../session/request.js";
import type { NormalArgs } from "./argv.js";

/** What a command line asks for. */
export type Request = SourceRequest & {
  /** What to tell about the command line itself, a line each. */
  readonly warnings: readonly string[];
} & (
    | {
        readonly kind: "report";
        readonly command: ReportCommand;
        /** The pattern of a command that takes one. */
        readonly parameter: string | undefined;
      }
    /** The bases are those given as options; there may be none. */
    | { readonly kind: "diff"; readonly bases: readonly string[] }
    | { readonly kind: "task"; readonly task: TaskName }
    /** The web interface, and the interactive shell. */
    | { readonly kind: "serve" | "shell" }
  );

/**
 * The request that a command line makes, or undefined where it asks for something else
 * (help, the version) or has a word that is not known: `explain.ts` sees to those.
 * Throws a {@link UsageError} for a value that is none.
 */
export function toRequest(args: NormalArgs): Request | undefined {
  const { command, parameter, unknown, operands, bases } = args;
  if (unknown.length > 0 || (operands.length === 0 && !needsNoOperands(args))) return undefined;
  switch (command?.kind) {
    case "tool":
      return undefined;
    case "task": {
      const options = taskOptions(command, args);
      return { kind: "task", task: command.name, options, sources: operands, warnings: [] };
    }
    case "diff":
      if (args.values.has("http")) {
        throw new UsageError("-http does not go with diff; try: tsprof serve -diff_base BASE NEW");
      }
      return { kind: "diff", bases, sources: operands, ...readerOptions("diff", args) };
    case "serve":
      return { kind: "serve", sources: operands, ...readerOptions("serve", args) };
    case "report":
      if (isHttp(args)) {
        throw new UsageError(
          `the web interface has all reports; leave out ${command.name}, or -http`,
        );
      }
      return {
        kind: "report",
        command,
        parameter,
        sources: operands,
        ...readerOptions(command.name, args),
      };
    case undefined: {
      const kind = isHttp(args) ? "serve" : "shell";
      if (kind === "shell" && !isSource(operands[0])) return undefined;
      return { kind, sources: operands, ...readerOptions(kind, args) };
    }
  }
}

/** Whether an option says all that the operands would. */
function needsNoOperands({ command, values }: NormalArgs): boolean {
  const option = command?.kind === "task" ? command.insteadOfOperands : undefined;
  return option !== undefined && values.has(option);
}

function isHttp({ values }: NormalArgs): boolean {
  return (values.get("http") ?? "") !== "";
}

/** Whether a word may be something to read, rather than a command that is misspelt. */
function isSource(word: string): boolean {
  return word === STDIN || /[./:\\]/.test(word) || existsSync(word);
}

/**
 * The options of a command that takes those of reports, with what to tell about them. Throws a
 * {@link UsageError} for one that is for another command.
 */
function readerOptions(name: string, args: NormalArgs): Pick<Request, "options" | "warnings"> {
  const { values, lists, shorthands } = args;
  const options = parseOptions(args);
  const isReport = name !== "serve" && name !== "shell";
  if (options.no_browser && name !== "serve") {
    throw new UsageError("-no_browser only makes sense with -http, or with the command serve");
  }
  if (options.format !== "text" && !isReport) {
    throw new UsageError(`-format=${options.format} is for a report, such as tsprof top`);
  }
  for (const spec of OPTIONS) {
    const owner = ownerOf(spec.group);
    // An empty -http asks for nothing, as in pprof.
    if (owner === undefined || owner === name || owner === "serve") continue;
    if (values.has(spec.name) || lists.has(spec.name)) {
      throw new UsageError(`-${spec.name} is for tsprof ${owner}`);
    }
  }
  const warnings: string[] = [];
  for (const { name, sampleIndex, mean } of SAMPLE_SHORTHANDS) {
    if (!shorthands.has(name)) continue;
    if (options.sample_index === "") options.sample_index = sampleIndex;
    else warnings.push(`-${name} is ignored, since another value was selected`);
    if (mean) options.mean = true;
  }
  return { options, warnings };
}

/** The options of a command on files; throws a {@link UsageError} for one that it does not take. */
function taskOptions({ name, options: taken }: TaskCommand, args: NormalArgs): Options {
  const { values, lists, shorthands } = args;
  for (const option of [...values.keys(), ...lists.keys(), ...shorthands]) {
    if (!taken.includes(option)) throw new UsageError(`${name} does not take -${option}`);
  }
  return parseOptions(args);
}

/** The options that were given, and all others at their defaults; throws a {@link UsageError}. */
function parseOptions({ values, lists }: NormalArgs): Options {
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
  return {
    ...defaultOptions(),
    ...(parsed as Partial<Options>),
    ...(Object.fromEntries(lists) as Partial<Options>),
  };
}
