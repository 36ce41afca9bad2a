import { usageError } from "../errors/user-error.js";
import { BASE_LABEL } from "../profile/base-label.js";
import { type Int64Column, int64At, isZeroAt } from "../profile/columns.js";
import { ProfileError } from "../profile/errors.js";
import type { SampleIndex, StringIndex } from "../profile/indices.js";
import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { abs, add, divide, type Int64 } from "../units/int64.js";
import type { View } from "./view.js";

/** The value of each sample that a report is about. */
export interface SampleValue {
  readonly index: number;
  /** The displayed name of the sample type; means have the prefix `mean_`. */
  readonly type: string;
  readonly unit: string;
  readonly values: Int64Column;
  /** For means: the first value of each sample, a count. Sums are divided by its sum. */
  readonly divisors: Int64Column | undefined;
}

/** Whether a sample counts: its value, or for means its count, is not 0. */
export function hasValue({ values, divisors }: SampleValue, sample: SampleIndex): boolean {
  return !isZeroAt(values, sample) || (divisors !== undefined && !isZeroAt(divisors, sample));
}

/** Returns the mean, or the sum itself if the divisor is 0 (as for values that are not means). */
export function meanOf(sum: Int64, divisor: Int64): Int64 {
  return divisor === 0 ? sum : divide(sum, divisor);
}

/**
 * Selects a sample type by its name or by its position, counted from 0. An empty selection chooses
 * the profile's default type, or else the last one. The prefix `inuse_` is optional, because old
 * heap profiles do not have it. Throws a {@link UserError}, or a ProfileError if the profile
 * has no sample types.
 */
export function selectSampleValue(profile: Profile, selection: string, mean: boolean): SampleValue {
  const { sampleTypes, strings, samples } = profile;
  if (sampleTypes.length === 0) throw new ProfileError("the profile has no sample types");
  const names = sampleTypes.map(({ type }) => strings.get(type));
  const index = findIndex(names, strings.get(profile.defaultSampleType), selection);
  return {
    index,
    type: mean ? `mean_${names[index]}` : names[index],
    unit: strings.get(sampleTypes[index].unit),
    values: samples.values[index],
    divisors: mean ? samples.values[0] : undefined,
  };
}

function findIndex(names: string[], defaultType: string, selection: string): number {
  if (selection === "") {
    const index = defaultType === "" ? -1 : names.indexOf(defaultType);
    return index < 0 ? names.length - 1 : index;
  }
  if (/^[+-]?[0-9]+$/.test(selection)) {
    const index = Number(selection);
    if (index >= 0 && index < names.length) return index;
    throw usageError(`sample_index ${selection} is outside the range [0..${names.length - 1}]`);
  }
  const short = selection.replace(/^inuse_/, "");
  const index = names.findIndex((name) => name === selection || name === short);
  if (index >= 0) return index;
  throw usageError(`sample_index ${JSON.stringify(selection)} must be one of: ${names.join(", ")}`);
}

/**
 * Returns the total that percentages refer to: the sum of the absolute values in the view, or in a
 * comparison, of its samples from the base. For means, it is divided by the count.
 */
export function totalValue(view: View, { values, divisors }: SampleValue): Int64 {
  const isBase = baseSamples(view);
  if (!divisors && !isBase && values instanceof Float64Array) {
    const total = plainTotal(view, values);
    if (Number.isSafeInteger(total)) return total;
  }
  let total: Int64 = 0;
  let divisor: Int64 = 0;
  let baseTotal: Int64 = 0;
  let baseDivisor: Int64 = 0;
  for (let sample = 0 as SampleIndex; sample < values.length; sample++) {
    if (!view.samples[sample]) continue;
    const value = abs(int64At(values, sample));
    const count = divisors ? int64At(divisors, sample) : 0;
    total = add(total, value);
    divisor = add(divisor, count);
    if (isBase?.(sample)) {
      baseTotal = add(baseTotal, value);
      baseDivisor = add(baseDivisor, count);
    }
  }
  if (baseTotal > 0) [total, divisor] = [baseTotal, baseDivisor];
  return meanOf(total, divisor);
}

/** Returns the sum of the absolute values as a double. It is exact if it is a safe integer. */
function plainTotal({ samples }: View, values: Float64Array): number {
  let total = 0;
  for (let sample = 0 as SampleIndex; sample < values.length; sample++) {
    if (samples[sample]) total += Math.abs(values[sample]);
  }
  return total;
}

/** Returns a test for samples of the base profile, or undefined if there is no base. */
export function baseSamples({
  profile,
  hiddenLabelKeys,
}: View): ((sample: SampleIndex) => boolean) | undefined {
  const { labels, samples, strings } = profile;
  const keys = baseKeys(profile).filter((key) => !hiddenLabelKeys?.[key]);
  if (keys.length === 0) return undefined;
  return (sample) => {
    const end = samples.labelOffsets[sample + 1];
    for (let row = samples.labelOffsets[sample]; row < end; row++) {
      if (!keys.includes(labels.key[row])) continue;
      if (strings.get(labels.text[row]) === BASE_LABEL.text) return true;
    }
    return false;
  };
}

/** The label keys that can mark samples of the base profile. */
const baseKeys = memoized(({ labels, strings }: Profile): StringIndex[] => {
  const used = new Set<StringIndex>();
  for (let row = 0; row < labels.length; row++) used.add(labels.key[row]);
  return [...used].filter((key) => strings.get(key) === BASE_LABEL.key);
});
