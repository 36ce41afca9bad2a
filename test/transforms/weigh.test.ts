import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { int64At } from "../../src/profile/columns.js";
import { scaleByWeight } from "../../src/transforms/weigh.js";
import { profileOf } from "../support/text-profile.js";

const valuesOf = (lines: string, weight: number) => {
  const { values } = scaleByWeight(profileOf(lines), weight).samples;
  return Array.from({ length: values[0].length }, (_, row) => int64At(values[0], row));
};

describe("weigh", () => {
  it("carries the rounding error to the next value", () => {
    expect(valuesOf("a 1\nb 1\nc 1\nd 1\ne 1\nf 1", 0.5)).toEqual([1, 0, 1, 0, 1, 0]);
    expect(valuesOf("a 10\nb 10", 0.3)).toEqual([3, 3]);
    expect(valuesOf("a 1\nb 2", 3)).toEqual([3, 6]);
  });

  it("is exact to half a unit in total, and to one unit in each value", () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1_000_000 }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.001, max: 50, noNaN: true }), (numbers, weight) => {
        const weighed = valuesOf(numbers.map((value, i) => `f${i} ${value}`).join("\n"), weight);
        const sum = (list: readonly (number | bigint)[]) =>
          list.reduce<number>((total, value) => total + Number(value), 0);
        expect(Math.abs(sum(weighed) - sum(numbers) * weight)).toBeLessThanOrEqual(0.5001);
        weighed.forEach((value, i) => {
          expect(Math.abs(Number(value) - numbers[i] * weight)).toBeLessThan(1.0001);
        });
      }),
    );
  });

  it("stays within 64 bits", () => {
    expect(valuesOf("a 9223372036854775807\nb -9223372036854775807", 4)).toEqual([
      9223372036854775807n,
      -9223372036854775807n,
    ]);
    expect(valuesOf("a 9223372036854775807", 1)).toEqual([9223372036854775807n]);
  });
});
