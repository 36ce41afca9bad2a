import { type MergedStacks, mergeStacks } from "../graph/merged-stacks.js";
import { exactSums } from "../graph/sums.js";
import { type Int64Column, int64At } from "../profile/columns.js";
import type { SampleIndex } from "../profile/indices.js";
import { type Int64, negate } from "../units/int64.js";
import { isGrouped, type NodeIndex } from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import { baseSamples, meanOf } from "../view/sample-value.js";
import type { ReportInput } from "./input.js";
import { scaleByRatio } from "./value-format.js";

/** A stack, with the values of its samples. */
export interface FoldedStack {
  /** Positions in the list of names, root first; at least one. */
  readonly frames: Uint32Array;
  /** In the unit of the profile. In a comparison: the value in the base, then in the profile. */
  readonly values: readonly Int64[];
}

export interface FoldedReport {
  /** The names of frames as they are written (see {@link foldedName}), in byte order. */
  readonly names: readonly string[];
  /** Returns the stacks one by one, sorted frame by frame in the byte order of their names. */
  stacks(): Iterable<FoldedStack>;
}

/** Merges samples into stacks; `shown` converts names. Leaves out empty stacks and zero values. */
export function folded(input: ReportInput, shown: (name: string) => string): FoldedReport {
  const nodes = buildNodes(input.view, input.nodes);
  const nameOf = (node: NodeIndex) => shown(foldedName(nodes.name(node)));
  const merged = mergeStacks(input.view, nodes, nameOf, isGrouped(input.nodes.granularity));
  const valuesOf = makeValueReader(input, merged);
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

/** Spaces that readers misinterpret: at either end of a name, or before a number that ends it. */
const AMBIGUOUS_SPACE = /^[ \t\ufeff]|[ \t]$|[ \t](?=-?[0-9]+(?:\.[0-9]*)?$)/g;

/** A start of a line that some readers treat as a comment. */
const COMMENT = /^#(?=[ \t]|$)/;

/**
 * Returns a name as a folded stack holds it: `;` separates frames, so it becomes `:`. Line breaks
 * become a space, ambiguous spaces become `_` (`worker_5`), and a lone `#` at the start `_#`.
 */
export function foldedName(name: string): string {
  return name
    .replaceAll(";", ":")
    .replace(LINE_BREAKS, " ")
    .replace(AMBIGUOUS_SPACE, "_")
    .replace(COMMENT, "_#");
}

/** Returns a function that computes the values of a stack. */
function makeValueReader(
  { view, value, ratio }: ReportInput,
  merged: MergedStacks,
): (stack: number) => readonly Int64[] {
  const isBase = baseSamples(view);
  const values = sumStacks(value.values, merged, isBase);
  const divisors = value.divisors && sumStacks(value.divisors, merged, isBase);
  const amount = (part: number, stack: number) => {
    // The values and the counts of the base are negative.
    const plain = part === BASE_PART ? negate : (sum: Int64) => sum;
    const sum = plain(int64At(values[part], stack));
    const divisor = divisors ? plain(int64At(divisors[part], stack)) : 0;
    return scaleByRatio(meanOf(sum, divisor), ratio);
  };
  return (stack) =>
    isBase
      ? [amount(BASE_PART, stack), amount(PROFILE_PART, stack)]
      : [amount(PROFILE_PART, stack)];
}

/** Positions in the result of {@link sumStacks}: the sums of the profile, and those of the base. */
const PROFILE_PART = 0;
const BASE_PART = 1;

/** Returns the sum of each stack's samples; the samples of a base are summed separately. */
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
