import { Int64Builder, type Int64Column, int64At } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";
import { compactStrings } from "../transforms/compact-strings.js";
import { filteredProfile } from "./filtered-profile.js";
import type { ReportInput } from "./input.js";
import { scaleByRatio } from "./value-format.js";

/** Returns the profile after all filters, with scaled values and only the strings that it uses. */
export function proto(input: ReportInput): Profile {
  const profile = compactStrings(filteredProfile(input));
  const { samples } = profile;
  const values = samples.values.map((column) => scaledColumn(column, input.ratio));
  return { ...profile, samples: { ...samples, values } };
}

function scaledColumn(column: Int64Column, ratio: number): Int64Column {
  if (ratio === 1) return column;
  const scaled = new Int64Builder();
  for (let row = 0; row < column.length; row++) {
    scaled.push(scaleByRatio(int64At(column, row), ratio));
  }
  return scaled.finish();
}
