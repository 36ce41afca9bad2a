import { type NodeValues, sumNodes } from "../graph/node-values.js";
import { presentNodes } from "../graph/trim.js";
import { int64At } from "../profile/columns.js";
import { ProfileError } from "../profile/errors.js";
import { compareUtf8, encodeUtf8 } from "../profile/utf8.js";
import { add, type Int64 } from "../units/int64.js";
import type { Pattern } from "../view/matcher.js";
import type { NodeIndex, NodeTable } from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import type { ReportInput } from "./input.js";
import type { ValueFormat } from "./value-format.js";

export interface SourceText {
  /** The path where the file was found, if it differs from the path in the profile. */
  readonly foundAt?: string | undefined;
  readonly lineCount: number;
  /** Returns a line without its line break. `number` is from 1 to {@link lineCount}. */
  line(number: number): string;
}

/** Finds source files. Returns the reason in one line if a file cannot be read. */
export interface SourceReader {
  read(file: string): SourceText | { readonly problem: string };
}

/** A source line with its values. Both values are 0 for most lines. */
export interface ListedLine {
  readonly number: number;
  readonly text: string;
  readonly flat: Int64;
  readonly cum: Int64;
}

/** The part of a function in one source file. Inlining can mix code of several files. */
export interface ListedFile {
  readonly file: string;
  readonly flat: Int64;
  readonly cum: Int64;
  /** Consecutive lines, from the start of the function to a few after the last with samples. */
  readonly lines: readonly ListedLine[];
  /** Why there are no lines. */
  readonly problem: string | undefined;
  readonly foundAt: string | undefined;
}

export interface ListedFunction {
  readonly name: string;
  /** Empty if the profile does not name source files. */
  readonly files: readonly ListedFile[];
}

export interface ListReport {
  /** Without a unit in the options, each value is printed in a unit of its own. */
  readonly format: ValueFormat;
  readonly total: Int64;
  readonly activeFilters: readonly string[];
  /** Sorted by name; at least one. */
  readonly functions: readonly ListedFunction[];
}

/**
 * Lists the functions whose name matches `pattern`. Throws a ProfileError if there are none. Values
 * are sums even for means, because pprof divides only the total.
 */
export function list(
  input: ReportInput,
  pattern: Pattern,
  patternText: string,
  sources: SourceReader,
): ListReport {
  const { view, value, total, unit, ratio } = input;
  const nodes = buildNodes(view, input.nodes);
  const values = sumNodes(view, nodes, value);
  const functions = matchingFunctions(
    nodes,
    presentNodes(values, input.trim.dropNegative),
    pattern,
  );
  if (functions.size === 0) throw new ProfileError(`no matches found for regexp: ${patternText}`);

  const listing = new Listing(nodes, values, sources);
  return {
    format: { from: value.unit, to: unit, ratio },
    total,
    activeFilters: input.activeFilters,
    functions: sortedByName(functions).map(([name, members]) => ({
      name,
      files: sortedByName(groupBy(members, (node) => nodes.file(node)))
        .filter(([file]) => file !== "")
        .map(([file, members]) => listing.file(name, file, members)),
    })),
  };
}

/**
 * Returns the nodes of each matching function, by its printed name. The pattern also matches the name alone.
 * Nodes without a function have the empty name.
 */
function matchingFunctions(
  nodes: NodeTable,
  present: readonly NodeIndex[],
  pattern: Pattern,
): Map<string, NodeIndex[]> {
  const functions = groupBy(present, (node) => nodes.printedFunction(node));
  /** By name: functions of several files may have the same long name. */
  const answers = new Map<string, boolean>();
  const matches = (name: string) => {
    const answer = answers.get(name) ?? pattern.test(encodeUtf8(name));
    answers.set(name, answer);
    return answer;
  };
  for (const [name, [first]] of functions) {
    if (!matches(name) && !matches(nodes.functionName(first))) functions.delete(name);
  }
  return functions;
}

function groupBy<K>(list: readonly NodeIndex[], key: (node: NodeIndex) => K): Map<K, NodeIndex[]> {
  const groups = new Map<K, NodeIndex[]>();
  for (const node of list) {
    const group = groups.get(key(node));
    if (group) group.push(node);
    else groups.set(key(node), [node]);
  }
  return groups;
}

function sortedByName<T>(groups: ReadonlyMap<string, T>): [string, T][] {
  return [...groups].sort(([a], [b]) => compareUtf8(a, b));
}

/** Lines shown after the last one with samples, and before the first if the start is unknown. */
const MARGIN_LINES = 5;

/** The maximum size of the listing in characters, including the columns before each line. */
const MAX_CHARACTERS = 2 ** 27;
const PREFIX_CHARACTERS = 30;

class Listing {
  readonly #nodes: NodeTable;
  readonly #values: NodeValues;
  readonly #sources: SourceReader;
  #remaining = MAX_CHARACTERS;
  /** By source file that could not be read: the reason. */
  readonly #problems = new Map<string, string>();

  constructor(nodes: NodeTable, values: NodeValues, sources: SourceReader) {
    this.#nodes = nodes;
    this.#values = values;
    this.#sources = sources;
  }

  /** Lists the lines of `file` around `members`, the nodes (at least one) of the function. */
  file(name: string, file: string, members: readonly NodeIndex[]): ListedFile {
    const { first, last } = this.#extent(members);
    // A function that ends before it starts has no lines, so its file is not read.
    const source = first <= last ? this.#sources.read(file) : undefined;
    this.#countCharacters(name.length + file.length);
    if (source && "problem" in source) this.#problems.set(file, source.problem);
    const text = source && "lineCount" in source ? source : undefined;
    return {
      file,
      ...this.#sum(members),
      lines: text ? this.#lines(text, first, last, members) : [],
      problem: this.#problems.get(file),
      foundAt: text?.foundAt,
    };
  }

  /** Returns the lines to show. pprof's depend on a random order; these are all it can show. */
  #extent(members: readonly NodeIndex[]): { first: Int64; last: Int64 } {
    let first: Int64 | undefined;
    let last: Int64 | undefined;
    for (const node of members) {
      const line = this.#nodes.line(node);
      const start = this.#nodes.startLine(node) || add(line, -MARGIN_LINES);
      const end = add(line, MARGIN_LINES);
      if (first === undefined || start < first) first = start;
      if (last === undefined || end > last) last = end;
    }
    return { first: first === undefined || first < 1 ? 1 : first, last: last ?? 0 };
  }

  /** Counts a line towards the maximum size. Throws a ProfileError if that is exceeded. */
  #countCharacters(length: number): void {
    this.#remaining -= PREFIX_CHARACTERS + length;
    if (this.#remaining < 0) {
      throw new ProfileError("the listing is too long; name fewer functions at a time");
    }
  }

  #sum(members: readonly NodeIndex[]): { flat: Int64; cum: Int64 } {
    let flat: Int64 = 0;
    let cum: Int64 = 0;
    for (const node of members) {
      flat = add(flat, int64At(this.#values.flat, node));
      cum = add(cum, int64At(this.#values.cum, node));
    }
    return { flat, cum };
  }

  #lines(text: SourceText, first: Int64, last: Int64, members: readonly NodeIndex[]): ListedLine[] {
    const byLine = groupBy(members, (node) => this.#nodes.line(node));
    const end = last < text.lineCount ? Number(last) : text.lineCount;
    const lines: ListedLine[] = [];
    for (let number = Number(first); number <= end; number++) {
      const line = text.line(number);
      this.#countCharacters(line.length);
      lines.push({ number, text: line, ...this.#sum(byLine.get(number) ?? []) });
    }
    return lines;
  }
}
