import { BASE_LABEL } from "../../profile/base-label.js";
import type { Budget } from "../../profile/budget.js";
import { grown, type IndexColumn, indexColumn } from "../../profile/columns.js";
import type { LocationIndex } from "../../profile/indices.js";
import { ProfileBuilder } from "../../profile/profile-builder.js";
import { StringPool } from "../../profile/string-pool.js";
import { decodeUtf8 } from "../../profile/utf8.js";
import { type Int64, negate } from "../../units/int64.js";
import type { Format } from "../format.js";
import { countColumns } from "./detect.js";
import { FoldedLines } from "./lines.js";

/**
 * Folded stacks, as written by flamegraph.pl, inferno and many profilers: one line per stack, root
 * first, with `;` between frames and the count after a blank: `main;work;leaf 42`. Marks such as
 * `_[k]` are part of a name.
 *
 * If lines have two counts, as from difffolded.pl, the first is the base: the profile equals the
 * result of `-diff_base`.
 *
 * Lines without a count are skipped and counted. If counts have fractions, all are multiplied by a
 * power of ten, so that shares remain exact.
 */
export const folded: Format = {
  name: "folded stacks",

  detect(bytes) {
    return countColumns(bytes) !== undefined;
  },

  read(bytes, budget, warn) {
    let decimals = 0;
    let read = readStacks(bytes, budget, decimals);
    if (read === "fraction") {
      decimals = maxDecimals(bytes);
      warn(`multiplied all counts by ${10 ** decimals}, since some have fractions`);
      read = readStacks(bytes, budget, decimals);
    }
    if (read === "fraction") throw new TypeError("a count has more decimals than found");
    const { builder, skipped } = read;
    if (skipped > 0) {
      warn(`skipped ${skipped} ${skipped === 1 ? "line" : "lines"} without a count`);
    }
    return builder.finish({ defaultSampleType: "samples" });
  },
};

/** Reads all lines; stops and returns "fraction" at the first fraction if `decimals` is 0. */
function readStacks(
  bytes: Uint8Array,
  budget: Budget,
  decimals: number,
): { readonly builder: ProfileBuilder; readonly skipped: number } | "fraction" {
  const hasBase = countColumns(bytes) === 2;
  const builder = new ProfileBuilder([{ type: "samples", unit: "count" }], budget);
  const lines = new FoldedLines(bytes);
  lines.decimals = decimals;
  const stacks = new StackReader(lines, builder, budget);
  let skipped = 0;
  while (lines.next()) {
    const kind = lines.countKind();
    if (kind === "none") {
      skipped++;
      continue;
    }
    if (kind === "fraction" && decimals === 0) return "fraction";
    const count = lines.takeCount();
    let before: Int64 | undefined;
    if (hasBase) {
      const baseKind = lines.countKind();
      if (baseKind === "none") {
        skipped++;
        continue;
      }
      if (baseKind === "fraction" && decimals === 0) return "fraction";
      before = lines.takeCount();
    }
    const stack = stacks.read();
    if (before !== undefined) builder.addSample(stack, [negate(before)], [BASE_LABEL]);
    builder.addSample(stack, [count]);
  }
  return { builder, skipped };
}

/** Returns the maximum number of decimals of the counts. */
function maxDecimals(bytes: Uint8Array): number {
  const lines = new FoldedLines(bytes);
  let max = 0;
  while (lines.next()) {
    if (lines.countKind() === "fraction") max = Math.max(max, lines.countDecimals());
    if (lines.countKind() === "none") continue;
    lines.dropLastWord();
    if (lines.countKind() === "fraction") max = Math.max(max, lines.countDecimals());
  }
  return max;
}

const SEMICOLON = 0x3b;

/** The memory per frame of the current stack, in three arrays, in bytes. */
const FRAME_BYTES = 12;

/** The maximum length of a name, far more than real names have. */
const MAX_NAME_BYTES = 1 << 20;

/** The maximum length of a stack; it allows 32-bit frame counts. */
const MAX_STACK_BYTES = 1 << 30;

/** Reads stacks. Looks up only frames that differ from the line before: files are often sorted. */
class StackReader {
  readonly #lines: FoldedLines;
  readonly #builder: ProfileBuilder;
  /** Names of frames, and locations by name; -1 for the empty name before its first use. */
  readonly #names: StringPool;
  readonly #locations: number[] = [-1];

  /** The start and end of the previous stack. */
  #start = 0;
  #end = 0;
  /** Its locations, root first, and the ends of their names relative to its start. */
  #frames = new Uint32Array(64);
  #ends = new Uint32Array(64);
  #depth = 0;
  /** The same locations, leaf first. */
  #reversed = new Uint32Array(64);

  readonly #budget: Budget;

  constructor(lines: FoldedLines, builder: ProfileBuilder, budget: Budget) {
    this.#lines = lines;
    this.#budget = budget;
    this.#names = new StringPool(budget);
    this.#builder = builder;
  }

  /** Returns the stack of the current line, leaf first, valid until the next call. */
  read(): IndexColumn<LocationIndex> {
    const { bytes, start } = this.#lines;
    let { end } = this.#lines;
    // Ignore a `;` after the leaf.
    while (end > start && bytes[end - 1] === SEMICOLON) end--;
    if (end - start > MAX_STACK_BYTES) {
      throw this.#lines.malformed(`the stack is longer than ${MAX_STACK_BYTES} bytes`);
    }
    let depth = this.#sharedDepth(start, end);
    let at = start + (depth === 0 ? 0 : this.#ends[depth - 1] + 1);
    while (at < end) {
      let stop = at;
      while (stop < end && bytes[stop] !== SEMICOLON) stop++;
      if (depth === this.#frames.length) this.#grow();
      this.#frames[depth] = this.#location(at, stop);
      this.#ends[depth++] = stop - start;
      at = stop + 1;
    }
    this.#start = start;
    this.#end = end;
    this.#depth = depth;
    for (let i = 0; i < depth; i++) this.#reversed[i] = this.#frames[depth - 1 - i];
    return indexColumn(this.#reversed.subarray(0, depth));
  }

  /** Returns how many leading frames of the previous stack also begin `bytes[start, end)`. */
  #sharedDepth(start: number, end: number): number {
    const { bytes } = this.#lines;
    const before = this.#start;
    const length = Math.min(end - start, this.#end - before);
    let shared = 0;
    while (shared < length && bytes[before + shared] === bytes[start + shared]) shared++;
    let depth = 0;
    // A name is complete before a `;` or at the end.
    while (depth < this.#depth && this.#isOver(this.#ends[depth], shared, end - start)) depth++;
    return depth;
  }

  #isOver(nameEnd: number, shared: number, length: number): boolean {
    if (nameEnd < shared) return true;
    const { bytes, start } = this.#lines;
    return nameEnd === shared && (shared === length || bytes[start + shared] === SEMICOLON);
  }

  #location(start: number, end: number): number {
    const { bytes } = this.#lines;
    if (end - start > MAX_NAME_BYTES) {
      throw this.#lines.malformed(`a name is longer than ${MAX_NAME_BYTES} bytes`);
    }
    const name = this.#names.add(bytes, start, end);
    const known = this.#locations[name] ?? -1;
    if (known >= 0) return known;
    const text = decodeUtf8(bytes, start, end);
    const fn = this.#builder.addFunction({ name: text, systemName: "" });
    const location = this.#builder.addLocation({ lines: [{ function: fn }] });
    this.#locations[name] = location;
    return location;
  }

  #grow(): void {
    this.#budget.charge(this.#frames.length * FRAME_BYTES);
    this.#frames = grown(this.#frames);
    this.#ends = grown(this.#ends);
    this.#reversed = grown(this.#reversed);
  }
}
