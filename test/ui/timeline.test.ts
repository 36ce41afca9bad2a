import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangeOf, textsOf } from "../../src/ui/timeline/time-range.js";
import { lengthText, shortTimeText, tickStep, timeText } from "../../src/ui/timeline/times.js";

describe("the texts of times", () => {
  it.each([
    [0, "0 s"],
    [7, "7 ns"],
    [1500, "1.5 µs"],
    [12_345_678, "12.3 ms"],
    [999_400_000, "999 ms"],
    [1_250_000_000, "1.25 s"],
    [3_600_000_000_000, "3600 s"],
  ])("of a length of %i ns is %s", (nanos, text) => {
    expect(lengthText(nanos)).toBe(text);
  });

  it("have as many decimals as steps need", () => {
    expect(timeText(1_200_000_000, 200_000_000)).toBe("1.2 s");
    expect(timeText(1_234_500_000, 500_000)).toBe("1.2345 s");
    expect(timeText(20_000_000, 5_000_000)).toBe("20 ms");
    expect(timeText(0, 5)).toBe("0 s");
    expect(shortTimeText(1_000_000_000, 1000)).toBe("1 s");
  });

  it("of ticks are round, and not more than fit", () => {
    expect(tickStep(1000, 10)).toBe(100);
    expect(tickStep(1001, 10)).toBe(200);
    expect(tickStep(4.9e9, 14)).toBe(5e8);
    expect(tickStep(3, 100)).toBe(1);
  });

  it("of ranges are short, and lose nothing that can be seen", () => {
    expect(textsOf({ from: 1_234_567_891, to: 2_000_000_123 }, 700_000)).toEqual({
      from: "1.2346s",
      to: "2s",
    });
    expect(textsOf({ from: 5, to: 5 }, 100)).toEqual({ from: "0s", to: "0.0000001s" });
    const time = fc.integer({ min: 0, max: 1e12 });
    fc.assert(
      fc.property(time, time, fc.integer({ min: 1, max: 1e9 }), (a, b, step) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const range = rangeOf(textsOf({ from, to }, step));
        expect(Math.abs((range?.from ?? 0) - from)).toBeLessThanOrEqual(step);
        expect(Math.abs((range?.to ?? 0) - to)).toBeLessThanOrEqual(2 * step + 1);
      }),
    );
  });

  it("of options are ranges, if they are times", () => {
    expect(rangeOf({ from: "", to: "" })).toBeUndefined();
    expect(rangeOf({ from: "2s", to: "1s" })).toBeUndefined();
    expect(rangeOf({ from: "soon", to: "" })).toBeUndefined();
    expect(rangeOf({ from: "1m", to: "" })).toEqual({ from: 6e10, to: Number.POSITIVE_INFINITY });
  });
});
