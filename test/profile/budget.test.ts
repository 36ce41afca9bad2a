import { describe, expect, it } from "vitest";
import { inputLimits } from "../../src/formats/input-limits.js";
import { Budget } from "../../src/profile/budget.js";

const MB = 2 ** 20;

describe("a budget", () => {
  it("refuses a total beyond its limit", () => {
    const budget = new Budget(10 * MB);
    budget.charge(6 * MB);
    budget.charge(4 * MB);
    expect(() => budget.charge(1)).toThrow("needs more than 10 MB; raise the limit with -max_size");
  });

  it("charges texts by their length", () => {
    const budget = new Budget(MB);
    budget.chargeText("x".repeat(100_000));
    expect(() => budget.chargeText("x".repeat(500_000))).toThrow("needs more than 1 MB");
  });

  it("refuses nothing without a limit", () => {
    expect(() => new Budget().charge(2 ** 60)).not.toThrow();
  });
});

describe("the limits of an input", () => {
  const GB = 2 ** 30;

  it("are above the needs of real profiles of its size, and below the memory of a machine", () => {
    const { inflated, memory } = inputLimits(200_000, 2 * GB);
    expect(inflated).toBeGreaterThan(200_000 * 128);
    expect(memory).toBeGreaterThan(inflated * 5);
    expect(memory).toBeLessThan(300 * MB);
  });

  it("grow with the input up to -max_size", () => {
    expect(inputLimits(50 * MB, 2 * GB)).toEqual({ inflated: 2 * GB, memory: 2 * GB });
    expect(inputLimits(1000, 10 * MB)).toEqual({ inflated: 10 * MB, memory: 10 * MB });
  });

  it("equal -max_size if the size of the input is unknown", () => {
    expect(inputLimits(Number.POSITIVE_INFINITY, GB)).toEqual({ inflated: GB, memory: GB });
  });

  it("do not apply if -max_size exceeds its default", () => {
    expect(inputLimits(1000, 4 * GB)).toEqual({ inflated: 4 * GB, memory: 4 * GB });
  });
});
