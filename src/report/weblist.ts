import { ProfileError } from "../profile/errors.js";
import type { Int64 } from "../units/int64.js";
import { add } from "../units/int64.js";
import type { Pattern } from "../view/matcher.js";
import { basePath } from "../view/paths.js";
import { parseAddress } from "./code-address.js";
import type { ReportInput } from "./input.js";
import { type ProfileLegend, profileLegend } from "./legend.js";
import type { SourceReader, SourceText } from "./list.js";
import type { MachineCode } from "./machine-code.js";
import type { ValueFormat } from "./value-format.js";
import { findAddresses } from "./weblist-addresses.js";
import {
  type CompiledCode,
  type CompiledFile,
  findCode,
  type InlinedAddress,
} from "./weblist-code.js";

/** A call that was inlined: where it is made. */
export interface InlinedCall {
  /** How many calls it is within. */
  readonly depth: number;
  /** The source of the line, without the blanks around it; empty where it is not known. */
  readonly text: string;
  /** The name of the source file without its folder. */
  readonly file: string;
  readonly line: number;
}

/** An instruction that a line of source became, or a place in code that is not at hand. */
export interface LineInstruction {
  /** Whether it does not follow on the one before. */
  readonly startsBlock: boolean;
  readonly flat: Int64;
  readonly cum: Int64;
  /** In the file of the binary. */
  readonly address: bigint;
  /** Empty for a place whose code is not at hand. */
  readonly text: string;
  /** How many inlined calls it is within. */
  readonly depth: number;
  /** Those of the calls that the instruction before is not in. */
  readonly calls: readonly InlinedCall[];
  /** The source file that the innermost call leads to, without its folder, and the line. */
  readonly file: string;
  readonly line: number;
}

/** A line of source, with what its instructions take. */
export interface WeblistLine {
  /** 0 for all instructions whose line is not known. */
  readonly number: number;
  /** Undefined where the source is not at hand. */
  readonly text: string | undefined;
  readonly flat: Int64;
  readonly cum: Int64;
  readonly instructions: readonly LineInstruction[];
}

/** Lines of a function that lie close together, with those around them. */
export interface WeblistFunction {
  readonly name: string;
  readonly file: string;
  readonly flat: Int64;
  readonly cum: Int64;
  readonly lines: readonly WeblistLine[];
  /** Why there is no source. */
  readonly problem: string | undefined;
}

/** The source of functions, each line with its machine code. */
export interface WeblistReport {
  readonly legend: ProfileLegend;
  readonly activeFilters: readonly string[];
  readonly patternText: string;
  /** Each value is printed in a unit of its own, where none is asked for. */
  readonly format: ValueFormat;
  readonly total: Int64;
  /** By file and line. */
  readonly functions: readonly WeblistFunction[];
  /** What went wrong with the machine code, a line each. */
  readonly problems: readonly string[];
}

/**
 * Makes the page of the functions whose name, file or binary matches `pattern`, whose text is
 * `patternText` and may be an address. Rejects with a ProfileError where there are none.
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
    patternText,
    format: { from: value.unit, to: unit, ratio },
    total,
    functions: code.files.flatMap((file) => listing.functions(file)),
    problems: code.problems,
  };
}

/** Lines of a function in a file: from `begin` up to `end`. */
interface Extent {
  readonly name: string;
  begin: number;
  end: number;
  flat: Int64;
  cum: Int64;
}

/** So far apart lines of a function may be to be shown as one piece. */
const MAX_MERGED_GAP = 20;
/** So many lines are shown before and behind. */
const MARGIN_LINES = 5;

/** In letters: what a page can hold, and nobody reads. */
const MAX_PAGE_CHARACTERS = 2 ** 26;
/** What is written for a line or an instruction beside its text, about. */
const CHARACTERS_PER_ROW = 200;

class Listing {
  readonly #code: CompiledCode;
  readonly #readableNames: ReadonlyMap<string, string>;
  readonly #sources: SourceReader;
  /** What is left of {@link MAX_PAGE_CHARACTERS}. */
  #room = MAX_PAGE_CHARACTERS;

  constructor(
    code: CompiledCode,
    readableNames: ReadonlyMap<string, string>,
    sources: SourceReader,
  ) {
    this.#code = code;
    this.#readableNames = readableNames;
    this.#sources = sources;
  }

  /** The functions of a file that take anything. */
  functions(file: CompiledFile): WeblistFunction[] {
    const shown = this.#extents(file).filter(({ cum }) => cum !== 0);
    if (shown.length === 0) return [];
    const source = this.#sources.read(file.name);
    const problem = "problem" in source ? source.problem : undefined;
    const text = "problem" in source ? undefined : source;
    return shown.map((extent) => ({
      name: extent.name,
      file: file.name,
      flat: extent.flat,
      cum: extent.cum,
      lines: this.#lines(file, extent, text),
      problem,
    }));
  }

  /** The pieces of a file, in its order, each with some lines around it. */
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
        // The line 0 stays by itself.
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

  #lines(file: CompiledFile, { begin, end }: Extent, source: SourceText | undefined) {
    const lines: WeblistLine[] = [];
    for (let number = begin; number < end; number++) {
      const addresses = file.lines.get(number)?.addresses ?? [];
      const text = sourceLine(source, number);
      if (text === undefined && addresses.length === 0) continue;
      this.#take(text ?? "");
      lines.push({
        number,
        text,
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
      this.#take(code.text);
      instructions.push({
        startsBlock: next !== undefined && inlined.address !== next,
        flat: code.flat,
        cum: code.cum,
        address: code.addressInFile,
        text: code.text,
        depth: inlined.calls.length,
        calls: inlined.calls.slice(same).map(({ file, line }, i) => {
          const text = sourceLine(this.#source(file), line)?.trim() ?? "";
          this.#take(text);
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

  #take(text: string): void {
    this.#room -= CHARACTERS_PER_ROW + text.length;
    if (this.#room < 0) {
      throw new ProfileError("the page gets too long; name fewer functions at a time");
    }
  }
}

function sourceLine(source: SourceText | undefined, number: number): string | undefined {
  return source && number >= 1 && number <= source.lineCount ? source.line(number) : undefined;
}

/** How many of the outermost calls two stacks have in common. */
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
