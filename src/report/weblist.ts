import { ProfileError } from "../profile/errors.js";
import type { Int64 } from "../units/int64.js";
import { add, sum } from "../units/int64.js";
import { exactName } from "../view/exact-filters.js";
import type { Pattern } from "../view/matcher.js";
import { basePath } from "../view/paths.js";
import { parseAddress } from "./code-address.js";
import type { ReportInput } from "./input.js";
import { type ProfileLegend, profileLegend } from "./legend.js";
import type { SourceReader, SourceText } from "./list.js";
import type { MachineCode } from "./machine-code.js";
import { languageOf, SyntaxReader, type Token } from "./syntax.js";
import type { ValueFormat } from "./value-format.js";
import { findAddresses } from "./weblist-addresses.js";
import {
  type CompiledCode,
  type CompiledFile,
  findCode,
  type InlinedAddress,
} from "./weblist-code.js";

export interface InlinedCall {
  /** The number of inlined calls around it. */
  readonly depth: number;
  /** The source line, trimmed; empty if it is not known. */
  readonly text: string;
  /** The name of the source file without its folder. */
  readonly file: string;
  readonly line: number;
}

/** An instruction of a source line. Without machine code, an address of samples takes its place. */
export interface LineInstruction {
  /** Whether the instruction does not directly follow the previous one. */
  readonly startsBlock: boolean;
  readonly flat: Int64;
  readonly cum: Int64;
  /** The address in the file. */
  readonly address: bigint;
  /** Empty if the machine code is not available. */
  readonly text: string;
  /** The number of inlined calls around the instruction. */
  readonly depth: number;
  /** The inlined calls around it that do not also contain the previous instruction. */
  readonly calls: readonly InlinedCall[];
  /** The source file of the innermost call, without its folder. {@link line} is the line there. */
  readonly file: string;
  readonly line: number;
}

/** A source line with its instructions and their values. */
export interface WeblistLine {
  /** 0 for instructions whose line is not known. */
  readonly number: number;
  /** Undefined if the source file is not available. */
  readonly text: string | undefined;
  /** The coloured parts of {@link text}. */
  readonly tokens: readonly Token[];
  /** Whether lines of the function are left out before this one. */
  readonly startsPiece: boolean;
  readonly flat: Int64;
  readonly cum: Int64;
  readonly instructions: readonly LineInstruction[];
}

/** The lines of a function with a value, with some lines around them. */
export interface WeblistFunction {
  readonly name: string;
  readonly file: string;
  readonly flat: Int64;
  readonly cum: Int64;
  readonly lines: readonly WeblistLine[];
  /** Why there is no source. */
  readonly problem: string | undefined;
}

export interface WeblistReport {
  readonly legend: ProfileLegend;
  readonly activeFilters: readonly string[];
  /** The pattern, or the name if it matches only this one. Empty for all functions. */
  readonly subject: string;
  readonly format: ValueFormat;
  readonly total: Int64;
  /** Sorted by flat value, highest first. */
  readonly functions: readonly WeblistFunction[];
  /** The errors in reading machine code, one line each. */
  readonly problems: readonly string[];
}

/**
 * Makes the page of the functions whose name, file or binary matches `pattern`. Its text
 * `patternText` may also be an address. Rejects with a ProfileError if there are none.
 */
export async function weblist(
  input: ReportInput,
  pattern: Pattern,
  patternText: string,
  machineCode: MachineCode,
  sources: SourceReader,
): Promise<WeblistReport> {
  const { view, value, total, unit, ratio } = input;
  const found = findAddresses(input, pattern, parseAddress(patternText));
  if (found.interest.size === 0) {
    throw new ProfileError(`no matches found for regexp: ${patternText}`);
  }
  const code = await findCode(view.profile, found, machineCode);
  const listing = new Listing(code, found.readableNames, sources);
  return {
    legend: profileLegend(view.profile, value, total),
    activeFilters: input.activeFilters,
    subject: exactName(patternText) ?? patternText,
    format: { from: value.unit, to: unit, ratio },
    total,
    functions: code.files
      .flatMap((file) => listing.functions(file))
      .sort((a, b) => size(b.flat) - size(a.flat) || size(b.cum) - size(a.cum)),
    problems: code.problems,
  };
}

function size(value: Int64): number {
  return Math.abs(Number(value));
}

/** The lines `[begin, end)` of a function in a source file. */
interface Extent {
  readonly name: string;
  begin: number;
  end: number;
  flat: Int64;
  cum: Int64;
}

/** Lines of a function with at most this distance are shown as one piece. */
const MAX_MERGED_GAP = 20;
/** The number of lines shown before and after a piece. */
const MARGIN_LINES = 5;

/** The maximum size of the page in characters. */
const MAX_PAGE_CHARACTERS = 2 ** 26;
/** The approximate size of the markup of a line or an instruction. */
const CHARACTERS_PER_ROW = 200;

class Listing {
  readonly #code: CompiledCode;
  readonly #readableNames: ReadonlyMap<string, string>;
  readonly #sources: SourceReader;
  #remaining = MAX_PAGE_CHARACTERS;

  constructor(
    code: CompiledCode,
    readableNames: ReadonlyMap<string, string>,
    sources: SourceReader,
  ) {
    this.#code = code;
    this.#readableNames = readableNames;
    this.#sources = sources;
  }

  /** Returns the functions of a file that have a value. */
  functions(file: CompiledFile): WeblistFunction[] {
    const shown = this.#extents(file).filter(({ cum }) => cum !== 0);
    if (shown.length === 0) return [];
    const source = this.#sources.read(file.name);
    const problem = "problem" in source ? source.problem : undefined;
    const text = "problem" in source ? undefined : source;
    const tokens = text && tokensOf(file.name, text, shown);
    const names = new Set(shown.map(({ name }) => name));
    return [...names].map((name) => {
      const pieces = shown.filter((extent) => extent.name === name);
      return {
        name,
        file: file.name,
        flat: sum(pieces.map(({ flat }) => flat)),
        cum: sum(pieces.map(({ cum }) => cum)),
        lines: pieces.flatMap((piece, i) => this.#lines(file, piece, text, tokens, i > 0)),
        problem,
      };
    });
  }

  /** Returns the pieces of a file in the order of lines, each with some lines around it. */
  #extents(file: CompiledFile): Extent[] {
    const extents: Extent[] = [];
    const lines = [...file.lines].sort(([a], [b]) => a - b);
    for (const [line, { functionName, addresses }] of lines) {
      const name = this.#readableNames.get(functionName) ?? functionName;
      const { flat, cum } = this.#sum(addresses);
      const last = extents.at(-1);
      if (last && line - last.end < MAX_MERGED_GAP && last.name === name) {
        last.end = line + 1;
        last.flat = add(last.flat, flat);
        last.cum = add(last.cum, cum);
      } else {
        extents.push({ name, begin: line, end: line + 1, flat, cum });
      }
    }
    extents.forEach((extent, i) => {
      const before = extents[i - 1];
      if (before) {
        const half = Math.min(Math.trunc((extent.begin - before.end) / 2), MARGIN_LINES);
        before.end += half;
        extent.begin -= half;
      } else if (extent.begin > 1) {
        // Line 0 has no neighbours.
        extent.begin = Math.max(1, extent.begin - MARGIN_LINES);
      }
    });
    const last = extents.at(-1);
    if (last) last.end += MARGIN_LINES;
    return extents;
  }

  #sum(addresses: readonly InlinedAddress[]): { flat: Int64; cum: Int64 } {
    let flat: Int64 = 0;
    let cum: Int64 = 0;
    for (const { address } of addresses) {
      const code = this.#code.code.get(address);
      flat = add(flat, code?.flat ?? 0);
      cum = add(cum, code?.cum ?? 0);
    }
    return { flat, cum };
  }

  #lines(
    file: CompiledFile,
    { begin, end }: Extent,
    source: SourceText | undefined,
    tokens: ReadonlyMap<number, readonly Token[]> | undefined,
    startsPiece: boolean,
  ): WeblistLine[] {
    const lines: WeblistLine[] = [];
    for (let number = begin; number < end; number++) {
      const addresses = file.lines.get(number)?.addresses ?? [];
      const text = sourceLine(source, number);
      if (text === undefined && addresses.length === 0) continue;
      this.#countCharacters(text ?? "");
      lines.push({
        number,
        text,
        tokens: tokens?.get(number) ?? [],
        startsPiece: startsPiece && lines.length === 0,
        ...this.#sum(addresses),
        instructions: this.#instructions(addresses),
      });
    }
    return lines;
  }

  #instructions(addresses: readonly InlinedAddress[]): LineInstruction[] {
    const instructions: LineInstruction[] = [];
    let calls: InlinedAddress["calls"] = [];
    let next: bigint | undefined;
    for (const inlined of addresses) {
      const code = this.#code.code.get(inlined.address);
      if (!code) continue;
      const same = commonPrefix(calls, inlined.calls);
      this.#countCharacters(code.text);
      instructions.push({
        startsBlock: next !== undefined && inlined.address !== next,
        flat: code.flat,
        cum: code.cum,
        address: code.addressInFile,
        text: code.text,
        depth: inlined.calls.length,
        calls: inlined.calls.slice(same).map(({ file, line }, i) => {
          const text = sourceLine(this.#source(file), line)?.trim() ?? "";
          this.#countCharacters(text);
          return { depth: same + i, text, file: basePath(file), line };
        }),
        file: code.file === "" ? "" : basePath(code.file),
        line: code.line,
      });
      next = inlined.address + BigInt(code.length);
      calls = inlined.calls;
    }
    return instructions;
  }

  #source(file: string): SourceText | undefined {
    const source = this.#sources.read(file);
    return "problem" in source ? undefined : source;
  }

  #countCharacters(text: string): void {
    this.#remaining -= CHARACTERS_PER_ROW + text.length;
    if (this.#remaining < 0) {
      throw new ProfileError("the page is too long; name fewer functions at a time");
    }
  }
}

/** Returns the tokens of the lines in `extents`, which are sorted. */
function tokensOf(
  file: string,
  source: SourceText,
  extents: readonly Extent[],
): ReadonlyMap<number, readonly Token[]> {
  const tokens = new Map<number, readonly Token[]>();
  const language = languageOf(file);
  const end = Math.min(source.lineCount + 1, extents.at(-1)?.end ?? 0);
  if (!language) return tokens;
  const reader = new SyntaxReader(language);
  let next = 0;
  // A literal may begin before the first line that is shown.
  for (let number = 1; number < end; number++) {
    const found = reader.read(source.line(number));
    while (number >= extents[next].end) next++;
    if (number >= extents[next].begin) tokens.set(number, found);
  }
  return tokens;
}

function sourceLine(source: SourceText | undefined, number: number): string | undefined {
  return source && number >= 1 && number <= source.lineCount ? source.line(number) : undefined;
}

/** Returns the number of outermost calls that two instructions have in common. */
function commonPrefix(a: InlinedAddress["calls"], b: InlinedAddress["calls"]): number {
  let same = 0;
  while (
    same < a.length &&
    same < b.length &&
    a[same].file === b[same].file &&
    a[same].line === b[same].line
  ) {
    same++;
  }
  return same;
}
