import { Int64Builder, type Int64Column, int64At } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";
import { add, type Int64, negate, truncate } from "../units/int64.js";
import { mapValues } from "./map-values.js";

/**
 * Multiplies all values by a positive weight. The rounding error of a value is carried to the next
 * one, in the order of the samples, so that the total of each sample type is exact to half a unit:
 * with the weight 0.3, about a third of the samples with the value 1 keep it. Products beyond 2^53
 * are exact to 53 bits.
 */
export function scaleByWeight(profile: Profile, weight: number): Profile {
  if (weight === 1) return profile;
  return mapValues(profile, (column) => weighColumn(column, weight));
}

function weighColumn(column: Int64Column, weight: number): Int64Column {
  const weighed = new Int64Builder();
  let rest = 0;
  for (let row = 0; row < column.length; row++) {
    const product = Number(int64At(column, row)) * weight;
    const rounded = nearest(product + rest);
    weighed.push(rounded);
    // Large products have no fraction to carry; for others the difference of doubles is exact.
    rest = Math.abs(product) < 2 ** 52 ? product + rest - Number(rounded) : 0;
  }
  return weighed.finish();
}

/** Rounds to the nearest integer, halves away from zero, within int64. */
function nearest(value: number): Int64 {
  if (value < 0) return negate(nearest(-value));
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  const whole = Math.trunc(value);
  return add(truncate(whole), value - whole >= 0.5 ? 1 : 0);
}
