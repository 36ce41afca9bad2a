import { UserError, usageError } from "../errors/user-error.js";
import { applicabilityOf, ownersOf } from "../options/applicability.js";
import {
  type Command,
  commandNamed,
  type ReportCommand,
  reportNamed,
  type TaskCommand,
  type TaskName,
} from "../options/commands.js";
import { type OptionSpec, parseOption } from "../options/spec.js";
import { defaultOptions, OPTIONS, type Options, SAMPLE_SHORTHANDS } from "../options/table.js";
import type { SourceRequest } from "../session/request.js";
import type { NormalArgs } from "./argv.js";
import { isSource } from "./command-word.js";

export type Request = SourceRequest & {
  /** Warnings about the command line itself, a line each. */
  readonly warnings: readonly string[];
} & (
    | {
        readonly kind: "report";
        readonly command: ReportCommand;
        /** The pattern of a command such as `peek`. */
        readonly parameter: string | undefined;
      }
    /** `bases` has the values of -base, and may be empty. */
    | { readonly kind: "diff"; readonly bases: readonly string[] }
    | { readonly kind: "task"; readonly task: TaskName }
    /** The web interface, and the interactive shell. */
    | { readonly kind: "serve" | "shell" }
  );

/**
 * Returns the request of a command line; undefined if it asks for help or the version, or has an
 * unknown word, which `explain.ts` handles. Throws a {@link UserError} for a wrong option.
 */
export function toRequest(args: NormalArgs): Request | undefined {
  const { command, parameter, unknown, operands, bases } = args;
  // `top -n cpu.pprof`: the error about -n is more useful than a missing profile.
  if (operands.length === 0 && unknown.length === 0) parseOptions(args);
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
        throw usageError("diff does not take -http; try: tsprof serve -diff_base BASE NEW");
      }
      if (args.values.has("diff_base")) {
        throw usageError(
          "diff does not take -diff_base; give the base with -base, or as the first profile",
        );
      }
      return { kind: "diff", bases, sources: operands, ...readerOptions(command, args) };
    case "serve":
      return { kind: "serve", sources: operands, ...readerOptions(command, args) };
    case "report":
      if (isHttp(args)) {
        throw usageError(
          `the web interface shows all reports; leave out ${command.name}, or -http`,
        );
      }
      return {
        kind: "report",
        command,
        parameter,
        sources: operands,
        ...readerOptions(command, args),
      };
    case undefined: {
      if (isHttp(args)) {
        return { kind: "serve", sources: operands, ...readerOptions(SERVE, args) };
      }
      if (!operands.every(isSource)) return undefined;
      return { kind: "shell", sources: operands, ...readerOptions(undefined, args) };
    }
  }
}

/** Whether an option, such as -pid, replaces the operands. */
function needsNoOperands({ command, values }: NormalArgs): boolean {
  const option = command?.kind === "task" ? command.insteadOfOperands : undefined;
  return option !== undefined && values.has(option);
}

function isHttp({ values }: NormalArgs): boolean {
  return (values.get("http") ?? "") !== "";
}

const SERVE = commandNamed("serve") as Command;

/**
 * Parses the options of a command, or of the shell if there is no command. Throws a {@link
 * UserError} for an option that the command does not have.
 */
function readerOptions(
  command: Command | undefined,
  args: NormalArgs,
): Pick<Request, "options" | "warnings"> {
  const { values, lists, shorthands } = args;
  const options = parseOptions(args);
  if (options.no_browser && command?.kind !== "serve") {
    throw usageError("-no_browser is only for -http and for tsprof serve");
  }
  if (options.format !== "text" && (command === undefined || command.kind === "serve")) {
    throw usageError(`-format=${options.format} is only for reports, such as tsprof top`);
  }
  for (const spec of OPTIONS) {
    if (values.has(spec.name) || lists.has(spec.name)) refuseUnlessTaken(spec, command);
  }
  const warnings: string[] = [];
  for (const { name, sampleIndex, mean } of SAMPLE_SHORTHANDS) {
    if (!shorthands.has(name)) continue;
    if (options.sample_index === "") options.sample_index = sampleIndex;
    else warnings.push(`-${name} is ignored, because another sample type was selected`);
    if (mean) options.mean = true;
  }
  return { options, warnings };
}

/** Throws a {@link UserError} for an option of other commands. */
function refuseUnlessTaken(spec: OptionSpec, command: Command | undefined): void {
  const owners = ownersOf(spec);
  // An empty -http has no effect, as in pprof; the caller handles the others.
  if (owners.includes("serve")) return;
  // The shell has all reports.
  const isTaken =
    command === undefined
      ? owners.length === 0 || owners.some((owner) => reportNamed(owner) !== undefined)
      : applicabilityOf(spec, command) !== "refused";
  if (isTaken) return;
  throw usageError(
    owners.length === 0
      ? `${command?.name} does not take -${spec.name}; see: tsprof help ${command?.name}`
      : `-${spec.name} is for tsprof ${owners.join(" and ")}`,
  );
}

/** Parses the options of a task. Throws a {@link UserError} for an option that it does not take. */
function taskOptions(command: TaskCommand, args: NormalArgs): Options {
  const { name } = command;
  const used = OPTIONS.filter((spec) => applicabilityOf(spec, command) === "applies");
  const { values, lists, shorthands } = args;
  for (const option of [...values.keys(), ...lists.keys(), ...shorthands]) {
    if (used.some((spec) => spec.name === option)) continue;
    throw usageError(name === "record" ? notOfRecord(option) : `${name} does not take -${option}`);
  }
  return parseOptions(args);
}

/** Returns the error for an option that is probably meant for the recorded program. */
export function notOfRecord(option: string): string {
  return `record does not take -${option}; options of the program go after --: tsprof record -- node app.js -${option}`;
}

/** Returns the given options and the defaults of all others. Throws a {@link UserError}. */
function parseOptions({ values, lists }: NormalArgs): Options {
  const parsed: Record<string, boolean | number | string> = {};
  for (const spec of OPTIONS) {
    const text = values.get(spec.name);
    if (text !== undefined) parsed[spec.name] = parseOption(spec, text);
  }
  return {
    ...defaultOptions(),
    ...(parsed as Partial<Options>),
    ...(Object.fromEntries(lists) as Partial<Options>),
  };
}
