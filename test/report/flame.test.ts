import { describe, expect, it } from "vitest";
import { FrameFlags } from "../../src/graph/flame-tree.js";
import { BASE_LABEL } from "../../src/profile/base-label.js";
import { type FlameReport, flame } from "../../src/report/flame.js";
import type { MarkedBy } from "../../src/report/frame-marks.js";
import { inputFor, type Wanted } from "../support/report-input.js";

/** Returns the frames as an indented list: name, positive (and negative) sums, and flat values. */
function draw({ tree, functions: places }: FlameReport): string[] {
  return places.length === 0
    ? []
    : Array.from(tree.functions, (place, frame) => {
        const amounts = [
          tree.plus[frame],
          ...(tree.minus ? [`-${tree.minus[frame]}`] : []),
          `own ${tree.selfPlus[frame]}`,
        ];
        const inlined = tree.flags[frame] & FrameFlags.inlined ? " inlined" : "";
        return `${"  ".repeat(tree.depths[frame])}${places[place].name} ${amounts.join(" ")}${inlined}`;
      });
}

const report = (text: string, wanted: Wanted = {}) => flame(inputFor("flame", text, wanted));

describe("flame", () => {
  it("joins calls within a package", () => {
    const text = "main.run;sort.a;sort.b;main.c 1\nmain.run;main.x;sort.a 2\nmain.run;main.x 4";
    expect(draw(report(text, { options: { granularity: "packages" } }))).toEqual([
      "all 7 own 0",
      "  main 7 own 4",
      "    sort 3 own 2",
      "      main 1 own 1",
    ]);
  });

  it("merges stacks from the root, heaviest first", () => {
    const made = report(`
      main;parse;read 3
      main;work>fast;read 5
      main;work 2
      main;parse;read 4
      idle 1
    `);
    expect(draw(made)).toEqual([
      "all 15 own 0",
      "  main 14 own 0",
      "    parse 7 own 0",
      "      read 7 own 7",
      "    work 7 own 2",
      "      fast 5 own 0 inlined",
      "        read 5 own 5",
      "  idle 1 own 1",
    ]);
    expect(made).toMatchObject({ kind: "plain", total: 15, cutFrames: 0 });
  });

  it("separates positive and negative values, even if they add up to 0", () => {
    const made = report("a;b 5\na;b -5\na;c -2");
    expect(draw(made)).toEqual([
      "all 5 -7 own 0",
      "  a 5 -7 own 0",
      "    b 5 -5 own 5",
      "    c 0 -2 own 0",
    ]);
    expect(made.kind).toBe("signed");
  });

  it("recognizes a comparison with a marked base, unless its values contradict", () => {
    const base = `{${BASE_LABEL.key}=${BASE_LABEL.text}}`;
    expect(report(`a 5\na -4 ${base}`).kind).toBe("compared");
    expect(report(`a 5\na 4 ${base}`).kind).toBe("signed");
    expect(report(`a -5\na -4 ${base}`).kind).toBe("signed");
  });

  it("respects the options of views, and does not trim", () => {
    const text = "main;noise;work@w.go:7 100000\nmain;work@w.go:9 1\nother 1";
    const options = { hide: "noise", focus: "work", nodecount: 1, nodefraction: 0.9 };
    expect(draw(report(text, { options: { ...options, granularity: "lines" } }))).toEqual([
      "all 100001 own 0",
      "  main 100001 own 0",
      "    work w.go:7 100000 own 100000",
      "    work w.go:9 1 own 1",
    ]);
    expect(report(text, { options }).total).toBe(100002);
  });

  it("adds up sums of more than 64 bits", () => {
    const most = 2n ** 63n - 1n;
    const { tree } = report(`a;b ${most}\na;c ${most}\na;d ${most}`);
    expect(tree.plus[1]).toBe(3n * most);
  });

  it("finds the files of names without one", () => {
    const text = "a@x/one.go:1;b>c@y/two.go:2 1";
    const files = (options: Wanted["options"]) =>
      report(text, { options: options ?? {} })
        .functions.map(({ name, file }) => `${name} ${file}`)
        .slice(1);
    expect(files({})).toEqual(["a x/one.go", "b ", "c y/two.go"]);
    expect(files({ granularity: "lines" })).toEqual(["a x/one.go:1 ", "b ", "c y/two.go:2 "]);
    expect(files({ noinlines: true })).toEqual(["a x/one.go", "b "]);
  });

  it("marks frames with their binaries, or with the main value of a label", () => {
    const text = `
      main[/bin/app]#1;work[/bin/app]#2;copy[/lib/libc.so]#3 5 {region=eu}
      main[/bin/app]#1;work[/bin/app]#2 2 {region=us}
      main[/bin/app]#1;work[/bin/app]#2 2 {size:3kb}
      other 9 {size:3kb region=us}`;
    const marks = (markedBy: MarkedBy) => {
      const made = flame(inputFor("flame", text), { markedBy });
      return Array.from(made.tree.functions, (fn, frame) => {
        const { names, frames } = made.marks ?? { names: [], frames: [] };
        return `${made.functions[fn].name} ${names[frames[frame]]}`;
      });
    };
    expect(marks("binary").sort()).toEqual([
      ...["all ", "copy libc.so", "main app", "other ", "work app"],
    ]);
    // Of 9 in main and work, 5 are in the EU.
    expect(marks({ label: "region" }).sort()).toEqual([
      ...["all us", "copy eu", "main eu", "other us", "work eu"],
    ]);
    expect(marks({ label: "size" }).sort()).toEqual([
      ...["all 3kB", "copy (none)", "main (none)", "other 3kB", "work (none)"],
    ]);
    const mixed = flame(inputFor("flame", "a;b 1 {k=x}\na;c 1 {k=y}"), {
      markedBy: { label: "k" },
    });
    const { names, frames } = mixed.marks ?? { names: [], frames: [] };
    expect(Array.from(frames, (row) => names[row])).toEqual(["(mixed)", "(mixed)", "x", "y"]);
    expect(flame(inputFor("flame", text)).marks).toBeUndefined();
  });

  it("rejects means, which cannot be added up", () => {
    const means = { profile: { types: ["n/count", "t/ns"] }, options: { mean: true } };
    expect(() => report("a 1 2", means)).toThrow("leave out -mean");
  });
});
