import {
  answers,
  commonBeginning,
  escapeName,
  holds,
  namedBy,
  patternOf,
  printable,
} from "./name-pattern.js";
import { SHELL_WORDS } from "./words.js";

/** A word of the shell's language that can be offered. */
export interface Word {
  readonly name: string;
  /** One line, or nothing. */
  readonly summary: string;
}

/** A report that can be asked for by name. */
export interface CommandWord extends Word {
  /** What the regular expressions behind it are about. */
  readonly about: "functions" | "tags";
}

/** An option that can be set in the shell. */
export interface VariableWord extends Word {
  readonly value: VariableValue;
}

export type VariableValue =
  | { readonly kind: "bool" }
  /** One of a few words; with `areSwitches`, each word sets the variable by itself, too. */
  | { readonly kind: "words"; readonly words: readonly Word[]; readonly areSwitches?: true }
  | {
      readonly kind:
        | "sample-type"
        /** A regular expression over functions. */
        | "functions"
        /** `KEY=` and regular expressions between commas. */
        | "tag-filter"
        /** A regular expression over keys of tags. */
        | "tag-pattern"
        /** Keys of tags between commas. */
        | "tag-keys"
        | "file"
        /** Folders with `:` between them. */
        | "folders"
        | "free";
    };

/** What can be completed. What a profile says is asked for only when it is wanted. */
export interface CompletionModel {
  /** The reports, by name and alias. */
  readonly commands: readonly CommandWord[];
  readonly variables: readonly VariableWord[];
  /** Types of sample values; each chooses itself, also as `total_X` and `mean_X`. */
  sampleTypes(): readonly string[];
  /** In the order in which they are offered. */
  functionNames(): readonly string[];
  tagKeys(): readonly string[];
  tagValues(key: string): readonly string[];
  /** Paths that begin with `prefix`, written as it is; those of folders end with `/`. */
  files(prefix: string): readonly string[];
  savedConfigs(): readonly string[];
}

export interface Candidate {
  /** What it puts in place of the word. */
  readonly text: string;
  /** How a list shows it, without control characters. */
  readonly label: string;
  readonly summary: string;
}

/** What could stand in place of the end of a line, its word. */
export interface Completion {
  /** Where the word begins. */
  readonly start: number;
  /**
   * What to put in its place now: the only candidate (with a blank behind it, if nothing
   * can be added to it), or what all of them begin with. It is the word itself where
   * that would say less than the word does.
   */
  readonly text: string;
  /** No more than anyone would read. */
  readonly candidates: readonly Candidate[];
  /** How many there are. */
  readonly total: number;
}

/** How many candidates are told at most; there may be a hundred thousand functions. */
const MOST = 1000;

const CONFIG_ACTIONS: readonly Word[] = [
  { name: "save", summary: "Save the options under a name" },
  { name: "load", summary: "Set the options as they were saved" },
  { name: "delete", summary: "Forget what was saved" },
  { name: "list", summary: "The names there are" },
];

/** Completes the word at the end of a line of the shell. */
export function complete(line: string, model: CompletionModel): Completion {
  const assignment = /^\s*(\w+)\s*=\s*/.exec(line);
  if (assignment) {
    const variable = model.variables.find(({ name }) => name === assignment[1]);
    if (!variable) return nothing(line);
    return completeValue(line, assignment[0].length, variable.value, model);
  }
  const start = (/^.*\s/s.exec(line)?.[0] ?? "").length;
  const before = line.slice(0, start).split(/\s+/).filter(Boolean);
  const [command] = before;
  if (command === undefined) return ofWords(line, start, firstWords(model));
  if (command === "help") {
    return before.length === 1 ? ofWords(line, start, describedWords(model)) : nothing(line);
  }
  if (command === "config") return completeConfig(line, start, before, model);
  const report = findReport(command, model);
  return report ? completeArgument(line, start, before, report, model) : nothing(line);
}

/** The report that a word asks for, which may end with a number of rows. */
function findReport(word: string, { commands }: CompletionModel): CommandWord | undefined {
  const withName = (wanted: string) => commands.find(({ name }) => name === wanted);
  return withName(word) ?? withName(word.replace(/\d+$/, ""));
}

/** A word that may be written: `isOpen` if something has to follow it at once. */
interface Offer extends Word {
  readonly isOpen?: boolean;
  readonly label?: string;
}

/** The words of the shell that are neither reports nor variables; letters alone need no completion. */
const wordsBeside: readonly Word[] = SHELL_WORDS.flatMap(({ name, aliases, summary }) =>
  [name, ...aliases].filter((word) => word.length > 1).map((word) => ({ name: word, summary })),
);

function firstWords(model: CompletionModel): Offer[] {
  const { commands, variables } = model;
  const settings = variables.flatMap((variable): Offer[] => {
    const { name, summary, value } = variable;
    if (value.kind === "bool") return [{ name, summary }];
    return [{ name: `${name}=`, summary, isOpen: true }, ...switchesOf(variable)];
  });
  const types = model.sampleTypes().filter((type) => isSafe(type) && /^[^\s=]+$/.test(type));
  const shortcuts = types.flatMap((type) => [
    { name: type, summary: `sample_index=${type}` },
    { name: `total_${type}`, summary: `sample_index=${type}, mean=0` },
    { name: `mean_${type}`, summary: `sample_index=${type}, mean=1` },
  ]);
  return [...commands, ...wordsBeside, ...settings, ...shortcuts];
}

/** What `help` knows of. */
function describedWords({ commands, variables }: CompletionModel): Offer[] {
  return [
    ...commands,
    ...wordsBeside,
    ...variables.flatMap((variable) => [variable, ...switchesOf(variable)]),
  ];
}

function switchesOf({ value }: VariableWord): readonly Word[] {
  return value.kind === "words" && value.areSwitches ? value.words : [];
}

function completeConfig(
  line: string,
  start: number,
  [, action, ...rest]: readonly string[],
  model: CompletionModel,
): Completion {
  if (action === undefined) return ofWords(line, start, CONFIG_ACTIONS);
  if (!/^(save|load|delete)$/.test(action) || rest.length > 0) return nothing(line);
  return ofWords(line, start, literal(model.savedConfigs().filter(isOneWord)));
}

function completeArgument(
  line: string,
  start: number,
  before: readonly string[],
  report: CommandWord,
  model: CompletionModel,
): Completion {
  const word = line.slice(start);
  if (before.at(-1) === ">") return ofFiles(line, start, model, isOneWord);
  if (word.startsWith(">")) return ofFiles(line, start + 1, model, isOneWord);
  const isIgnored = word.startsWith("-");
  const from = isIgnored ? start + 1 : start;
  if (report.about === "tags") {
    return ofTagFilter(line, from, model, (key) => isOneWord(key) && /^[^->]/.test(key), " ");
  }
  const names = model.functionNames();
  return ofPatterns(line, from, isIgnored ? ["cum", ...names] : names, {
    after: " ",
    write: (name) => (isIgnored && name === "cum" ? name : patternOf(name)),
  });
}

/** The value of a variable, which reaches to the end of the line and may hold blanks. */
function completeValue(
  line: string,
  start: number,
  value: VariableValue,
  model: CompletionModel,
): Completion {
  switch (value.kind) {
    case "bool":
      return ofWords(line, start, literal(["true", "false"]), "");
    case "words":
      return ofWords(line, start, value.words, "");
    case "sample-type":
      return ofWords(line, start, literal(model.sampleTypes().filter(isValue)), "");
    case "functions":
      return ofPatterns(line, start, model.functionNames(), { after: "", write: patternOf });
    case "tag-filter":
      return ofTagFilter(line, start, model, isValue, "");
    case "tag-pattern":
      return ofPatterns(line, start, model.tagKeys(), { after: "", write: patternOf });
    case "tag-keys": {
      const keys = model.tagKeys().filter((key) => isValue(key) && !key.includes(","));
      return ofWords(line, endOf(line, start, ","), literal(keys), "");
    }
    case "file":
      return ofFiles(line, start, model, isValue);
    case "folders": {
      const isFolder = (path: string) => isValue(path) && path.endsWith("/");
      return ofFiles(line, endOf(line, start, ":"), model, isFolder);
    }
    default:
      return nothing(line);
  }
}

/** Behind the last `separator` from `start` on, or `start`. */
function endOf(line: string, start: number, separator: string): number {
  return Math.max(start, line.lastIndexOf(separator) + 1);
}

/** Whether a name from outside can be written and shown as it is. */
function isSafe(name: string): boolean {
  return name !== "" && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name);
}

function isOneWord(name: string): boolean {
  return isSafe(name) && !/\s/.test(name);
}

/** Whether it can be the whole value of a variable. */
function isValue(name: string): boolean {
  return isSafe(name) && name.trim() === name && !name.includes("//:");
}

function literal(names: readonly string[]): Offer[] {
  return [...new Set(names)].map((name) => ({ name, summary: "" }));
}

function nothing(line: string): Completion {
  return { start: line.length, text: "", candidates: [], total: 0 };
}

/** Words that begin with what was typed, in any case of letters if none does in this. */
function ofWords(line: string, start: number, offers: readonly Offer[], after = " "): Completion {
  const typed = line.slice(start);
  // Where two have the same name the first counts, as it does when it is run.
  const words = [...new Map(offers.toReversed().map((offer) => [offer.name, offer])).values()];
  words.reverse();
  const exact = words.filter(({ name }) => name.startsWith(typed));
  const lower = typed.toLowerCase();
  const found =
    exact.length > 0 ? exact : words.filter(({ name }) => name.toLowerCase().startsWith(lower));
  if (found.length === 0) return nothing(line);
  const common = commonBeginning(found.map(({ name }) => name));
  const end = found.length === 1 && !found[0].isOpen ? after : "";
  return {
    start,
    text: holds(common, typed) ? common + end : typed,
    candidates: found
      .slice(0, MOST)
      .map(({ name, label = name, summary }) => ({ text: name, label, summary })),
    total: found.length,
  };
}

function ofFiles(
  line: string,
  start: number,
  model: CompletionModel,
  isOffered: (path: string) => boolean,
): Completion {
  const typed = line.slice(start);
  // A folder is not in itself.
  const isWithin = (path: string) => path !== typed || !path.endsWith("/");
  const paths = model.files(typed).filter((path) => isOffered(path) && isWithin(path));
  const offers = paths.map((path) => ({
    name: path,
    label: /[^/]*\/?$/.exec(path)?.[0] ?? path,
    summary: "",
    isOpen: path.endsWith("/"),
  }));
  return ofWords(line, start, offers, isOffered === isOneWord ? " " : "");
}

/** `KEY=` (written as it is), then patterns for its values with commas between them. */
function ofTagFilter(
  line: string,
  start: number,
  model: CompletionModel,
  isKey: (key: string) => boolean,
  after: string,
): Completion {
  const equals = line.indexOf("=", start);
  if (equals < 0) {
    const keys = model.tagKeys().filter((key) => isKey(key) && !key.includes("="));
    const offers = literal(keys).map((key) => ({ ...key, name: `${key.name}=`, isOpen: true }));
    return ofWords(line, start, offers);
  }
  const values = model.tagValues(line.slice(start, equals));
  const from = endOf(line, equals + 1, ",");
  // A comma would end the pattern, and what looks like a number is compared as one.
  const names = values.map((value) => value.replaceAll(",", "."));
  const write = (value: string) => (/^[-+:\d]/.test(value) ? "^" : "") + escapeName(value);
  return ofPatterns(line, from, names, { after, write });
}

interface PatternStyle {
  /** What follows a complete one. */
  readonly after: string;
  /** The pattern for a name, as {@link printable} shows it. */
  readonly write: (name: string) => string;
}

/** Patterns for names: for the word that was typed, or for its last alternative. */
function ofPatterns(
  line: string,
  start: number,
  names: readonly string[],
  { after, write }: PatternStyle,
): Completion {
  const word = line.slice(start);
  const whole = patternsFor(line, start, answers(names, namedBy(word)), after, write);
  if (whole.total > 0) return whole;
  const from = start + lastAlternative(word);
  if (from === start) return nothing(line);
  const found = answers(names, namedBy(line.slice(from)));
  return patternsFor(line, from, found, after, escapeName);
}

function patternsFor(
  line: string,
  start: number,
  found: readonly string[],
  after: string,
  write: (name: string) => string,
): Completion {
  if (found.length === 0) return nothing(line);
  const word = line.slice(start);
  const typed = namedBy(word);
  const common = commonBeginning(found);
  const isMore = found.length === 1 || (common.length > typed.length && holds(common, typed));
  return {
    start,
    text: isMore ? write(common) + (found.length === 1 ? after : "") : word,
    candidates: found
      .slice(0, MOST)
      .map((name) => ({ text: write(name), label: name, summary: "" })),
    total: found.length,
  };
}

/** Where the last alternative of a regular expression begins, behind a `^` that it has. */
function lastAlternative(pattern: string): number {
  return /^(?:(?:\\.|[^\\])*[|(])?\^?/s.exec(pattern)?.[0].length ?? 0;
}
