import { unusedOptions } from "../../options/applicability.js";
import { COMMANDS, type Command } from "../../options/commands.js";
import type { OptionSpec } from "../../options/spec.js";
import { OPTIONS, SAMPLE_SHORTHANDS, type SampleShorthand } from "../../options/table.js";

/** A word that the completion offers. */
export interface Word {
  readonly name: string;
  /** One line, without line breaks and tabs. */
  readonly summary: string;
}

/** An option; its name has no dashes. */
export interface Flag extends Word {
  /** Whether its value is the next word if there is no `=`. */
  readonly takesNext: boolean;
  /** Whether it is offered with `=`, since it is of little use without a value. */
  readonly wantsValue: boolean;
  readonly value: FlagValue;
}

export type FlagValue =
  | { readonly kind: "words"; readonly words: readonly Word[] }
  | { readonly kind: "file" | "folders" }
  /** Any text. The placeholder describes it. */
  | { readonly kind: "free"; readonly placeholder: string };

/** A command with the options of reports. */
export interface ReportWord extends Word {
  /** The operand before the sources. */
  readonly parameter: string | undefined;
}

/** A command such as `help`, which reads no profile. */
export interface ToolWord extends Word {
  readonly operand: "command" | "shell" | undefined;
}

/** Commands, and the options that have no effect in them. */
export interface IdleFlags {
  readonly commands: readonly Word[];
  readonly flags: readonly string[];
}

/** The words that can be completed, for every shell. */
export interface CompletionModel {
  /** All commands with the options of reports, and their aliases. */
  readonly reports: readonly ReportWord[];
  readonly tools: readonly ToolWord[];
  readonly shells: readonly Word[];
  readonly flags: readonly Flag[];
  /** Options that are not offered, because they have no effect. */
  readonly idleFlags: readonly IdleFlags[];
  /** One-letter options. The scripts accept them, but do not offer them. */
  readonly letters: readonly Flag[];
  /** The options before any command: the reports in pprof's grammar, and a few others. */
  readonly programFlags: readonly Flag[];
  /** An option of every command. */
  readonly help: Flag;
}

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

/** Derives the model from the tables of options and commands. */
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
    const flags = unusedOptions(spec, options, shorthands);
    const group = groups.get(flags.join()) ?? { commands: [], flags };
    const summary = oneLine(spec.summary);
    group.commands.push(...[spec.name, ...spec.aliases].map((name) => ({ name, summary })));
    groups.set(flags.join(), group);
  }
  return [...groups.values()].filter(({ flags }) => flags.length > 0);
}

/** Returns an option, or an option for each of its choices. */
function flagsOf(spec: OptionSpec): Flag[] {
  if (spec.type === "bool") return [switchFlag(spec.name, spec.summary, spec.default)];
  if (spec.type === "choice") {
    const words = spec.choices.map(({ name, summary }) => ({ name, summary: oneLine(summary) }));
    const flag = valueFlag(spec, { kind: "words", words });
    return [
      spec.asSwitch ? { ...flag, takesNext: false } : flag,
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

/** Returns a boolean option. It is offered with `=` if it is on by default, to turn it off. */
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

/** Replaces tabs and line breaks, which separate words and offers in fish. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

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

/** Returns the options whose value is the next word. */
export function namesBeforeValue(model: CompletionModel): string[] {
  const { flags, letters, programFlags } = model;
  const taking = [...flags, ...letters, ...programFlags].filter(({ takesNext }) => takesNext);
  return taking.map(({ name }) => name);
}
