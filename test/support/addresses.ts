import { readProfile } from "../../src/formats/read.js";
import { int64At, uint64At } from "../../src/profile/columns.js";
import type { Profile } from "../../src/profile/profile.js";

/** Reads a profile that is not compressed. */
export function readText(text: string, limit = 1 << 26): Promise<Profile> {
  return readBytes(new TextEncoder().encode(text), limit);
}

export function readBytes(bytes: Uint8Array, limit = 1 << 26): Promise<Profile> {
  return readProfile(bytes, () => Promise.reject(new Error("not compressed")), limit);
}

const hex = (value: bigint) => value.toString(16);

/** Returns the sample types, such as `cpu/nanoseconds`. */
export function typesOf({ strings, sampleTypes }: Profile): string[] {
  return sampleTypes.map(({ type, unit }) => `${strings.get(type)}/${strings.get(unit)}`);
}

/**
 * Returns a line for each sample: the values, `@`, the stack, leaf first, and `bytes=N` if it has
 * that label. A frame is an address, or `function file:line`.
 */
export function samplesOf(profile: Profile): string[] {
  const { strings, samples, labels } = profile;
  return Array.from({ length: samples.length }, (_, row) => {
    const values = samples.values.map((column) => int64At(column, row)).join(" ");
    const stack = [];
    for (let i = samples.stackOffsets[row]; i < samples.stackOffsets[row + 1]; i++) {
      stack.push(frameOf(profile, samples.stackLocations[i]));
    }
    const words = [values, "@", stack.join(lineCount(profile) > 0 ? ", " : " ")];
    for (let i = samples.labelOffsets[row]; i < samples.labelOffsets[row + 1]; i++) {
      words.push(`${strings.get(labels.key[i])}=${int64At(labels.number, i)}`);
    }
    return words.join(" ").replaceAll("  ", " ").trimEnd();
  });
}

const lineCount = (profile: Profile) => profile.lines.length;

function frameOf({ strings, locations, lines, functions }: Profile, location: number): string {
  const line = locations.lineOffsets[location];
  if (line === locations.lineOffsets[location + 1])
    return hex(uint64At(locations.address, location));
  const fn = lines.function[line];
  const file = strings.get(functions.filename[fn]);
  return `${strings.get(functions.name[fn])} ${file}:${int64At(lines.line, line)}`;
}

/** Returns a line for each mapping: `START-LIMIT @OFFSET FILE BUILD_ID`. */
export function mappingsOf({ strings, mappings }: Profile): string[] {
  return Array.from({ length: mappings.length }, (_, row) => {
    const range = `${hex(uint64At(mappings.start, row))}-${hex(uint64At(mappings.limit, row))}`;
    const offset = hex(uint64At(mappings.offset, row));
    const names = [strings.get(mappings.file[row]), strings.get(mappings.buildId[row])];
    return [range, `@${offset}`, ...names].join(" ").trimEnd();
  });
}

/** Returns a line for each location: its address, and the number of its mapping from 1, or 0. */
export function locationsOf({ locations }: Profile): string[] {
  return Array.from({ length: locations.length }, (_, row) => {
    return `${hex(uint64At(locations.address, row))} ${locations.mapping[row] + 1}`;
  });
}
