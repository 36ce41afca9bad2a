import type { Budget } from "../../profile/budget.js";
import { ProfileError } from "../../profile/errors.js";
import type { NewHeader, NewValueType, Uint64 } from "../../profile/profile-builder.js";
import { type Int64, int64, multiply } from "../../units/int64.js";
import { addressBefore } from "../numbers.js";
import type { CpuHeader, WordReader } from "../words.js";
import { AddressSamples } from "./address-samples.js";

export const CPU_SAMPLE_TYPES: readonly NewValueType[] = [
  { type: "samples", unit: "count" },
  { type: "cpu", unit: "nanoseconds" },
];

export function cpuProfileHeader(header: CpuHeader): NewHeader & { readonly period: Int64 } {
  return {
    periodType: { type: "cpu", unit: "nanoseconds" },
    period: multiply(asInt64(header.period), 1000),
  };
}

/** The length of the shortest words of all layouts, in bytes. */
const SHORTEST_WORD = 4;

/**
 * Reads the samples of a binary CPU profile: for each sample the count, the number of frames, and
 * their addresses, leaf first. The end is marked by 0, 1, 0. With `callsReturn` all addresses
 * except the leaf are return addresses, and are lowered by one so that they lie within the call.
 * The samples are charged to `budget`.
 */
export function readCpuSamples(
  words: WordReader,
  period: Int64,
  callsReturn: boolean,
  budget: Budget,
): AddressSamples {
  const samples = new AddressSamples(CPU_SAMPLE_TYPES.length, budget);
  while (words.left > 0) {
    const at = words.pos;
    const count = words.next();
    const depth = Number(words.next());
    if (words.isCutOff || depth > words.left / SHORTEST_WORD) {
      throw new ProfileError(
        `malformed CPU profile: sample ${samples.count} at byte ${at} is longer than the file`,
      );
    }
    // A file that was cut off ends with addresses that are read as 0.
    const leaf = depth > 0 ? words.next() : undefined;
    if (count === 0 && depth === 1 && leaf === 0) break;
    if (leaf !== undefined) samples.frame(leaf);
    for (let i = 1; i < depth; i++) {
      const address = words.next();
      samples.frame(callsReturn ? addressBefore(address) : address);
    }
    const seen = asInt64(count);
    samples.end([seen, multiply(seen, period)]);
  }
  return samples;
}

/** Returns the int64 with the same bits. */
function asInt64(value: Uint64): Int64 {
  return typeof value === "number" ? value : int64(value);
}
