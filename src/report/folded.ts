import { type MergedStacks, mergeStacks } from "../graph/merged-stacks.js";
import { exactSums } from "../graph/sums.js";
import { type Int64Column, int64At } from "../profile/columns.js";
import type { SampleIndex } from "../profile/indices.js";
import { divide, type Int64, negate } from "../units/int64.js";
import { buildNodes } from "../view/nodes.js";
import { baseSamples } from "../view/sample-value.js";
import type { ReportInput } from "./input.js";
import { scaleByRatio } from "./value-format.js";

/** A stack with what the samples that have it take. */
export interface FoldedStack {
  /** Root first, and never empty: numbers of names. */
  readonly frames: Uint32Array;
  /** In the unit of the profile; in a comparison the value of the base, and that of the profile. */
  readonly values: readonly Int64[];
}

/** All stacks, equal ones merged. */
export interface FoldedReport {
  /** The names of frames as they are written, ordered by their bytes: see {@link foldedName}. */
  readonly names: readonly string[];
  /** The stacks one by one, ordered frame by frame by the bytes of their names. */
  stacks(): Iterable<FoldedStack>;
}

/**
 * Makes the report; names are shown as `shown` makes them. Samples without frames have no place in it; stacks whose values are 0
 * have no width, and are left out.
 */
export function folded(input: ReportInput, shown: (name: string) => string): FoldedReport {
  const nodes = buildNodes(input.view, input.nodes);
  const merged = mergeStacks(input.view, nodes, (node) => shown(foldedName(nodes.name(node))));
  const valuesOf = stackValues(input, merged);
  return {
    names: merged.names,
    *stacks() {
      for (let stack = 0; stack < merged.length; stack++) {
        const values = valuesOf(stack);
        if (values.every((value) => value === 0)) continue;
        yield { frames: merged.frames.subarray(merged.starts[stack], merged.ends[stack]), values };
      }
    },
  };
}

const LINE_BREAKS = /[\n\r\f\v]+/g;

/**
 * Blanks (or a byte order mark) that readers drop, around a name, and those that make two
 * values of one, before a number at the end of a name.
 */
const AMBIGUOUS_SPACE = /^[ \t\ufeff]|[ \t]$|[ \t](?=-?[0-9]+(?:\.[0-9]*)?$)/g;

/** What makes a comment of a line, where readers know comments. */
const COMMENT = /^#(?=[ \t]|$)/;

/**
 * A name as it can stand in a folded stack: `;`, which separates frames, becomes `:`, line
 * breaks become a blank, and blanks that mislead readers become `_`, as in `worker_5`. A
 * lone `#` at the beginning gets a `_` in front.
 */
export function foldedName(name: string): string {
  return name
    .replaceAll(";", ":")
    .replace(LINE_BREAKS, " ")
    .replace(AMBIGUOUS_SPACE, "_")
    .replace(COMMENT, "_#");
}

/** Tells the values of stacks. */
function stackValues(
  { view, value, ratio }: ReportInput,
  merged: MergedStacks,
): (stack: number) => readonly Int64[] {
  const isBase = baseSamples(view);
  const values = sumStacks(value.values, merged, isBase);
  const divisors = value.divisors && sumStacks(value.divisors, merged, isBase);
  const amount = (part: number, stack: number) => {
    // The values of the base are negative; so is what they are divided by.
    const plain = part === BASE_PART ? negate : (sum: Int64) => sum;
    const sum = plain(int64At(values[part], stack));
    const divisor = divisors ? plain(int64At(divisors[part], stack)) : 0;
    return scaleByRatio(divisor === 0 ? sum : divide(sum, divisor), ratio);
  };
  return (stack) =>
    isBase
      ? [amount(BASE_PART, stack), amount(PROFILE_PART, stack)]
      : [amount(PROFILE_PART, stack)];
}

/** Where {@link sumStacks} has the samples of the profile, and those of the base. */
const PROFILE_PART = 0;
const BASE_PART = 1;

/** By stack: the sum of its samples; where there is a base, that of its own apart. */
function sumStacks(
  column: Int64Column,
  { length, stackOf }: MergedStacks,
  isBase: ((sample: SampleIndex) => boolean) | undefined,
): Int64Column[] {
  return exactSums(column, (weights) => {
    const sums = [new Float64Array(length)];
    if (isBase) sums.push(new Float64Array(length));
    for (let sample = 0 as SampleIndex; sample < stackOf.length; sample++) {
      const stack = stackOf[sample];
      if (stack >= 0) sums[isBase?.(sample) ? BASE_PART : PROFILE_PART][stack] += weights[sample];
    }
    return sums;
  });
}
