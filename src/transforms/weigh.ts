import { Int64Builder, type Int64Column, int64At } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";
import { add, type Int64, negate, truncate } from "../units/int64.js";

/**
 * Multiplies all values by a weight above 0. What is lost or won by rounding a value goes to
 * the next one, in the order of the samples, so that the total of each sample type is right to
 * half a unit: many samples of 1 with the weight 0.3 are a 1 in three of them, not none.
 * Products beyond 2^53 are exact to 53 bits.
 */
export function weigh(profile: Profile, weight: number): Profile {
  if (weight === 1) return profile;
  const { samples } = profile;
  const values = samples.values.map((column) => weighColumn(column, weight));
  return { ...profile, samples: { ...samples, values } };
}

function weighColumn(column: Int64Column, weight: number): Int64Column {
  const weighed = new Int64Builder();
  let rest = 0;
  for (let row = 0; row < column.length; row++) {
    const product = Number(int64At(column, row)) * weight;
    const rounded = nearest(product + rest);
    weighed.push(rounded);
    // Of large products nothing is left to carry, and a difference of doubles is exact here.
    rest = Math.abs(product) < 2 ** 52 ? product + rest - Number(rounded) : 0;
  }
  return weighed.finish();
}

/** The nearest integer, halves away from zero; the nearest int64 beyond these. */
function nearest(value: number): Int64 {
  if (value < 0) return negate(nearest(-value));
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  const whole = Math.trunc(value);
  return add(truncate(whole), value - whole >= 0.5 ? 1 : 0);
}
