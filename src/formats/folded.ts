import { BASE_LABEL } from "../profile/base-label.js";
import type { Budget } from "../profile/budget.js";
import { grown, type IndexColumn, indexColumn } from "../profile/columns.js";
import type { LocationIndex } from "../profile/indices.js";
import { ProfileBuilder } from "../profile/profile-builder.js";
import { StringPool } from "../profile/string-pool.js";
import { decodeUtf8 } from "../profile/utf8.js";
import { negate } from "../units/int64.js";
import { countColumns } from "./detect-folded.js";
import { FoldedLines } from "./folded-lines.js";
import type { Format } from "./format.js";

/**
 * Stacks as flamegraph.pl, inferno and many profilers fold them: a line a stack, root
 * first, with `;` between frames and the count behind a blank: `main;work;leaf 42`. Marks
 * such as `_[k]` at the end of a name are a part of it.
 *
 * Where lines have two counts, as difffolded.pl writes them, the first is that of a base
 * which the second is compared with: the profile is the one that `-diff_base` makes.
 *
 * The tools named pass over lines that they do not understand, and take fractions for
 * counts, or drop them; here both are errors.
 */
export const folded: Format = {
  name: "folded stacks",

  detect(bytes) {
    return countColumns(bytes) !== undefined;
  },

  read(bytes, budget) {
    const hasBase = countColumns(bytes) === 2;
    const builder = new ProfileBuilder([{ type: "samples", unit: "count" }], budget);
    const lines = new FoldedLines(bytes);
    const stacks = new StackReader(lines, builder, budget);
    while (lines.next()) {
      const count = lines.takeCount();
      const before = hasBase ? lines.takeCount() : undefined;
      const stack = stacks.read();
      if (before !== undefined) builder.addSample(stack, [negate(before)], [BASE_LABEL]);
      builder.addSample(stack, [count]);
    }
    return builder.finish({ defaultSampleType: "samples" });
  },
};

const SEMICOLON = 0x3b;

/** What room for a frame of the current stack takes, in bytes: of each of three arrays. */
const FRAME_BYTES = 12;

/** Far more than a name has. */
const MAX_NAME_BYTES = 1 << 20;

/** Far more than a stack has, and few enough to be counted in 32 bits. */
const MAX_STACK_BYTES = 1 << 30;

/**
 * Reads stacks. Files are sorted more often than not, so that much of a stack is that of
 * the line before, byte by byte, and need not be looked up again.
 */
class StackReader {
  readonly #lines: FoldedLines;
  readonly #builder: ProfileBuilder;
  /** The names of frames, and by name its location; -1 for the empty one until it is met. */
  readonly #names: StringPool;
  readonly #locations: number[] = [-1];

  /** Where the stack before starts and ends. */
  #start = 0;
  #end = 0;
  /** Its locations, root first, and where their names end, counted from its start. */
  #frames = new Uint32Array(64);
  #ends = new Uint32Array(64);
  #depth = 0;
  /** The same locations, leaf first. */
  #reversed = new Uint32Array(64);

  readonly #budget: Budget;

  /** What finds the names again, and the longest stack, are charged to `budget`. */
  constructor(lines: FoldedLines, builder: ProfileBuilder, budget: Budget) {
    this.#lines = lines;
    this.#budget = budget;
    this.#names = new StringPool(budget);
    this.#builder = builder;
  }

  /** The stack that is left of the current line, leaf first; until the next one is read. */
  read(): IndexColumn<LocationIndex> {
    const { bytes, start } = this.#lines;
    let { end } = this.#lines;
    // A `;` behind the leaf calls nothing.
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

  /** How many frames of the stack before are the first ones of `bytes[start, end)`, too. */
  #sharedDepth(start: number, end: number): number {
    const { bytes } = this.#lines;
    const before = this.#start;
    const length = Math.min(end - start, this.#end - before);
    let shared = 0;
    while (shared < length && bytes[before + shared] === bytes[start + shared]) shared++;
    let depth = 0;
    // A name is over where a `;` follows, or nothing.
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
    const fn = this.#builder.addFunction({ name: decodeUtf8(bytes, start, end) });
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
