import { describe, expect, it } from "vitest";
import { matchPlaced, type Placed } from "../../src/view/match-functions.js";

/** Reads a function such as `run a.js:12:5`. */
function placed(text: string): Placed {
  const [, name = "", file = "", line = 0, column = 0] =
    /^(.*) (\S+?)(?::(\d+))?(?::(\d+))?$/.exec(text) ?? [];
  return { name, file, line: Number(line), column: Number(column) };
}

/** Returns, for each function of `next`, the one of `base` that matches it. */
function matches(base: string[], next: string[]): (string | undefined)[] {
  return Array.from(matchPlaced(base.map(placed), next.map(placed)), (row) => base[row]);
}

describe("the functions of another version", () => {
  it("match by name and file, wherever they have moved", () => {
    expect(matches(["run a.js:10", "run b.js:10"], ["run b.js:90", "run a.js:12"])).toEqual([
      "run b.js:10",
      "run a.js:10",
    ]);
    expect(matches(["run a.js:10"], ["stop a.js:10", "run b.js:10"])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("match in their order if as many have a name", () => {
    // All functions moved by as many lines as lie between them.
    const base = ["get a.js:10", "get a.js:20", "get a.js:30"];
    expect(matches(base, ["get a.js:20", "get a.js:30", "get a.js:40"])).toEqual(base);
  });

  it("match the nearest line if one is new or gone", () => {
    const base = ["get a.js:10", "get a.js:50"];
    expect(matches(base, ["get a.js:12", "get a.js:30", "get a.js:52"])).toEqual([
      "get a.js:10",
      undefined,
      "get a.js:50",
    ]);
    expect(matches(base, ["get a.js:49"])).toEqual(["get a.js:50"]);
  });

  it("move with the functions of a unique name above them", () => {
    const base = ["one a.js:1", "(anonymous) a.js:10", "(anonymous) a.js:20", "two a.js:30"];
    const next = ["one a.js:11", "(anonymous) a.js:20", "two a.js:40"];
    expect(matches(base, next)).toEqual(["one a.js:1", "(anonymous) a.js:10", "two a.js:30"]);
  });

  it("are told apart by their columns in minified code", () => {
    const base = ["n a.js:1:100", "n a.js:1:200"];
    expect(matches(base, ["n a.js:1:205"])).toEqual(["n a.js:1:200"]);
    expect(matches(base, ["n a.js:1:130", "n a.js:1:230"])).toEqual(base);
  });

  it("may be in another folder: files match by the longest common end of their paths", () => {
    const base = ["run /v1/lib/a.js:1", "run /v1/test/a.js:1", "run /v1/only.js:1"];
    const next = ["run /v2/test/a.js:1", "run /v2/lib/a.js:1", "run /v2/new.js:1"];
    expect(matches(base, next)).toEqual(["run /v1/test/a.js:1", "run /v1/lib/a.js:1", undefined]);
  });

  it("are found quickly among many of one name", () => {
    const count = 30_000;
    const list = (moved: number, from: number) =>
      Array.from({ length: count - from }, (_, i) => ({
        name: "(anonymous)",
        file: "a.js",
        line: (from + i) * 3 + moved,
        column: 1,
      }));
    const found = matchPlaced(list(0, 0), list(7, 1));
    expect(found.filter((row) => row < 0).length).toBe(0);
  });
});
