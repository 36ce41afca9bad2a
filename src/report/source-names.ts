import { int64At } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import type { SampleValue } from "../view/sample-value.js";

/** Returns the source files of the profile by absolute cum, largest first. */
export function sourceFilesByCum(
  { samples, locations, lines, functions, strings }: Profile,
  { values }: Pick<SampleValue, "values">,
): string[] {
  const { filename } = functions;
  const weights = new Map<StringIndex, number>();
  /** By name: the last sample that counted, plus one. A file counts once for each sample. */
  const lastSample = new Map<StringIndex, number>();
  for (let sample = 0; sample < samples.length; sample++) {
    const weight = Math.abs(Number(int64At(values, sample)));
    if (weight === 0) continue;
    for (let at = samples.stackOffsets[sample]; at < samples.stackOffsets[sample + 1]; at++) {
      const location = samples.stackLocations[at];
      const end = locations.lineOffsets[location + 1];
      for (let line = locations.lineOffsets[location]; line < end; line++) {
        const name = filename[lines.function[line]];
        if (lastSample.get(name) === sample + 1) continue;
        lastSample.set(name, sample + 1);
        weights.set(name, (weights.get(name) ?? 0) + weight);
      }
    }
  }
  return [...weights]
    .sort(([, a], [, b]) => b - a)
    .map(([name]) => strings.get(name))
    .filter((name) => name !== "");
}
