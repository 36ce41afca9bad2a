import { int64At } from "../../src/profile/columns.js";
import type { Profile } from "../../src/profile/profile.js";

/** Sums the second value of the samples with `name` on their stacks, by label as `key=value`. */
export function labelledNanos(profile: Profile, name: string): Map<string, number> {
  const { samples, labels, locations, lines, functions, strings } = profile;
  const sums = new Map<string, number>();
  for (let sample = 0; sample < samples.length; sample++) {
    const names: string[] = [];
    for (let i = samples.stackOffsets[sample]; i < samples.stackOffsets[sample + 1]; i++) {
      const row = locations.lineOffsets[samples.stackLocations[i]];
      names.push(strings.get(functions.name[lines.function[row]]));
    }
    if (!names.includes(name)) continue;
    const texts: string[] = [];
    for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
      const text = strings.get(labels.text[row]);
      texts.push(`${strings.get(labels.key[row])}=${text || int64At(labels.number, row)}`);
    }
    const key = texts.join(" ");
    sums.set(key, (sums.get(key) ?? 0) + Number(int64At(samples.values[1], sample)));
  }
  return sums;
}

/** Returns a promise, and the function that resolves it. */
export function waitFor(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Removes the line with the time of the profile, which Go formats in another way. */
export function withoutTime(report: string): string {
  return report.replace(/^Time: .*\n/m, "");
}
