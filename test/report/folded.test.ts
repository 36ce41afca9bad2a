import { describe, expect, it } from "vitest";
import { escapeControls } from "../../src/render/controls.js";
import { renderFolded } from "../../src/render/folded.js";
import { folded, foldedName } from "../../src/report/folded.js";
import { inputFor, type Wanted } from "../support/report-input.js";

function foldedLines(text: string, wanted: Wanted = {}): string[] {
  const pieces = renderFolded(folded(inputFor("folded", text, wanted), escapeControls));
  return Buffer.concat([...pieces])
    .toString()
    .split("\n")
    .slice(0, -1);
}

describe("folded stacks", () => {
  it("are one line each, callers before callees, siblings in byte order", () => {
    const text =
      "main;b 1\nmain;a b;c 2\nmain 3\nmain;a;c 4\nmain;a;c 5 {k=x}\nZ>in 6\nmain;é 7\nmain;z 8";
    expect(foldedLines(text.replace("a b", '"a b"'))).toEqual([
      "Z;in 6",
      "main 3",
      "main;a;c 9",
      "main;a b;c 2",
      "main;b 1",
      "main;z 8",
      "main;é 7",
    ]);
  });

  it("omit stacks that are empty or add up to 0, and trim nothing else", () => {
    expect(foldedLines("- 5\na;b 3\na;b -3\nc 1\nd 1000000\n#40;a 2")).toEqual([
      "<unknown>;a 2",
      "c 1",
      "d 1000000",
    ]);
    expect(foldedLines("a;b 5\nb 3\na 1", { options: { hide: "b" } })).toEqual(["a 6"]);
  });

  it("have no calls within a package", () => {
    const text = "main.run;sort.a;sort.b;main.c 1\nmain.run;main.x;sort.a;main.c 2\nsort.a 4";
    expect(foldedLines(text, { options: { granularity: "packages" } })).toEqual([
      "main;sort;main 3",
      "sort 4",
    ]);
  });

  it("are exact to 64 bits", () => {
    const text = "a 9007199254740993\na 2\nb -9223372036854775808\nc 9223372036854775807";
    expect(foldedLines(text)).toEqual([
      "a 9007199254740995",
      "b -9223372036854775808",
      "c 9223372036854775807",
    ]);
  });

  it("use the unit of the profile; -divide_by rounds towards zero, and means divide sums", () => {
    const types = ["contentions/count", "delay/nanoseconds"];
    const text = "a 3 1000\na 1 1001\nb 0 7";
    const wanted = { profile: { types }, options: { unit: "ms" } };
    expect(foldedLines(text, wanted)).toEqual(["a 2001", "b 7"]);
    const mean = { profile: { types }, options: { mean: true } };
    expect(foldedLines(text, mean)).toEqual(["a 500", "b 7"]);
    const divided = { profile: { types }, options: { divide_by: 1000, sample_index: "delay" } };
    expect(foldedLines(text, divided)).toEqual(["a 2"]);
  });

  it("of a comparison have the value of the base first", () => {
    const base = "{pprof::base=true}";
    const text = `a;b 5\na;b -3 ${base}\na;c -4 ${base}\nd 6\ne -1 ${base}\ne 1\ng 0`;
    expect(foldedLines(text)).toEqual(["a;b 3 5", "a;c 4 0", "d 0 6", "e 1 1"]);
    // Without the label, only the difference remains.
    expect(foldedLines(text.replaceAll(base, ""))).toEqual(["a;b 2", "a;c -4", "d 6"]);
    const types = ["contentions/count", "delay/nanoseconds"];
    const means = { profile: { types }, options: { mean: true } };
    expect(foldedLines(`a 2 10\na -4 -12 ${base}`, means)).toEqual(["a 3 5"]);
  });

  it("merge equal names, such as functions in two files", () => {
    expect(foldedLines("f@x.c:1;g 1\nf@y.c:2;g 2")).toEqual(["f;g 3"]);
    expect(foldedLines('"a;b" 1\n"a:b" 2')).toEqual(["a:b 3"]);
    expect(foldedLines("b\x1b 1\nb\\x1b 2\na 3")).toEqual(["a 3", "b\\x1b 3"]);
    expect(foldedLines("f@x.c:1 1\nf@x.c:2 2", { options: { granularity: "lines" } })).toEqual([
      "f x.c:1 1",
      "f x.c:2 2",
    ]);
  });

  it("may be 30,000 frames deep and share their beginnings", () => {
    const deep = Array.from({ length: 30_000 }, (_, i) => `f${i}`).join(";");
    expect(foldedLines(`${deep} 1\nf0;f1 2\n${deep};g 3`)).toEqual([
      "f0;f1 2",
      `${deep} 1`,
      `${deep};g 3`,
    ]);
  });
});

describe("names in folded stacks", () => {
  it.each([
    ["Ljava/lang/String;.foo", "Ljava/lang/String:.foo"],
    ["two\r\nlines", "two lines"],
    [" around ", "_around_"],
    ["worker 5", "worker_5"],
    ["rate 0.5", "rate_0.5"],
    ["worker 5 b", "worker 5 b"],
    ["worker5", "worker5"],
    ["at -5", "at_-5"],
    ["# no comment", "_# no comment"],
    ["#", "_#"],
    ["#private", "#private"],
    ["5", "5"],
    ["vfs_read_[k]", "vfs_read_[k]"],
  ])("%j is written %j", (name, written) => {
    expect(foldedName(name)).toBe(written);
  });
});
