import { describe, expect, it } from "vitest";
import { foldLine, widthOf } from "../../src/terminal/fit.js";

describe("a line that is folded", () => {
  it.each<[string, number, string[]]>([
    ["short", 10, ["short"]],
    ["one two three", 13, ["one two three"]],
    ["one two three", 12, ["one two", "  three"]],
    ["Active   filters", 10, ["Active", "  filters"]],
    ["abcdefghij kl", 6, ["ab…hij", "  kl"]],
    ["函数 名字", 6, ["函数", "  名字"]],
  ])("%j at %d columns", (line, width, expected) => {
    expect(foldLine(line, width)).toEqual(expected);
    for (const part of foldLine(line, width)) expect(widthOf(part)).toBeLessThanOrEqual(width);
  });

  it("is shortened to one line if it would need too many", () => {
    expect(foldLine("a b c d e f g h i j", 5)).toEqual(["a…i j"]);
    expect(foldLine("a b c d e f g h i j", 5, 20).join("").replaceAll(" ", "")).toBe("abcdefghij");
  });
});
