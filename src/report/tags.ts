import { int64At } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import { isNumberLabel, isStringLabel } from "../profile/labels.js";
import type { Profile } from "../profile/profile.js";
import { compareUtf8 } from "../profile/utf8.js";
import { abs, add, compare, type Int64, sum } from "../units/int64.js";
import { scaledLabel } from "../units/scale.js";
import type { ReportInput } from "./input.js";
import type { ValueFormat } from "./value-format.js";

export interface TagValue {
  readonly name: string;
  readonly value: Int64;
  /** For numbers: the range of numbers that `name` covers. */
  readonly numbers?: TagNumbers;
}

/** Numbers of a tag that have the same printed form, in the unit of the tag. */
export interface TagNumbers {
  readonly least: Int64;
  readonly greatest: Int64;
  readonly unit: string;
}

export interface Tag {
  readonly key: string;
  /** The sum over all values. A sample with two values counts twice. */
  readonly total: Int64;
  /** Sorted by absolute value, largest first. */
  readonly values: readonly TagValue[];
}

export interface TagsReport {
  readonly format: ValueFormat;
  readonly total: Int64;
  readonly activeFilters: readonly string[];
  /** Sorted by key. */
  readonly tags: readonly Tag[];
  /** Values below this fraction of the total, or after this number, may be folded; 0: no limit. */
  readonly fold: { readonly fraction: number; readonly count: number };
}

/** The number of values of a tag that are shown even if they are small. */
const MIN_VALUES_SHOWN = 10;

/** Returns the number of values to show, at most about `limit`. They are sorted by size. */
export function shownValueCount(
  { fold, total }: TagsReport,
  values: readonly TagValue[],
  limit = Number.POSITIVE_INFINITY,
): number {
  const least = Math.abs(Number(total)) * fold.fraction;
  const small = values.findIndex(({ value }) => Number(abs(value)) < least);
  const large = Math.max(MIN_VALUES_SHOWN, small < 0 ? values.length : small);
  const count = Math.min(large, limit, fold.count || large);
  // A row "1 more" needs as much space as the value that it hides.
  return count >= values.length - 1 ? values.length : count;
}

export function tags(input: ReportInput): TagsReport {
  const { value, total, trim } = input;
  return {
    format: { from: value.unit, to: input.unit, ratio: input.ratio },
    total,
    activeFilters: input.activeFilters,
    tags: Array.from(sumByTag(input), ([key, sums]) => toTag(key, sums.named(input))).sort((a, b) =>
      compareUtf8(a.key, b.key),
    ),
    fold: { fraction: trim.nodeFraction, count: trim.nodeCount },
  };
}

/** Adds the value of each sample to the sum of each of its labels. */
function sumByTag({ view, value }: ReportInput): Map<string, TagSums> {
  const { profile, hiddenLabelKeys } = view;
  const { samples, labels } = profile;
  const sums = new Map<string, TagSums>();
  /** A cache by string index, because each label is looked up. */
  const sumsOfKey: (TagSums | undefined)[] = [];
  for (let sample = 0; sample < samples.length; sample++) {
    if (!view.samples[sample]) continue;
    const amount = int64At(value.values, sample);
    const end = samples.labelOffsets[sample + 1];
    for (let row = samples.labelOffsets[sample]; row < end; row++) {
      const key = labels.key[row];
      if (hiddenLabelKeys?.[key]) continue;
      const isText = isStringLabel(labels, row);
      if (!isText && !isNumberLabel(labels, row)) continue;
      sumsOfKey[key] ??= sumsUnder(sums, profile, key);
      if (isText) addTo(sumsOfKey[key].texts, labels.text[row], amount);
      else addTo(sumsOfKey[key].numbers, int64At(labels.number, row), amount);
    }
  }
  return sums;
}

function sumsUnder(sums: Map<string, TagSums>, { strings }: Profile, index: StringIndex): TagSums {
  const key = strings.get(index);
  const known = sums.get(key) ?? new TagSums(key);
  sums.set(key, known);
  return known;
}

function addTo<K>(sums: Map<K, Int64>, key: K, amount: Int64): void {
  sums.set(key, add(sums.get(key) ?? 0, amount));
}

class TagSums {
  readonly texts = new Map<StringIndex, Int64>();
  readonly numbers = new Map<Int64, Int64>();

  constructor(readonly key: string) {}

  /** Returns the printed values with their sums. Numbers with the same printed form are merged. */
  named({ view, labelUnits, unit }: ReportInput): TagValue[] {
    const named = new Map<string, TagValue>();
    for (const [text, value] of this.texts) {
      const name = view.profile.strings.get(text);
      named.set(name, { name, value: add(named.get(name)?.value ?? 0, value) });
    }
    const from = labelUnits.get(this.key) ?? "";
    for (const [number, value] of this.numbers) {
      const name = scaledLabel(number, from, unit);
      const known = named.get(name);
      named.set(name, {
        name,
        value: add(known?.value ?? 0, value),
        numbers: extendRange(known?.numbers, number, from),
      });
    }
    return [...named.values()];
  }
}

function extendRange(known: TagNumbers | undefined, number: Int64, unit: string): TagNumbers {
  if (!known) return { least: number, greatest: number, unit };
  return {
    least: compare(number, known.least) < 0 ? number : known.least,
    greatest: compare(number, known.greatest) > 0 ? number : known.greatest,
    unit,
  };
}

function toTag(key: string, values: TagValue[]): Tag {
  return {
    key,
    total: sum(values.map(({ value }) => value)),
    values: values.sort(
      (a, b) => compare(abs(b.value), abs(a.value)) || compareUtf8(a.name, b.name),
    ),
  };
}
