import { Int64Builder, type Int64Column, int64At } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";
import { type Int64, negate, truncate } from "../units/int64.js";
import { mapValues } from "./map-values.js";

/** Multiplies each sample type by a ratio (1 and -1 are exact); rounds halves away from zero. */
export function scaleValues(profile: Profile, ratios: readonly number[]): Profile {
  if (ratios.every((ratio) => ratio === 1)) return profile;
  return mapValues(profile, (column, type) => scaleColumn(column, ratios[type]));
}

function scaleColumn(column: Int64Column, ratio: number): Int64Column {
  if (ratio === 1) return column;
  const scaled = new Int64Builder();
  for (let row = 0; row < column.length; row++)
    scaled.push(scaleValue(int64At(column, row), ratio));
  return scaled.finish();
}

/** Returns `value * ratio`, rounded like {@link scaleValues}. */
export function scaleValue(value: Int64, ratio: number): Int64 {
  if (ratio === 1) return value;
  if (ratio === -1) return negate(value);
  const product = Number(value) * ratio;
  const whole = Math.trunc(product);
  return truncate(Math.abs(product - whole) >= 0.5 ? whole + Math.sign(product) : whole);
}
