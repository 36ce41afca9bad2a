import { exactSums } from "../graph/sums.js";
import { int64At } from "../profile/columns.js";
import type { Int64 } from "../units/int64.js";
import { CATEGORIES, type Category, framePackages, hasScriptFunctions } from "../view/packages.js";
import { baseSamples, type SampleValue } from "../view/sample-value.js";
import type { View } from "../view/view.js";

export interface CategoryValue {
  readonly category: Category;
  /** The sum of the values of samples whose innermost function is in the category. */
  readonly value: Int64;
}

/**
 * Adds up the values by the category of the innermost function, in the order of {@link CATEGORIES}
 * without categories whose sum is 0. Returns undefined for means, for differences, and if the profile
 * has no functions of scripts.
 */
export function sumCategories(
  view: View,
  { values, divisors }: SampleValue,
): readonly CategoryValue[] | undefined {
  if (divisors || !hasScriptFunctions(view.profile) || baseSamples(view)) return undefined;
  const categories = sampleCategories(view);
  const [sums] = exactSums(values, (weights) => {
    const sum = new Float64Array(CATEGORIES.length);
    for (let sample = 0; sample < weights.length; sample++) {
      const category = categories[sample];
      if (category !== NO_CATEGORY) sum[category] += weights[sample];
    }
    return [sum];
  });
  const found = CATEGORIES.map((category, row) => ({ category, value: int64At(sums, row) }));
  return found.some(({ value }) => value < 0) ? undefined : found.filter(({ value }) => value > 0);
}

/** A sample that the view does not select or that has no function. */
export const NO_CATEGORY = 255;

/** Returns the position in {@link CATEGORIES} by sample. */
export function sampleCategories({
  profile,
  samples,
  stackStart,
  stackEnd,
  frames,
}: View): Uint8Array {
  const { stackLocations } = profile.samples;
  const packageOf = framePackages(profile);
  /** By location: the position plus 1, or 0 if it is not known yet. */
  const known = new Uint8Array(frames.hidden.length);
  const categories = new Uint8Array(samples.length).fill(NO_CATEGORY);
  for (let sample = 0; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    const end = stackEnd[sample];
    let at = stackStart[sample];
    while (at < end && frames.hidden[stackLocations[at]]) at++;
    if (at === end) continue;
    const location = stackLocations[at];
    if (known[location] === 0) {
      const line = frames.offsets[location];
      const fn =
        line < frames.offsets[location + 1]
          ? profile.lines.function[frames.lines[line]]
          : undefined;
      known[location] = CATEGORIES.indexOf(packageOf(location, fn).category) + 1;
    }
    categories[sample] = known[location] - 1;
  }
  return categories;
}
