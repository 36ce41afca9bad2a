import {
  commonBeginning,
  containsIgnoringCase,
  escapeName,
  matchingNames,
  namedBy,
  patternOf,
  printable,
} from "./name-pattern.js";
import { SHELL_WORDS } from "./words.js";

/** A word that the completion offers. */
export interface Word {
  readonly name: string;
  /** One line; may be empty. */
  readonly summary: string;
}

export interface CommandWord extends Word {
  /** The names that its regular expressions match. */
  readonly about: "functions" | "tags";
}

export interface VariableWord extends Word {
  readonly value: VariableValue;
}

export type VariableValue =
  | { readonly kind: "bool" }
  /** One of a few words. With `areSwitches`, each word alone sets the variable too. */
  | { readonly kind: "words"; readonly words: readonly Word[]; readonly areSwitches?: true }
  | {
      readonly kind:
        | "sample-type"
        /** A regular expression over functions. */
        | "functions"
        /** `KEY=` and regular expressions, separated by commas. */
        | "tag-filter"
        /** A regular expression over tag keys. */
        | "tag-pattern"
        /** Tag keys, separated by commas. */
        | "tag-keys"
        | "file"
        /** Folders, separated by `:`. */
        | "folders"
        | "free";
    };

/** The words that can be completed. The methods collect names from the profile when called. */
export interface CompletionModel {
  /** The reports, by name and alias. */
  readonly commands: readonly CommandWord[];
  readonly variables: readonly VariableWord[];
  /** The sample types. Each is a shortcut that selects it, as are `total_X` and `mean_X`. */
  sampleTypes(): readonly string[];
  /** In the order of the offers. */
  functionNames(): readonly string[];
  tagKeys(): readonly string[];
  tagValues(key: string): readonly string[];
  /** Returns paths that begin with `prefix`. Folders end with `/`. */
  files(prefix: string): readonly string[];
  savedConfigs(): readonly string[];
}

export interface Candidate {
  /** The text that replaces the word. */
  readonly text: string;
  /** The text in lists, without control characters. */
  readonly label: string;
  readonly summary: string;
}

export interface Completion {
  /** The index at which the word begins. */
  readonly start: number;
  /**
   * The new word: the only candidate, or the common beginning of all. Never shorter than before.
   */
  readonly text: string;
  /** At most {@link MAX_CANDIDATES}. */
  readonly candidates: readonly Candidate[];
  readonly total: number;
}

/** The maximum length of a list; a profile may have 100,000 functions. */
const MAX_CANDIDATES = 1000;

const CONFIG_ACTIONS: readonly Word[] = [
  { name: "save", summary: "Save the options under a name" },
  { name: "load", summary: "Set the options to the saved values" },
  { name: "delete", summary: "Delete the saved options" },
  { name: "list", summary: "List the saved names" },
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

/** Returns the report that a word names. The word may end with a number of rows. */
function findReport(word: string, { commands }: CompletionModel): CommandWord | undefined {
  const withName = (wanted: string) => commands.find(({ name }) => name === wanted);
  return withName(word) ?? withName(word.replace(/\d+$/, ""));
}

/** A word to offer. `isOpen` is set if more text must follow without a blank. */
interface Offer extends Word {
  readonly isOpen?: boolean;
  readonly label?: string;
}

/** The other words of the shell. One-letter words need no completion. */
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

/** The topics of `help`. */
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

/** Completes the value of a variable, which extends to the end of the line and may have blanks. */
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

/** Returns the index after the last `separator` at or after `start`; `start` if there is none. */
function endOf(line: string, start: number, separator: string): number {
  return Math.max(start, line.lastIndexOf(separator) + 1);
}

/** Whether a name from a file can be typed and shown unchanged. */
function isSafe(name: string): boolean {
  return name !== "" && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name);
}

function isOneWord(name: string): boolean {
  return isSafe(name) && !/\s/.test(name);
}

/** Whether a name can be the whole value of a variable. */
function isValue(name: string): boolean {
  return isSafe(name) && name.trim() === name && !name.includes("//:");
}

function literal(names: readonly string[]): Offer[] {
  return [...new Set(names)].map((name) => ({ name, summary: "" }));
}

function nothing(line: string): Completion {
  return { start: line.length, text: "", candidates: [], total: 0 };
}

/** Returns the words that begin with the typed text; ignores the case if none does otherwise. */
function ofWords(line: string, start: number, offers: readonly Offer[], after = " "): Completion {
  const typed = line.slice(start);
  // If two words have the same name, the shell runs the first.
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
    text: containsIgnoringCase(common, typed) ? common + end : typed,
    candidates: found
      .slice(0, MAX_CANDIDATES)
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
  // The folder itself is not one of its files.
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

/** Completes a tag filter: `KEY=`, then patterns for its values, separated by commas. */
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
  // A comma would end the pattern, and a number would be compared as a number.
  const names = values.map((value) => value.replaceAll(",", "."));
  const write = (value: string) => (/^[-+:\d]/.test(value) ? "^" : "") + escapeName(value);
  return ofPatterns(line, from, names, { after, write });
}

interface PatternStyle {
  /** The text after a complete pattern. */
  readonly after: string;
  /** Returns the pattern for a name, as {@link printable} shows it. */
  readonly write: (name: string) => string;
}

/** Completes patterns for names: the typed word, or its last alternative. */
function ofPatterns(
  line: string,
  start: number,
  names: readonly string[],
  { after, write }: PatternStyle,
): Completion {
  const word = line.slice(start);
  const whole = patternsFor(line, start, matchingNames(names, namedBy(word)), after, write);
  if (whole.total > 0) return whole;
  const from = start + lastAlternative(word);
  if (from === start) return nothing(line);
  const found = matchingNames(names, namedBy(line.slice(from)));
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
  const isMore =
    found.length === 1 || (common.length > typed.length && containsIgnoringCase(common, typed));
  return {
    start,
    text: isMore ? write(common) + (found.length === 1 ? after : "") : word,
    candidates: found
      .slice(0, MAX_CANDIDATES)
      .map((name) => ({ text: write(name), label: name, summary: "" })),
    total: found.length,
  };
}

/** Returns the index of the last alternative of a regular expression, after its `^`. */
function lastAlternative(pattern: string): number {
  return /^(?:(?:\\.|[^\\])*[|(])?\^?/s.exec(pattern)?.[0].length ?? 0;
}
