import { int64At } from "../../src/profile/columns.js";
import type { Profile } from "../../src/profile/profile.js";
import { add, type Int64 } from "../../src/units/int64.js";

/** Returns the names of the functions in the stack of a sample, root first. */
export function frameNames(profile: Profile, sample: number, withLines = false): string[] {
  const { samples, locations, lines, functions, strings } = profile;
  const names: string[] = [];
  for (let i = samples.stackOffsets[sample + 1] - 1; i >= samples.stackOffsets[sample]; i--) {
    const location = samples.stackLocations[i];
    const [start, end] = [locations.lineOffsets[location], locations.lineOffsets[location + 1]];
    if (start === end) names.push("?");
    for (let row = end - 1; row >= start; row--) {
      const name = strings.get(functions.name[lines.function[row]]);
      names.push(withLines ? `${name}:${int64At(lines.line, row)}` : name);
    }
  }
  return names;
}

/** Returns the sums of samples by stack: function names separated by `;`, root first. */
export function stacksOf(profile: Profile, withLines = false): Record<string, Int64[]> {
  const { samples } = profile;
  const sums = new Map<string, Int64[]>();
  for (let sample = 0; sample < samples.length; sample++) {
    const names = frameNames(profile, sample, withLines);
    const values = samples.values.map((column) => int64At(column, sample));
    const before = sums.get(names.join(";"));
    sums.set(names.join(";"), before ? before.map((sum, i) => add(sum, values[i])) : values);
  }
  const entries = [...sums].filter(([, values]) => values.some((value) => value !== 0));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Returns the sums of samples by stack and labels: `main;run {tid=7 thread=Main}`. Only labels with
 * one of the `keys` count, by default all.
 */
export function labelledStacksOf(
  profile: Profile,
  keys?: readonly string[],
): Record<string, Int64[]> {
  const { labels, samples, strings } = profile;
  const sums: Record<string, Int64[]> = {};
  for (let row = 0; row < samples.length; row++) {
    const texts: string[] = [];
    for (let i = samples.labelOffsets[row]; i < samples.labelOffsets[row + 1]; i++) {
      const key = strings.get(labels.key[i]);
      if (keys && !keys.includes(key)) continue;
      texts.push(`${key}=${strings.get(labels.text[i]) || int64At(labels.number, i)}`);
    }
    const text = texts.length > 0 ? ` {${texts.sort().join(" ")}}` : "";
    const key = `${frameNames(profile, row, false).join(";")}${text}`;
    const values = samples.values.map((column) => int64At(column, row));
    sums[key] = sums[key]?.map((sum, i) => add(sum, values[i])) ?? values;
  }
  return sums;
}

/** Returns the totals of all samples, by sample type. */
export function totalsOf(profile: Profile): Int64[] {
  return profile.samples.values.map((column) => {
    let sum: Int64 = 0;
    for (let sample = 0; sample < column.length; sample++) sum = add(sum, int64At(column, sample));
    return sum;
  });
}

/** Returns the flat and cum values of one sample type, by function. */
export function flatAndCum(
  profile: Profile,
  type = 0,
): Record<string, [flat: number, cum: number]> {
  const rows = new Map<string, [number, number]>();
  const row = (name: string) => {
    const found = rows.get(name) ?? [0, 0];
    rows.set(name, found);
    return found;
  };
  for (const [stack, values] of Object.entries(stacksOf(profile))) {
    const names = stack.split(";");
    row(names[names.length - 1])[0] += Number(values[type]);
    for (const name of new Set(names)) row(name)[1] += Number(values[type]);
  }
  return Object.fromEntries(rows);
}
