import { type Int64, truncate } from "../units/int64.js";

/**
 * What a sample of `count` objects with `size` bytes in all stands for, where allocations
 * are sampled at random, one for about `rate` bytes. An object of S bytes is then in the
 * profile with a probability of 1 - exp(-S / rate), by which its values are divided.
 */
export function unsample(count: Int64, size: Int64, rate: Int64): [Int64, Int64] {
  if (count === 0 || size === 0) return [0, 0];
  // Everything was sampled, or nothing is known.
  if (rate <= 1) return [count, size];
  const average = Number(size) / Number(count);
  const scale = 1 / (1 - Math.exp(-average / Number(rate)));
  return [truncate(Number(count) * scale), truncate(Number(size) * scale)];
}
