import { describe, expect, it } from "vitest";
import { fitRows } from "../../src/terminal/fit-rows.js";

/** So many lines around the rows, and so many lines a row. */
function drawer(around: number, each: number): (count: number) => string[] {
  return (count) => new Array<string>(around + count * each).fill("");
}

describe("the rows that fit on a terminal", () => {
  it("are all rows if the height is unlimited", () => {
    expect(fitRows(500, { height: undefined, least: 5 }, drawer(8, 1))).toHaveLength(508);
  });

  it.each([
    [24, 8, 1],
    [50, 8, 1],
    [50, 9, 7],
    [24, 3, 4],
  ])("leave two of %d rows free, with %d lines around, %d a row", (height, around, each) => {
    const { length } = fitRows(500, { height, least: 1 }, drawer(around, each));
    expect(length).toBeLessThanOrEqual(height - 2);
    // Another row would not fit.
    expect(length + each).toBeGreaterThan(height - 2);
  });

  it("are all rows if they fit", () => {
    expect(fitRows(3, { height: 24, least: 5 }, drawer(8, 1))).toHaveLength(11);
  });

  it("are at least the minimum", () => {
    expect(fitRows(500, { height: 6, least: 5 }, drawer(8, 1))).toHaveLength(13);
  });
});
