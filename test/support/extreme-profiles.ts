import type { Profile } from "../../src/profile/profile.js";
import { ProfileBuilder } from "../../src/profile/profile-builder.js";

/** A sample; its stack has the numbers of functions from 0, leaf first. */
interface Sample {
  readonly stack: readonly number[];
  readonly values: readonly [samples: number, cpu: number | bigint];
}

/** Returns a profile of functions `pkg.fn0`, `pkg.fn1`, ... in 50 files, each with one location. */
function profileOf(functionCount: number, samples: readonly Sample[]): Profile {
  const builder = new ProfileBuilder([
    { type: "samples", unit: "count" },
    { type: "cpu", unit: "nanoseconds" },
  ]);
  const locations = Array.from({ length: functionCount }, (_, i) => {
    const fn = builder.addFunction({ name: `pkg.fn${i}`, filename: `file${i % 50}.go` });
    return builder.addLocation({ lines: [{ function: fn, line: (i % 100) + 1 }] });
  });
  for (const { stack, values } of samples) {
    builder.addSample(
      stack.map((fn) => locations[fn]),
      values,
    );
  }
  return builder.finish();
}

const count = (length: number) => Array.from({ length }, (_, i) => i);

/** A stack of `depth` functions, and the same stack reversed. */
export const deepStacks = (depth: number) =>
  profileOf(depth, [
    { stack: count(depth), values: [1, 1e7] },
    { stack: count(depth).reverse(), values: [2, 2e7] },
  ]);

/** Two functions that call each other, a function that calls itself, and both, `depth` times. */
export const deepRecursion = (depth: number) =>
  profileOf(3, [
    { stack: count(depth).map((i) => i % 2), values: [1, 1e7] },
    { stack: count(depth).map(() => 2), values: [2, 2e7] },
    { stack: [0, 0, 1, 2, 2, 0], values: [4, 7] },
  ]);

/** `functionCount` functions. Each is in one stack, with three others. */
export const manyFunctions = (functionCount: number) =>
  profileOf(
    functionCount,
    count(functionCount / 4).map((i) => ({
      stack: [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3],
      values: [1, 1e7 + i],
    })),
  );

export const noSamples = () => profileOf(0, []);

export const onlyZeros = () =>
  profileOf(3, [
    { stack: [0, 1], values: [0, 0] },
    { stack: [2], values: [0, 0] },
  ]);

/**
 * A negative total, a function whose values add up to 0, and a negative function. No function has
 * calls of +n and -n, because pprof does not define their order.
 */
export const negativeTotal = () =>
  profileOf(4, [
    { stack: [0, 1], values: [-3, -30] },
    { stack: [2, 1], values: [1, 10] },
    { stack: [2, 2, 1], values: [-1, -10] },
    { stack: [3, 0, 1], values: [2, 20] },
    { stack: [3, 1], values: [-2, -25] },
  ]);

/**
 * Function 0 has calls whose positive values add up to more than 63 bits, although the sum of all
 * its calls is small. Function 7 has the smallest possible value.
 */
export const hugeValues = () =>
  profileOf(9, [
    ...[1, 2, 3].map((fn) => ({ stack: [fn, 0], values: [1, 2n ** 62n + BigInt(fn)] as const })),
    ...[4, 5, 6].map((fn) => ({ stack: [fn, 0], values: [1, -(2n ** 62n)] as const })),
    { stack: [7], values: [1, -(2n ** 63n)] },
    { stack: [8, 0], values: [1, 2n ** 53n + 1n] },
  ]);
