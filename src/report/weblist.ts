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
import { type CodePlaces, type Place, placesOf, type SourcePlaces } from "./weblist-places.js";

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
  const places = await placesOf(view.profile, found, machineCode);
  const listing = new Listing(places, found.readableNames, sources);
  return {
    legend: profileLegend(view.profile, value, total),
    activeFilters: input.activeFilters,
    patternText,
    format: { from: value.unit, to: unit, ratio },
    total,
    functions: places.files.flatMap((file) => listing.functions(file)),
    problems: places.problems,
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
const MERGE_LIMIT = 20;
/** So many lines are shown before and behind. */
const MARGIN = 5;

/** In letters: what a page can hold, and nobody reads. */
const MAX_LENGTH = 2 ** 26;
/** What is written for a line or an instruction beside its text, about. */
const LINE_HEAD = 200;

class Listing {
  readonly #places: CodePlaces;
  readonly #readableNames: ReadonlyMap<string, string>;
  readonly #sources: SourceReader;
  /** What is left of {@link MAX_LENGTH}. */
  #room = MAX_LENGTH;

  constructor(
    places: CodePlaces,
    readableNames: ReadonlyMap<string, string>,
    sources: SourceReader,
  ) {
    this.#places = places;
    this.#readableNames = readableNames;
    this.#sources = sources;
  }

  /** The functions of a file that take anything. */
  functions(file: SourcePlaces): WeblistFunction[] {
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
  #extents(file: SourcePlaces): Extent[] {
    const extents: Extent[] = [];
    const lines = [...file.lines].sort(([a], [b]) => a - b);
    for (const [line, { functionName, places }] of lines) {
      const name = this.#readableNames.get(functionName) ?? functionName;
      const { flat, cum } = this.#sum(places);
      const last = extents.at(-1);
      if (last && line - last.end < MERGE_LIMIT && last.name === name) {
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
        const half = Math.min(Math.trunc((extent.begin - before.end) / 2), MARGIN);
        before.end += half;
        extent.begin -= half;
      } else if (extent.begin > 1) {
        // The line 0 stays by itself.
        extent.begin = Math.max(1, extent.begin - MARGIN);
      }
    });
    const last = extents.at(-1);
    if (last) last.end += MARGIN;
    return extents;
  }

  #sum(places: readonly Place[]): { flat: Int64; cum: Int64 } {
    let flat: Int64 = 0;
    let cum: Int64 = 0;
    for (const { address } of places) {
      const code = this.#places.code.get(address);
      flat = add(flat, code?.flat ?? 0);
      cum = add(cum, code?.cum ?? 0);
    }
    return { flat, cum };
  }

  #lines(file: SourcePlaces, { begin, end }: Extent, source: SourceText | undefined) {
    const lines: WeblistLine[] = [];
    for (let number = begin; number < end; number++) {
      const places = file.lines.get(number)?.places ?? [];
      const text = lineOf(source, number);
      if (text === undefined && places.length === 0) continue;
      this.#take(text ?? "");
      lines.push({ number, text, ...this.#sum(places), instructions: this.#instructions(places) });
    }
    return lines;
  }

  #instructions(places: readonly Place[]): LineInstruction[] {
    const instructions: LineInstruction[] = [];
    let calls: Place["calls"] = [];
    let next: bigint | undefined;
    for (const place of places) {
      const code = this.#places.code.get(place.address);
      if (!code) continue;
      const same = samePrefix(calls, place.calls);
      this.#take(code.text);
      instructions.push({
        startsBlock: next !== undefined && place.address !== next,
        flat: code.flat,
        cum: code.cum,
        address: code.addressInFile,
        text: code.text,
        depth: place.calls.length,
        calls: place.calls.slice(same).map(({ file, line }, i) => {
          const text = lineOf(this.#source(file), line)?.trim() ?? "";
          this.#take(text);
          return { depth: same + i, text, file: basePath(file), line };
        }),
        file: code.file === "" ? "" : basePath(code.file),
        line: code.line,
      });
      next = place.address + BigInt(code.length);
      calls = place.calls;
    }
    return instructions;
  }

  #source(file: string): SourceText | undefined {
    const source = this.#sources.read(file);
    return "problem" in source ? undefined : source;
  }

  #take(text: string): void {
    this.#room -= LINE_HEAD + text.length;
    if (this.#room < 0) {
      throw new ProfileError("the page gets too long; name fewer functions at a time");
    }
  }
}

function lineOf(source: SourceText | undefined, number: number): string | undefined {
  return source && number >= 1 && number <= source.lineCount ? source.line(number) : undefined;
}

/** How many of the outermost calls two stacks have in common. */
function samePrefix(a: Place["calls"], b: Place["calls"]): number {
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
