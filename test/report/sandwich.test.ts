import { describe, expect, it } from "vitest";
import { FrameFlags } from "../../src/graph/flame-tree.js";
import { type FlameReport, sandwich } from "../../src/report/flame.js";
import { inputFor, type Wanted } from "../support/report-input.js";

function draw({ tree, functions: places }: FlameReport): string[] {
  return Array.from(tree.functions, (place, frame) => {
    const inlined = tree.flags[frame] & FrameFlags.inlined ? " inlined" : "";
    const minus = tree.minus ? ` -${tree.minus[frame]}` : "";
    const name = `${"  ".repeat(tree.depths[frame])}${places[place].name}`;
    return `${name} ${tree.plus[frame]}${minus} own ${tree.selfPlus[frame]}${inlined}`;
  });
}

function drawn(text: string, place: string, wanted: Wanted = {}) {
  const made = sandwich(inputFor("flame", text, wanted), (name) => name === place);
  return { callers: draw(made.callers), callees: draw(made.callees) };
}

describe("sandwich", () => {
  it("merges the callers and callees of a function over all contexts", () => {
    const made = drawn(
      `
      main;a;work;read 3
      main;b;work 2
      main;b;work;write;read 4
      main;a;other 9
      `,
      "work",
    );
    expect(made.callers).toEqual([
      "all 9 own 0",
      "  work 9 own 0",
      "    b 6 own 0",
      "      main 6 own 6",
      "    a 3 own 0",
      "      main 3 own 3",
    ]);
    expect(made.callees).toEqual([
      "all 9 own 0",
      "  work 9 own 2",
      "    write 4 own 0",
      "      read 4 own 4",
      "    read 3 own 3",
    ]);
  });

  it("counts a sample once, from the outermost call of a recursive function", () => {
    const made = drawn("main;f;g;f;h 5\nmain;f 1", "f");
    expect(made.callers).toEqual(["all 6 own 0", "  f 6 own 0", "    main 6 own 6"]);
    expect(made.callees).toEqual([
      "all 6 own 0",
      "  f 6 own 1",
      "    g 5 own 0",
      "      f 5 own 0",
      "        h 5 own 5",
    ]);
  });

  it("begins within a location, and knows what was inlined", () => {
    const made = drawn("main;outer>middle>inner;leaf 7\nmiddle;leaf 2", "middle");
    expect(made.callers).toEqual([
      "all 9 own 0",
      "  middle 9 own 2 inlined",
      "    outer 7 own 0 inlined",
      "      main 7 own 7",
    ]);
    expect(made.callees).toEqual([
      "all 9 own 0",
      "  middle 9 own 0 inlined",
      "    inner 7 own 0 inlined",
      "      leaf 7 own 7",
      "    leaf 2 own 2",
    ]);
  });

  it("merges nodes with equal names, and respects filters", () => {
    const text = "a;f@x.c;b 1\nc;f@y.c;b 2\nd;f@x.c;e 4";
    expect(drawn(text, "f", { options: { ignore: "^e$", identity: "name" } }).callees).toEqual([
      "all 3 own 0",
      "  f 3 own 0",
      "    b 3 own 3",
    ]);
    const hidden = drawn(text, "f", { options: { hide: "^a$|^b$", identity: "name" } });
    expect(hidden.callers).toEqual([
      "all 7 own 0",
      "  f 7 own 1",
      "    d 4 own 4",
      "    c 2 own 2",
    ]);
  });

  it("reads frames far below the roots that are stored in columns", () => {
    const deep = Array.from({ length: 40 }, (_, i) => `f${i}`).join(";");
    const { callers, callees } = drawn(`${deep} 1`, "f30");
    expect(callers.map((line) => line.trim().split(" ")[0])).toEqual([
      "all",
      ...Array.from({ length: 31 }, (_, i) => `f${30 - i}`),
    ]);
    expect(callees).toHaveLength(11);
  });

  it("separates signs, and throws if there are no samples", () => {
    expect(drawn("a;f 3\nb;f -2", "f").callers).toEqual([
      "all 3 -2 own 0",
      "  f 3 -2 own 0",
      "    a 3 -0 own 3",
      "    b 0 -2 own 0",
    ]);
    expect(() => drawn("a;b 1", "c")).toThrow("no selected sample contains this function");
    expect(() => drawn("a;b 1\nc 0", "c")).toThrow("no selected sample");
  });
});

describe("several functions", () => {
  it("are merged into one between their callers and callees", () => {
    const text = "main;a;read;copy 3\nmain;b;write;copy 2\nmain;b;read;write 4\nmain;c 9";
    const isPlace = (name: string) => name === "read" || name === "write";
    const made = sandwich(inputFor("flame", text), isPlace, { limit: 100 }, "/read|write/");
    expect(draw(made.callees)).toEqual([
      "all 9 own 0",
      "  /read|write/ 9 own 0",
      "    copy 5 own 5",
      "    /read|write/ 4 own 4",
    ]);
    expect(draw(made.callers)).toEqual([
      "all 9 own 0",
      "  /read|write/ 9 own 0",
      "    b 6 own 0",
      "      main 6 own 6",
      "    a 3 own 0",
      "      main 3 own 3",
    ]);
  });
});
