import { describe, expect, it } from "vitest";
import { arrangements, binomial } from "../../../src/report/significance/arrangements.js";
import { holm } from "../../../src/report/significance/holm.js";
import { maxT } from "../../../src/report/significance/max-t.js";
import { criticalZ, twoSidedP } from "../../../src/report/significance/normal.js";
import { shareError, shareZ } from "../../../src/report/significance/share-test.js";

describe("arrangements", () => {
  it("are all assignments, each once, the observed one first", () => {
    const { list, isComplete, possible } = arrangements(3, 4, 100);
    expect({ isComplete, possible, length: list.length }).toEqual({
      isComplete: true,
      possible: 35,
      length: 35,
    });
    expect(list[0]).toEqual([0, 1, 2]);
    expect(new Set(list.map(String)).size).toBe(35);
    for (const chosen of list) {
      expect(new Set(chosen).size).toBe(3);
      expect(chosen.every((position) => position >= 0 && position < 7)).toBe(true);
    }
  });

  it("are drawn evenly and reproducibly if there are too many", () => {
    const { list, isComplete } = arrangements(10, 10, 4000);
    expect({ isComplete, length: list.length }).toEqual({ isComplete: false, length: 4000 });
    expect(list[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(list).toEqual(arrangements(10, 10, 4000).list);
    const times = new Array(20).fill(0);
    for (const chosen of list) {
      expect(new Set(chosen).size).toBe(10);
      for (const position of chosen) times[position]++;
    }
    // The expected count is 2000, with a standard deviation of about 32.
    for (const count of times) expect(Math.abs(count - 2000)).toBeLessThan(160);
  });

  it("are counted as in Pascal's triangle", () => {
    expect([binomial(10, 5), binomial(6, 3), binomial(5, 0), binomial(20, 10)]).toEqual([
      252, 20, 1, 184756,
    ]);
    expect(binomial(4000, 2000)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the normal distribution", () => {
  // Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.1: Q(x), doubled.
  it.each([
    [0, 1],
    [0.5, 2 * 0.308537538725987],
    [1, 2 * 0.158655253931457],
    [2, 2 * 0.022750131948179],
    [3, 2 * 0.00134989803163],
    [4, 2 * 3.167124183312e-5],
    [5, 2 * 2.866515718792e-7],
    [10, 2 * 7.61985302416e-24],
  ])("has the tail of published tables beyond %d", (z, p) => {
    expect(twoSidedP(z) / p).toBeCloseTo(1, 10);
    expect(twoSidedP(-z)).toBe(twoSidedP(z));
  });

  it("is inverted correctly", () => {
    expect(criticalZ(0.05)).toBeCloseTo(1.959963984540054, 10);
    expect(criticalZ(0.01)).toBeCloseTo(2.5758293035489004, 10);
    expect(criticalZ(2 * 2.866515718792e-7)).toBeCloseTo(5, 8);
  });

  it("works up to the limits of doubles", () => {
    expect([twoSidedP(40), twoSidedP(Number.POSITIVE_INFINITY), twoSidedP(Number.NaN)]).toEqual([
      0, 0, 1,
    ]);
  });
});

describe("Holm's correction", () => {
  it("equals R's p.adjust", () => {
    // p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") and p.adjust(c(0.04, 0.001, 0.03), "holm")
    expect(holm([0.01, 0.02, 0.03, 0.04, 0.05])).toEqual(
      [0.05, 0.08, 0.09, 0.09, 0.09].map((p) => expect.closeTo(p, 12)),
    );
    expect(holm([0.04, 0.001, 0.03])).toEqual(
      [0.06, 0.003, 0.06].map((p) => expect.closeTo(p, 12)),
    );
    expect(holm([])).toEqual([]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });
});

/** Fisher's exact test, two-sided with mid-p, by adding up the hypergeometric distribution. */
function midP(base: number, baseTotal: number, next: number, nextTotal: number): number {
  const hits = base + next;
  const logs = [0];
  for (let n = 1; n <= baseTotal + nextTotal; n++) logs.push(logs[n - 1] + Math.log(n));
  const choose = (n: number, k: number) => logs[n] - logs[k] - logs[n - k];
  const chance = (k: number) =>
    Math.exp(
      choose(baseTotal, k) + choose(nextTotal, hits - k) - choose(baseTotal + nextTotal, hits),
    );
  const observed = chance(base);
  let p = 0;
  for (let k = Math.max(0, hits - nextTotal); k <= Math.min(hits, baseTotal); k++) {
    const likely = chance(k);
    if (likely < observed * (1 - 1e-9)) p += likely;
    else if (likely <= observed * (1 + 1e-9)) p += likely / 2;
  }
  return p;
}

describe("the test of shares", () => {
  it("matches a direct computation", () => {
    // Fisher's tea tasting: 3 of 4 and 1 of 4 are right, so p = 34/70; mid-p subtracts half of 2 *
    // 16/70.
    expect(midP(3, 4, 1, 4)).toBeCloseTo((34 - 16) / 70, 12);
  });

  it.each([
    [12, 100, 30, 100],
    [40, 500, 62, 480],
    [3, 400, 20, 410],
    [0, 300, 9, 300],
    [150, 400, 210, 420],
    [5, 1000, 40, 990],
    [0, 400, 20, 400],
    [7, 100, 3, 400],
  ])(
    "is close to Fisher's exact test for %d of %d and %d of %d",
    (base, baseTotal, next, nextTotal) => {
      const p = twoSidedP(shareZ({ base, baseTotal, next, nextTotal }));
      const exact = midP(base, baseTotal, next, nextTotal);
      expect(Math.abs(Math.log(p / exact))).toBeLessThan(Math.log(2));
    },
  );

  it("has a sign, and returns 0 without samples", () => {
    const up = { base: 10, baseTotal: 100, next: 30, nextTotal: 100 };
    const down = { base: 30, baseTotal: 100, next: 10, nextTotal: 100 };
    expect(shareZ(up)).toBeGreaterThan(3);
    expect(shareZ(down)).toBeCloseTo(-shareZ(up), 12);
    expect(shareZ({ base: 10, baseTotal: 100, next: 20, nextTotal: 200 })).toBeCloseTo(0, 0);
    expect(shareZ({ base: 0, baseTotal: 0, next: 20, nextTotal: 200 })).toBe(0);
    expect(Math.abs(shareZ({ base: 120, baseTotal: 100, next: 200, nextTotal: 200 }))).toBeLessThan(
      0.5,
    );
  });

  it("returns the error of a difference", () => {
    // sqrt(0.2 * 0.8 * (1/100 + 1/100))
    expect(shareError({ base: 10, baseTotal: 100, next: 30, nextTotal: 100 })).toBeCloseTo(
      0.0565685,
      6,
    );
  });
});

const measured = (...values: number[]) => ({ values: Float64Array.from(values), leastVariance: 0 });

describe("max-T", () => {
  it("equals the permutation test by hand for one quantity", () => {
    // 1 2 3 against 4 5 6: of 20 ways, only this one and its mirror image are this far apart.
    const { tests, leastP } = maxT(
      [measured(1, 2, 3, 4, 5, 6)],
      3,
      arrangements(3, 3, 99).list,
      0.2,
    );
    expect(tests[0].p).toBeCloseTo(2 / 20, 12);
    expect(leastP).toBeCloseTo(0.1, 12);
  });

  it("gives the p of tables for ranks", () => {
    // Wilcoxon, n = m = 5, ranks 1 2 3 4 6 against 5 7 8 9 10: U = 1, two-sided p = 4/252.
    const ranks = measured(1, 2, 3, 4, 6, 5, 7, 8, 9, 10);
    const { tests } = maxT([ranks], 5, arrangements(5, 5, 999).list, 0.05);
    expect(tests[0].p).toBeCloseTo(4 / 252, 12);
  });

  it("agrees with a direct step-down computation", () => {
    const family = Array.from({ length: 6 }, (_, row) =>
      Array.from(
        { length: 8 },
        (_, run) => ((run * 37 + row * row * 11 + run * run * 5) % 23) + (run > 3 ? row * 3 : 0),
      ),
    );
    const deals = arrangements(4, 4, 999).list;
    const t = (values: number[], chosen: readonly number[]) => {
      const a = chosen.map((i) => values[i]);
      const b = values.filter((_, i) => !chosen.includes(i));
      const mean = (list: number[]) => list.reduce((x, y) => x + y, 0) / list.length;
      const squares = (list: number[]) => list.reduce((sum, x) => sum + (x - mean(list)) ** 2, 0);
      // Half of the weight is that of the minimum variance, which is 4.
      const variance = ((squares(a) + squares(b)) / 6 + 4) / 2;
      return Math.abs(mean(b) - mean(a)) / Math.sqrt(variance * (1 / 4 + 1 / 4));
    };
    const observed = family.map((values) => t(values, [0, 1, 2, 3]));
    const order = observed.map((_, i) => i).sort((a, b) => observed[b] - observed[a]);
    const expected: number[] = [];
    let before = 0;
    order.forEach((index, rank) => {
      const rest = order.slice(rank);
      const reached = deals.filter(
        (deal) => Math.max(...rest.map((i) => t(family[i], deal))) >= observed[index] - 1e-9,
      );
      before = Math.max(before, reached.length / deals.length);
      expected[index] = before;
    });
    const { tests } = maxT(
      family.map((values) => ({ values: Float64Array.from(values), leastVariance: 4 })),
      4,
      deals,
      0.05,
    );
    expect(tests.map(({ p }) => p)).toEqual(expected.map((p) => expect.closeTo(p, 12)));
    expect(new Set(expected).size).toBeGreaterThan(2);
  });

  it("finds one changed quantity among many with five runs per side", () => {
    const random = lcg(7);
    const noise = () => 100 + 5 * (random() + random() + random() - 1.5);
    const family = Array.from({ length: 200 }, (_, row) =>
      measured(
        ...Array.from({ length: 10 }, (_, run) => noise() + (row === 17 && run >= 5 ? 40 : 0)),
      ),
    );
    const { tests } = maxT(family, 5, arrangements(5, 5, 999).list, 0.05);
    const real = tests.flatMap(({ p }, row) => (p <= 0.05 ? [row] : []));
    expect(real).toEqual([17]);
    expect(tests[17].p).toBeCloseTo(2 / 252, 12);
    expect(tests[17].noise).toBeLessThan(40);
  });

  it("calls something real in at most one of twenty families without a change", () => {
    const random = lcg(3);
    const deals = arrangements(5, 5, 999).list;
    let called = 0;
    for (let trial = 0; trial < 300; trial++) {
      // Skewed values of different sizes that depend on each other through a common noise.
      const common = Array.from({ length: 10 }, () => random() ** 3);
      const family = Array.from({ length: 10 }, (_, row) =>
        measured(...common.map((shared) => (row + 1) * (shared + random() ** 4))),
      );
      if (maxT(family, 5, deals, 0.05).tests.some(({ p }) => p <= 0.05)) called++;
    }
    // At most 15 are expected, with a standard deviation of about 4. Far fewer would show a useless
    // test.
    expect(called).toBeLessThan(28);
    expect(called).toBeGreaterThan(4);
  });

  it("treats equal values as equal, and steady ones as real", () => {
    const deals = arrangements(4, 4, 99).list;
    const { tests } = maxT(
      [measured(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1), measured(5, 5, 5, 5, 6, 6, 6, 6)],
      4,
      deals,
      0.05,
    );
    expect(tests[0].p).toBe(1);
    expect(tests[1].p).toBeCloseTo(2 / 70, 12);
    expect(maxT([], 4, deals, 0.05).tests).toEqual([]);
  });
});

/**
 * Returns uniform numbers from 0 to 1 of a linear congruential generator, for reproducible tests.
 */
function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}
