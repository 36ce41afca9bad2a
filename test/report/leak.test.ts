import { describe, expect, it } from "vitest";
import { leak } from "../../src/report/leak.js";
import { signTest } from "../../src/report/significance/sign-test.js";
import { inputFor } from "../support/report-input.js";
import { profileOf } from "../support/text-profile.js";

/** A sampler that takes every object into account with a probability of 1 - 1/e. */
const SIZE = 1000;

function report(text: string) {
  const parts = { types: ["inuse_objects/count", "inuse_space/bytes"] };
  const profile = { ...profileOf(text, parts), period: SIZE, durationNanos: 2e9 };
  return leak(inputFor("top", profile, { options: { sample_index: "inuse_space" } }));
}

/** Returns a line of a profile: objects of 1000 bytes. */
const objects = (stack: string, count: number, change: string) =>
  `${stack} ${count} ${count * SIZE} {bytes:${SIZE}bytes change=${change}}`;

describe("leak", () => {
  it("sums up what each function allocated and freed, the largest growth first", () => {
    const { rows, total, seconds, intervalBytes, knowsTurnover } = report(
      [
        objects("main;handle;keep", 300, "allocated"),
        objects("main;other;keep", 20, "allocated"),
        objects("main;keep", -10, "freed"),
        objects("main;churn", 40, "allocated"),
        objects("main;churn", -50, "freed"),
      ].join("\n"),
    );
    expect({ seconds, intervalBytes, knowsTurnover }).toEqual({
      seconds: 2,
      intervalBytes: SIZE,
      knowsTurnover: true,
    });
    expect(rows).toMatchObject([
      { name: "keep", growth: 310_000, objects: 310, allocated: 320_000, freed: 10_000 },
      { name: "churn", growth: -10_000, objects: -10, allocated: 40_000, freed: 50_000 },
    ]);
    expect(rows[0].callers.map(({ name }) => name)).toEqual(["handle", "main"]);
    expect(total).toMatchObject({ growth: 300_000, objects: 300, isReal: true });
    expect(rows.map(({ isReal }) => isReal)).toEqual([true, false]);
    // 209 hits of 330 objects, each of which represents 330,000 / 209 bytes.
    const hits = 190 + 13 + 6;
    expect(rows[0].noise).toBeCloseTo((1.96 * Math.sqrt(hits) * 330_000) / hits, -3);
  });

  it("does not test memory that was measured instead of sampled", () => {
    const [row] = report('"(array buffers)" 0 5000 {change=allocated}').rows;
    expect(row).toMatchObject({ growth: 5000, objects: 0, noise: 0, p: undefined, isReal: false });
  });

  it("knows nothing of the turnover if there is only the memory at two points", () => {
    const { rows, knowsTurnover } = report(
      `${objects("main;a", 1000, '"in use after"')}\n${objects("main;a", -990, '"in use before"')}`,
    );
    expect(knowsTurnover).toBe(false);
    expect(rows).toMatchObject([{ growth: 10_000, isReal: false }]);
  });
});

describe("signTest", () => {
  it("is the upper tail of a binomial distribution", () => {
    expect(signTest(0, 0)).toBe(1);
    expect(signTest(10, 0)).toBeCloseTo(2 ** -10, 12);
    // (1 + 10 + 45) / 1024
    expect(signTest(8, 2)).toBeCloseTo(56 / 1024, 12);
    expect(signTest(0, 5)).toBeCloseTo(1, 12);
    expect(signTest(400, 600)).toBeCloseTo(1, 8);
  });

  it("has no step where the normal distribution begins", () => {
    expect(signTest(545, 455) / signTest(545, 456)).toBeCloseTo(1, 0);
    expect(signTest(5000, 4000)).toBeLessThan(1e-20);
    expect(signTest(4000, 5000)).toBeGreaterThan(0.999);
  });

  it("calls steady memory real in at most 5 % of the cases", () => {
    // A program in which 5 functions replace 200 objects each, of which a part is sampled.
    let state = 12345;
    const random = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state / 2 ** 32;
    };
    const sampled = () => Array.from({ length: 200 }, random).filter((x) => x < 0.3).length;
    let alarms = 0;
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      const p = Array.from({ length: 5 }, () => signTest(sampled(), sampled()));
      if (Math.min(...p) * p.length <= 0.05) alarms++;
    }
    expect(alarms / runs).toBeLessThan(0.07);
  });
});
