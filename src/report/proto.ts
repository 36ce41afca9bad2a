import { Int64Builder, type Int64Column, int64At } from "../profile/columns.js";
import type { Profile } from "../profile/profile.js";
import { compactStrings } from "../transforms/compact-strings.js";
import { mapValues } from "../transforms/map-values.js";
import { filteredProfile } from "./filtered-profile.js";
import type { ReportInput } from "./input.js";
import { scaleByRatio } from "./value-format.js";

/** Returns the profile after all filters, with scaled values and only the strings that it uses. */
export function proto(input: ReportInput): Profile {
  const profile = compactStrings(filteredProfile(input));
  return mapValues(profile, (column) => scaledColumn(column, input.ratio));
}

function scaledColumn(column: Int64Column, ratio: number): Int64Column {
  if (ratio === 1) return column;
  const scaled = new Int64Builder();
  for (let row = 0; row < column.length; row++) {
    scaled.push(scaleByRatio(int64At(column, row), ratio));
  }
  return scaled.finish();
}
