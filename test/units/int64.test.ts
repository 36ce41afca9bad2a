import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  abs,
  add,
  compare,
  divide,
  exactDifference,
  exactSum,
  type Int64,
  int64,
  int64FromHalves,
  negate,
  sum,
  truncate,
} from "../../src/units/int64.js";

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;
const SAFE = Number.MAX_SAFE_INTEGER;

/** 64-bit integers, many of them near limits: 0, 32 bits, 53 bits, 64 bits. */
const edges = [0n, 2n ** 31n, 2n ** 32n, BigInt(SAFE), 2n ** 53n, MIN, MAX];
const wide = fc.oneof(
  fc.bigInt({ min: MIN, max: MAX }),
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc
    .tuple(fc.constantFrom(...edges), fc.constantFrom(1n, -1n), fc.bigInt({ min: -2n, max: 2n }))
    .map(([edge, sign, step]) => BigInt.asIntN(64, edge * sign + step)),
);

/** Checks the form: a number if and only if it is safe, and never -0. */
function expectInt64(actual: Int64, expected: bigint) {
  const wrapped = BigInt.asIntN(64, expected);
  expect(BigInt(actual)).toBe(wrapped);
  const isSafe = wrapped >= -BigInt(SAFE) && wrapped <= BigInt(SAFE);
  expect(typeof actual).toBe(isSafe ? "number" : "bigint");
  expect(Object.is(actual, -0)).toBe(false);
}

describe("int64", () => {
  it("returns the only form of each value", () => {
    fc.assert(fc.property(wide, (value) => expectInt64(int64(value), value)));
  });

  it("wraps around beyond 64 bits", () => {
    expect(int64(MAX + 1n)).toBe(MIN);
    expect(int64(MIN - 1n)).toBe(MAX);
    expect(int64(2n ** 64n + 5n)).toBe(5);
  });
});

describe("int64FromHalves", () => {
  it("combines the halves of two's complement", () => {
    expect(int64FromHalves(0, 0)).toBe(0);
    expect(int64FromHalves(0xffffffff, 0)).toBe(4294967295);
    expect(int64FromHalves(0, 1)).toBe(4294967296);
    expect(int64FromHalves(0xffffffff, 0xffffffff)).toBe(-1);
    expect(int64FromHalves(0, 0x80000000)).toBe(MIN);
    expect(int64FromHalves(0xffffffff, 0x7fffffff)).toBe(MAX);
  });

  it("accepts halves that JavaScript's bit operations made negative", () => {
    expect(int64FromHalves(-1, 0)).toBe(4294967295);
    expect(int64FromHalves(-1, -1)).toBe(-1);
  });

  it("is exact for every value", () => {
    fc.assert(
      fc.property(wide, (value) => {
        const bits = BigInt.asUintN(64, value);
        expectInt64(int64FromHalves(Number(bits & 0xffffffffn), Number(bits >> 32n)), value);
      }),
    );
  });
});

describe("arithmetic", () => {
  it("adds, with Go's wrap-around", () => {
    expect(add(int64(MAX), 1)).toBe(MIN);
    expect(add(int64(MIN), -1)).toBe(MAX);
    expect(add(SAFE, 1)).toBe(2n ** 53n);
    expect(add(2n ** 53n, -1)).toBe(SAFE);
    fc.assert(fc.property(wide, wide, (a, b) => expectInt64(add(int64(a), int64(b)), a + b)));
  });

  it("negates all but the smallest", () => {
    expect(negate(int64(MIN))).toBe(MIN);
    expect(Object.is(negate(0), 0)).toBe(true);
    fc.assert(fc.property(wide, (a) => expectInt64(negate(int64(a)), -a)));
  });

  it("returns the absolute value of all but the smallest", () => {
    expect(abs(int64(MIN))).toBe(MIN);
    fc.assert(fc.property(wide, (a) => expectInt64(abs(int64(a)), a < 0n ? -a : a)));
  });

  it("divides towards zero", () => {
    expect(divide(7, 2)).toBe(3);
    expect(divide(-7, 2)).toBe(-3);
    expect(divide(7, -2)).toBe(-3);
    expect(Object.is(divide(-1, 2), 0)).toBe(true);
    expect(Object.is(divide(0, -5), 0)).toBe(true);
    expect(divide(int64(MIN), -1)).toBe(MIN);
    fc.assert(
      fc.property(
        wide,
        wide.filter((b) => b !== 0n),
        (a, b) => expectInt64(divide(int64(a), int64(b)), a / b),
      ),
    );
  });

  it("does not round up a quotient just below an integer", () => {
    const product = fc
      .tuple(fc.integer({ min: 1, max: SAFE }), fc.integer({ min: 1, max: 2 ** 26 }))
      .map(([n, b]) => [Math.floor(n / b) * b, b] as const)
      .filter(([a]) => a > 0);
    fc.assert(
      fc.property(product, ([a, b]) => {
        expectInt64(divide(a - 1, b), BigInt(a - 1) / BigInt(b));
      }),
    );
  });

  it("compares by value across both forms", () => {
    fc.assert(
      fc.property(wide, wide, (a, b) => {
        expect(Math.sign(compare(int64(a), int64(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});

describe("truncate", () => {
  it("removes the fraction, without a negative zero", () => {
    expect(truncate(2.9)).toBe(2);
    expect(truncate(-2.9)).toBe(-2);
    expect(Object.is(truncate(-0.5), 0)).toBe(true);
    expect(Object.is(truncate(-0), 0)).toBe(true);
  });

  it("keeps integers that are not safe", () => {
    expect(truncate(2 ** 53)).toBe(2n ** 53n);
    expect(truncate(-(2 ** 62))).toBe(-(2n ** 62n));
    expect(truncate(2 ** 63 - 1024)).toBe(2n ** 63n - 1024n);
  });

  it("returns the smallest int64 for values that do not fit, like Go on amd64", () => {
    for (const x of [2 ** 63, -(2 ** 63), -(2 ** 64), 1e300, Number.NaN, 1 / 0, -1 / 0]) {
      expect(truncate(x)).toBe(MIN);
    }
  });
});

describe("sums", () => {
  it("wrap at 64 bits, unless they are exact", () => {
    const largest = 2n ** 63n - 1n;
    expect(sum([largest, 1])).toBe(-(2n ** 63n));
    expect(sum([1, 2, 3])).toBe(6);
    expect(sum(BigInt64Array.of(5n, -7n))).toBe(-2);
    expect(sum([])).toBe(0);
    expect(exactSum(largest, 1)).toBe(2n ** 63n);
    expect(exactSum(1, 2)).toBe(3);
    expect(exactDifference(-largest, 2)).toBe(-(2n ** 63n) - 1n);
    expect(exactDifference(1, 2)).toBe(-1);
  });
});
