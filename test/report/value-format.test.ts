import { describe, expect, it } from "vitest";
import type { NodeValues } from "../../src/graph/node-values.js";
import { chooseFormat, formatValue } from "../../src/report/value-format.js";
import { add, type Int64 } from "../../src/units/int64.js";
import type { NodeIndex } from "../../src/view/node-table.js";

interface Wanted {
  from?: string;
  unit?: string;
  ratio?: number;
  /** By default, the sum of the flat values. */
  total?: Int64;
  cum?: number[];
  divisors?: number[];
  shown?: number[];
}

/** Chooses the format for rows with these flat values. */
function choose(flat: number[], wanted: Wanted = {}) {
  const { from = "nanoseconds", unit = "minimum", ratio = 1, cum = flat, divisors } = wanted;
  const column = divisors && Float64Array.from(divisors);
  const values: NodeValues = {
    flat: Float64Array.from(flat),
    cum: Float64Array.from(cum),
    flatDivisor: column,
    cumDivisor: column,
    inlinedBound: undefined,
  };
  const total = wanted.total ?? flat.reduce<Int64>((sum, value) => add(sum, value), 0);
  const sampleValue = {
    index: 0,
    type: "cpu",
    unit: from,
    values: values.flat,
    divisors: undefined,
  };
  const shown = (wanted.shown ?? [...flat.keys()]) as NodeIndex[];
  return chooseFormat({ value: sampleValue, unit, ratio, total }, values, shown);
}

const unitOf = (flat: number[], wanted?: Wanted) => choose(flat, wanted).to;

const us = 1e3;
const ms = 1e6;
const s = 1e9;

describe("the unit of a report", () => {
  it("suits all values", () => {
    expect(unitOf([20 * ms, 10 * ms, 6 * ms])).toBe("ms");
    expect(unitOf([3 * s, 2 * s])).toBe("s");
    expect(unitOf([900])).toBe("ns");
  });

  it("is that of the smallest value if the total is less than a hundred times as much", () => {
    expect(unitOf([900 * ms, 900 * ms])).toBe("ms");
    expect(unitOf([500 * ms, 20 * s])).toBe("ms");
    // 30 ms × 100 equals the total.
    expect(unitOf([30 * ms, 2970 * ms])).toBe("ms");
  });

  it("suits a hundred times the smallest value if the total is far larger", () => {
    expect(unitOf([20 * ms, 3 * s])).toBe("s");
    expect(unitOf([50 * us, 10 * s])).toBe("ms");
    expect(unitOf([5 * us, 10 * ms])).toBe("us");
    expect(unitOf([1, 3600 * s])).toBe("ns");
  });

  it("depends on the shown rows and the total of the profile", () => {
    expect(unitOf([1, 20 * ms, 30 * ms], { shown: [1, 2] })).toBe("ms");
    expect(unitOf([20 * ms], { total: 1000 * s })).toBe("s");
  });

  it("uses the cum of rows without a flat value, and ignores rows with neither", () => {
    expect(unitOf([0, 2 * s], { cum: [5 * ms, 2 * s] })).toBe("ms");
    expect(unitOf([0, 2 * s], { cum: [0, 2 * s] })).toBe("s");
  });

  it("uses absolute values", () => {
    expect(unitOf([-20 * ms, 30 * ms], { total: 50 * ms })).toBe("ms");
  });

  it("uses means as they are shown", () => {
    expect(unitOf([2 * s], { divisors: [1000], total: 2 * ms })).toBe("ms");
  });

  it("uses the total if no row has a value", () => {
    expect(unitOf([0], { total: 5 * ms })).toBe("ms");
  });

  it("uses values after division", () => {
    expect(unitOf([5 * s], { ratio: 1 / 1000 })).toBe("ms");
    expect(unitOf([20 * ms, 3 * s], { ratio: 1e-3 })).toBe("ms");
  });

  it("handles bytes, and keeps unknown units", () => {
    expect(unitOf([1536, 2048], { from: "bytes" })).toBe("kB");
    expect(unitOf([5, 2 ** 20], { from: "bytes" })).toBe("B");
    expect(unitOf([1, 1e9], { from: "count" })).toBe("count");
    expect(unitOf([1, 1e9], { from: "wombats" })).toBe("wombats");
  });

  it("is the requested one, whatever the values", () => {
    expect(unitOf([20 * ms, 3 * s], { unit: "us" })).toBe("us");
    expect(unitOf([20 * ms, 3 * s], { unit: "auto" })).toBe("auto");
  });

  it("is not fixed without rows, so that each value of the header has its own", () => {
    const format = choose([], { total: 1500 * ms });
    expect(formatValue(format, 1500 * ms)).toBe("1.50s");
    expect(formatValue(format, 5 * us)).toBe("5us");
  });
});

describe("formatValue", () => {
  it("formats in the chosen unit", () => {
    expect(formatValue({ from: "nanoseconds", to: "s", ratio: 1 }, 20 * ms)).toBe("0.02s");
    expect(formatValue({ from: "count", to: "count", ratio: 1 }, 1234)).toBe("1234");
  });

  it("multiplies by the ratio first, and drops the fraction", () => {
    expect(formatValue({ from: "count", to: "count", ratio: 0.5 }, 7)).toBe("3");
    expect(formatValue({ from: "count", to: "count", ratio: 0.5 }, -7)).toBe("-3");
    expect(formatValue({ from: "count", to: "count", ratio: 2 }, 7)).toBe("14");
  });

  it("ignores a ratio of 1 and ratios that are not positive, as in pprof", () => {
    const wide = 2n ** 62n;
    expect(formatValue({ from: "count", to: "count", ratio: 1 }, wide)).toBe("4611686018427387904");
    expect(formatValue({ from: "count", to: "count", ratio: -1 }, 7)).toBe("7");
  });
});
