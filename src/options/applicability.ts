import type { Command } from "./commands.js";
import type { CommandRule, OptionSpec } from "./spec.js";
import { OPTIONS, SAMPLE_SHORTHANDS, type SampleShorthand } from "./table.js";

/** The reports that pprof does not have. */
const OWN_REPORTS: ReadonlySet<string> = new Set(["flame", "folded", "convert", "html"]);

/** What a command does with an option. */
export type Applicability =
  | "applies"
  /** The report accepts the option without effect, as pprof does. */
  | "ignored"
  | "refused";

export function applicabilityOf(option: OptionSpec, command: Command): Applicability {
  const { only, except, tasks, otherReports }: CommandRule = option.commands ?? {};
  switch (command.kind) {
    case "tool":
      return "refused";
    case "task":
      return tasks?.includes(command.name) ? "applies" : "refused";
    case "serve":
    case "diff":
    case "report": {
      const reader = command.kind === "report" ? command.report : command.kind;
      if (only ? only.includes(reader) : !except?.includes(reader)) return "applies";
      if (command.kind !== "report") return "refused";
      const isRefused = otherReports
        ? otherReports === "refuse"
        : // Scripts written for pprof cannot use these reports.
          OWN_REPORTS.has(command.name);
      return isRefused ? "refused" : "ignored";
    }
  }
}

/**
 * Returns the commands that an option is for, if it is for a few only: one report or interface, or
 * tasks alone.
 */
export function ownersOf({ commands }: OptionSpec): readonly string[] {
  const { only, tasks = [] } = commands ?? {};
  if (!only) return [];
  const owners = [...only, ...tasks];
  return owners.length === 1 || only.length === 0 ? owners : [];
}

/** Returns the names of the options that a command does not use, with choices and shorthands. */
export function unusedOptions(
  command: Command,
  options: readonly OptionSpec[] = OPTIONS,
  shorthands: readonly SampleShorthand[] = SAMPLE_SHORTHANDS,
): string[] {
  const idle = options.filter((spec) => applicabilityOf(spec, command) !== "applies");
  return idle.flatMap((spec) => [
    spec.name,
    ...(spec.type === "choice" && !spec.isWritten ? spec.choices.map(({ name }) => name) : []),
    ...(spec.name === "sample_index" ? shorthands.map(({ name }) => name) : []),
  ]);
}
