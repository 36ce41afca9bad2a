import { describe, expect, it } from "vitest";
import { fitsScreen } from "../../src/terminal/fits-screen.js";

const SCREEN = { rows: 4, columns: 10 };

describe("a screen of 4 rows and 10 columns", () => {
  it.each([
    ["", true],
    ["\n\n\n", true],
    ["\n\n\n\n", false],
    ["a\nb\nc", true],
    ["a\nb\nc\nd", false],
    ["0123456789\nb\nc\n", true],
    ["0123456789A\nb\nc\n", false],
    ["x".repeat(30), true],
    ["x".repeat(31), false],
    [`${"\u001b[38;5;200mx\u001b[0m".repeat(30)}\n`, true],
    ["火".repeat(15), true],
    ["火".repeat(16), false],
    ["e\u0301".repeat(30), true],
    ["a\tbc\nb\nc", true],
    ["a\tbcd\nb\nc", false],
  ])("has room for %j: %s", (text, fits) => {
    expect(fitsScreen(text, SCREEN)).toBe(fits);
  });

  it.each([["x"], ["x\n"], ["\u001b[m"]])("is too small for a long text of %j", (piece) => {
    const text = Buffer.from(piece.repeat(1e7)).toString();
    const start = performance.now();
    expect(fitsScreen(text, SCREEN)).toBe(false);
    expect(performance.now() - start).toBeLessThan(100);
  });
});
