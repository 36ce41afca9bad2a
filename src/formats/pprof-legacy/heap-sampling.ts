import type { NewValueType } from "../../profile/profile-builder.js";
import { type Int64, truncate } from "../../units/int64.js";

/** The types in use come last, since reports show the last sample type by default. */
export const ALLOCATED: readonly NewValueType[] = [
  { type: "alloc_objects", unit: "count" },
  { type: "alloc_space", unit: "bytes" },
];
export const IN_USE: readonly NewValueType[] = [
  { type: "inuse_objects", unit: "count" },
  { type: "inuse_space", unit: "bytes" },
];

/**
 * Scales a sample of `count` objects with a total of `size` bytes up to the allocations that it
 * represents, if one sample is taken per `rate` bytes at random. The probability that an object of
 * S bytes is sampled is 1 - exp(-S / rate); its values are divided by it.
 */
export function unsample(count: Int64, size: Int64, rate: Int64): [Int64, Int64] {
  if (count === 0 || size === 0) return [0, 0];
  // Everything was sampled, or the rate is unknown.
  if (rate <= 1) return [count, size];
  const average = Number(size) / Number(count);
  const scale = 1 / (1 - Math.exp(-average / Number(rate)));
  return [truncate(Number(count) * scale), truncate(Number(size) * scale)];
}
