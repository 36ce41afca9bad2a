import { describe, expect, it } from "vitest";
import { foldLine, shortenName, widthOf } from "../../src/terminal/fit.js";

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

describe("the name of a node", () => {
  it.each([
    [
      "wrapSafe node:internal/modules/cjs/loader:1422",
      50,
      "wrapSafe node:internal/modules/cjs/loader:1422",
    ],
    ["wrapSafe node:internal/modules/cjs/loader:1422", 40, "wrapSafe …/modules/cjs/loader:1422"],
    ["wrapSafe node:internal/modules/cjs/loader:1422", 22, "wrapSafe …/loader:1422"],
    ["wrapSafe node:internal/modules/cjs/loader:1422", 20, "wrapSafe loader:1422"],
    ["wrapSafe node:internal/modules/cjs/loader:1422", 16, "wrapSafe …:1422"],
    ["(anonymous) eslint/…/traverser.js:93:21", 24, "(anonymous) …:93:21"],
    ["processCodePathToEnter eslint/…/code-path-analyzer.js:392", 22, "proces…thToEnter …:392"],
    ["_traverse eslint/…/traverser.js:130", 28, "_traverse …/traverser.js:130"],
    ["example.com/orders/pricing.share internal/a.go:67", 26, "…/pricing.share a.go:67"],
    ["run a.js:12", 8, "ru…js:12"],
    ["(garbage collector)", 12, "(gar…lector)"],
  ])("%j at %d columns is %j", (name, width, expected) => {
    expect(shortenName(name, width)).toBe(expected);
    expect(widthOf(expected)).toBeLessThanOrEqual(width);
  });
});
