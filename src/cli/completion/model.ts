import { idleOptions } from "../../options/applicability.js";
import { COMMANDS, type Command } from "../../options/commands.js";
import type { OptionSpec } from "../../options/spec.js";
import { OPTIONS, SAMPLE_SHORTHANDS, type SampleShorthand } from "../../options/table.js";

/** A word that can be offered. */
export interface Word {
  readonly name: string;
  /** One line, without line breaks and tabs. */
  readonly summary: string;
}

/** An option, under its name without dashes. */
export interface Flag extends Word {
  /** Whether the next word is its value where there is no `=`. */
  readonly takesNext: boolean;
  /** Whether it is offered with `=`, since it says little without a value. */
  readonly wantsValue: boolean;
  /** What its value is. */
  readonly value: FlagValue;
}

export type FlagValue =
  | { readonly kind: "words"; readonly words: readonly Word[] }
  | { readonly kind: "file" | "folders" }
  /** Nothing can be offered; the placeholder says what is wanted. */
  | { readonly kind: "free"; readonly placeholder: string };

/** A report, as it may be asked for. */
export interface ReportWord extends Word {
  /** What goes before the sources. */
  readonly parameter: string | undefined;
}

/** A command that has nothing to do with profiles, and what it takes. */
export interface ToolWord extends Word {
  readonly operand: "command" | "shell" | undefined;
}

/** Commands, and the names of the options that are not offered with them. */
export interface IdleFlags {
  readonly commands: readonly Word[];
  readonly flags: readonly string[];
}

/** What can be completed, the same for every shell. */
export interface CompletionModel {
  /** Names and aliases of the reports, and of what else takes their options. */
  readonly reports: readonly ReportWord[];
  readonly tools: readonly ToolWord[];
  readonly shells: readonly Word[];
  /** The options of reports. */
  readonly flags: readonly Flag[];
  /** The options that are not offered; commands with the same ones are together. */
  readonly idleFlags: readonly IdleFlags[];
  /** Letters that stand for options. They are understood, but not offered. */
  readonly letters: readonly Flag[];
  /** Options where there is no command yet: the reports as pprof writes them, and a few. */
  readonly programFlags: readonly Flag[];
  /** The option that every command has. */
  readonly help: Flag;
}

/** The tables that the model is made of. */
export interface Tables {
  readonly commands: readonly Command[];
  readonly options: readonly OptionSpec[];
  readonly shorthands: readonly SampleShorthand[];
}

const TABLES: Tables = {
  commands: COMMANDS,
  options: OPTIONS,
  shorthands: SAMPLE_SHORTHANDS,
};

/** Derives what can be completed from the tables of options and commands. */
export function completionModel(shells: readonly Word[], tables: Tables = TABLES): CompletionModel {
  const { commands, options, shorthands } = tables;
  const offered: ReportWord[] = [];
  const reports: ReportWord[] = [];
  const tools: ToolWord[] = [];
  for (const spec of commands) {
    const summary = oneLine(spec.summary);
    const parameter = spec.kind === "report" ? spec.parameter : undefined;
    const words = [spec.name, ...spec.aliases].map((name) => ({ name, summary, parameter }));
    if (spec.kind === "tool") tools.push({ name: spec.name, summary, operand: spec.operand });
    else offered.push(...words);
    if (spec.kind === "report") reports.push(...words);
  }
  return {
    reports: offered,
    tools,
    shells,
    flags: [
      ...options.flatMap(flagsOf),
      ...shorthands.map(({ name, summary }) => switchFlag(name, summary)),
    ],
    idleFlags: idleFlags(tables),
    letters: options.flatMap((spec) =>
      spec.letter ? flagsOf({ ...spec, name: spec.letter }) : [],
    ),
    programFlags: [
      ...reports.map((report) =>
        report.parameter === undefined
          ? switchFlag(report.name, report.summary)
          : valueFlag(report, { kind: "free", placeholder: report.parameter }),
      ),
      switchFlag("version", "Print the version"),
    ],
    help: switchFlag("help", "Show help"),
  };
}

function idleFlags({ commands, options, shorthands }: Tables): IdleFlags[] {
  const groups = new Map<string, { commands: Word[]; flags: string[] }>();
  for (const spec of commands) {
    if (spec.kind === "tool") continue;
    const flags = idleOptions(spec, options, shorthands);
    const group = groups.get(flags.join()) ?? { commands: [], flags };
    const summary = oneLine(spec.summary);
    group.commands.push(...[spec.name, ...spec.aliases].map((name) => ({ name, summary })));
    groups.set(flags.join(), group);
  }
  return [...groups.values()].filter(({ flags }) => flags.length > 0);
}

/** An option as it is offered, and each of its choices as an option too. */
function flagsOf(spec: OptionSpec): Flag[] {
  if (spec.type === "bool") return [switchFlag(spec.name, spec.summary, spec.default)];
  if (spec.type === "choice") {
    const words = spec.choices.map(({ name, summary }) => ({ name, summary: oneLine(summary) }));
    return [
      valueFlag(spec, { kind: "words", words }),
      ...(spec.isWritten ? [] : words.map(({ name, summary }) => switchFlag(name, summary))),
    ];
  }
  return [valueFlag(spec, valueKind(spec))];
}

function valueKind(spec: Exclude<OptionSpec, { type: "bool" | "choice" }>): FlagValue {
  if ("path" in spec && spec.path !== undefined) return { kind: spec.path };
  if ("values" in spec && spec.values !== undefined) return wordsValue(spec.values);
  return { kind: "free", placeholder: spec.placeholder };
}

/** An option that is true or false. What is on already is offered to be turned off. */
function switchFlag(name: string, summary: string, isOn = false): Flag {
  const value = wordsValue(["true", "false"]);
  return { name, summary: oneLine(summary), takesNext: false, wantsValue: isOn, value };
}

function valueFlag({ name, summary }: Word, value: FlagValue): Flag {
  return { name, summary: oneLine(summary), takesNext: true, wantsValue: true, value };
}

function wordsValue(words: readonly string[]): FlagValue {
  return { kind: "words", words: words.map((name) => ({ name, summary: "" })) };
}

/** In fish a tab ends the word, and a line is one offer. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** Options by their value: those that have the same one together. */
export function byValue(flags: readonly Flag[]): { value: FlagValue; flags: Flag[] }[] {
  const groups = new Map<string, { value: FlagValue; flags: Flag[] }>();
  for (const flag of flags) {
    const { value } = flag;
    const key = JSON.stringify(value);
    const group = groups.get(key);
    if (group) group.flags.push(flag);
    else groups.set(key, { value, flags: [flag] });
  }
  return [...groups.values()];
}

/** The names of options where the next word is their value. */
export function namesBeforeValue(model: CompletionModel): string[] {
  const { flags, letters, programFlags } = model;
  const taking = [...flags, ...letters, ...programFlags].filter(({ takesNext }) => takesNext);
  return taking.map(({ name }) => name);
}
