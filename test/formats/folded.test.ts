import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FORMATS } from "../../src/formats/index.js";
import { readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { Budget } from "../../src/profile/budget.js";
import { indexColumn } from "../../src/profile/columns.js";
import type { Profile } from "../../src/profile/profile.js";
import { ProfileBuilder } from "../../src/profile/profile-builder.js";
import { escapeControls } from "../../src/render/controls.js";
import { renderFolded } from "../../src/render/folded.js";
import { folded } from "../../src/report/folded.js";
import { readBytes } from "../support/addresses.js";
import { ROOT } from "../support/proto.js";
import { inputFor } from "../support/report-input.js";
import { drawProfile } from "../support/text-profile.js";

const read = (text: string, limit?: number) => readBytes(Buffer.from(text), limit);

const readAll = (text: string) => readWithFormat(Buffer.from(text), gunzip, 1 << 26);

/** Returns the samples of folded stacks in the notation of text-profile.ts. */
const samplesOf = async (text: string) => drawProfile(await read(text));

const fold = (profile: Profile) =>
  Buffer.concat([...renderFolded(folded(inputFor("folded", profile), escapeControls))]);

describe("folded stacks are read as profiles", () => {
  it("with one sample per line, of the type samples/count", async () => {
    const profile = await read("main;work;leaf 30\nmain;work 20\nmain;work;leaf 1\nidle 0\n");
    expect(drawProfile(profile)).toEqual([
      "main;work;leaf 30",
      "main;work 20",
      "main;work;leaf 1",
      "idle 0",
    ]);
    expect(
      profile.sampleTypes.map(({ type, unit }) =>
        [type, unit].map((text) => profile.strings.get(text)),
      ),
    ).toEqual([["samples", "count"]]);
    expect(profile.strings.get(profile.defaultSampleType)).toBe("samples");
    expect(profile.functions.length).toBe(4);
  });

  it("with any line breaks, comments, blank lines and marks", async () => {
    const text =
      "\ufeff# austin: 3.0\r\n\r\nswapper;vfs_read_[k];a_[j] 3\r\n \t\n#\n#!sh\na;b\t\t4  \n#priv;b 5";
    expect(await samplesOf(text)).toEqual([
      'swapper;"vfs_read_[k]";"a_[j]" 3',
      "a;b 4",
      '"#priv";b 5',
    ]);
  });

  it("with names that have common prefixes, in any order", async () => {
    const lines = [
      "a;b 1",
      "a;bc 2",
      "a;b;c 3",
      "a;b 4",
      "a;b;c;d 5",
      "a 6",
      "ab;b 7",
      "a;b;c;d 8",
    ];
    expect(await samplesOf(lines.join("\n"))).toEqual(lines);
  });

  it("with names that are blank, have blanks, or are empty", async () => {
    const profile = await read("a;operator new;<lambda 7> 1\n;a;;b; 2\na;b; 3\n 4\na;worker 5 6\n");
    expect(fold(profile).toString()).toBe(
      "<unknown>;a;<unknown>;b 2\na;b 3\na;operator new;<lambda 7> 1\na;worker_5 6\n",
    );
    expect(profile.samples.length).toBe(5);
  });

  it("with 64-bit counts, and fractions that are whole numbers", async () => {
    const counts = ["9223372036854775807", "-9223372036854775808", "9007199254740993", "-7", "0"];
    const text = counts.map((count, i) => `a;f${i} ${count}\n`).join("");
    expect(fold(await read(text)).toString()).toBe(text.replace("a;f4 0\n", ""));
    expect(await samplesOf("a;b 5.0\na;c 5.\na;d 000000000000000000000000007")).toEqual([
      "a;b 5",
      "a;c 5",
      "a;d 7",
    ]);
  });

  it("with two counts, like -diff_base", async () => {
    expect(await samplesOf("a;b 10 12\na;c 3 0\n")).toEqual([
      "a;b -10 {pprof::base=true}",
      "a;b 12",
      "a;c -3 {pprof::base=true}",
      "a;c 0",
    ]);
  });

  it.each([
    ["a;b 1\na;b\n", 1],
    ["a;b 1\na;c 1\na;b 2x\n\n# x\na;b\n", 2],
    ["a;b 1\n5\n", 1],
    ["Warning: lost 2 chunks!\na;b 1\na;c 2\na;d 3\n", 1],
    ["a;b 1 2\na;c 3 4x\n", 1],
    [`${"a;b 1 2\n".repeat(20_000)}a;c 3\n`, 1],
  ])("without lines that have no count: %#", async (text, skipped) => {
    const { warnings } = await readAll(text);
    const lines = skipped === 1 ? "1 line" : `${skipped} lines`;
    expect(warnings).toEqual([`skipped ${lines} without a count`]);
  });

  it("with fractions: all counts are multiplied", async () => {
    const { profile, warnings } = await readAll("a;b 2\na;c 1.5\na;d -0.25\na;e 0.0000019\n");
    expect(drawProfile(profile)).toEqual(["a;b 2000000", "a;c 1500000", "a;d -250000", "a;e 1"]);
    expect(warnings).toEqual(["multiplied all counts by 1000000, since some have fractions"]);
    expect(await samplesOf("a;b 1.5\na;c 20")).toEqual(["a;b 15", "a;c 200"]);
    expect(await samplesOf("a;b 1 1.5\na;c 2.25 20")).toEqual([
      "a;b -100 {pprof::base=true}",
      "a;b 150",
      "a;c -225 {pprof::base=true}",
      "a;c 2000",
    ]);
  });

  it.each([
    ["a;b 1\na;b 9223372036854775808", 2, "the count exceeds 64 bits"],
    ["a;b 1\na;b -9223372036854775809", 2, "the count exceeds 64 bits"],
    [`a;b 1\na;b ${"9".repeat(1_000_000)}`, 2, "the count exceeds 64 bits"],
    [`a;b 1\na;${"b".repeat(2_000_000)} 1`, 2, "a name is longer than 1048576 bytes"],
    ["a;b 1.5\na;b 9223372036854775807", 2, "the count exceeds 64 bits"],
    [`a;b 1.5\na;b ${"9".repeat(1_000_000)}`, 2, "the count exceeds 64 bits"],
  ])("or refused with an error that names the line: %#", async (text, line, why) => {
    await expect(read(text)).rejects.toThrow(`malformed folded stacks: line ${line}: ${why}`);
  });

  it("up to the limit", async () => {
    const stacks = Array.from({ length: 50_000 }, (_, i) => `main;f${i} 1\n`).join("");
    await expect(read(stacks, 2 << 20)).rejects.toThrow("needs more than 2 MB");
  });

  it("that are 200,000 frames deep, in linear time", async () => {
    const deep = Array.from({ length: 200_000 }, (_, i) => `f${i % 1000}`).join(";");
    const start = performance.now();
    const { samples } = await read(`${deep} 1\n${deep};x 2\n${deep} 3\n`);
    expect(samples.stackLocations.length).toBe(600_001);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe("folded stacks survive a round trip", () => {
  const name = fc.oneof(
    fc.constantFrom(
      "main",
      "a",
      "a;b",
      "worker 5",
      "x -1",
      " x ",
      "#",
      "# x",
      "",
      "f 1.",
      "\ufeff",
    ),
    fc.string(),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom("\udc80", "\udcff", "a", ";", " ", "\t", "1", "\n") }),
  );
  const value = fc.oneof(fc.integer(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }));
  const sample = (minLength: number) =>
    fc.record({ stack: fc.array(name, { minLength, maxLength: 6 }), value, isBase: fc.boolean() });

  function profileOf(samples: { stack: string[]; value: number | bigint; isBase: boolean }[]) {
    const builder = new ProfileBuilder([{ type: "samples", unit: "count" }]);
    for (const { stack, value, isBase } of samples) {
      const locations = stack.map((name) =>
        builder.addLocation({ lines: [{ function: builder.addFunction({ name }) }] }),
      );
      const base = { key: "pprof::base", text: "true" };
      builder.addSample(indexColumn(Uint32Array.from(locations)), [value], isBase ? [base] : []);
    }
    return builder.finish();
  }

  it("if stacks have callers, by content", async () => {
    let comparisons = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(sample(2), { minLength: 1, maxLength: 8 }), async (samples) => {
        const text = fold(profileOf(samples));
        fc.pre(text.length > 0);
        const again = await readBytes(text);
        expect(fold(again).toString("latin1")).toBe(text.toString("latin1"));
        if (again.labels.length > 0) comparisons++;
      }),
      { numRuns: 400 },
    );
    expect(comparisons).toBeGreaterThan(100);
  });

  it("for any stacks, as the format folded", async () => {
    const format = FORMATS.find(({ name }) => name === "folded stacks");
    await fc.assert(
      fc.property(fc.array(sample(1), { maxLength: 8 }), (samples) => {
        const own = samples.map((one) => ({ ...one, isBase: false }));
        const text = fold(profileOf(own));
        const again = format?.read(text, new Budget(), () => {}) as Profile;
        expect(fold(again).toString("latin1")).toBe(text.toString("latin1"));
      }),
      { numRuns: 400 },
    );
  });
});

describe("inputs that are not recognized as folded stacks", () => {
  const agent = '"Mozilla/5.0 (X11; Linux x86_64; rv:1) Firefox"';
  const access = `10.0.0.1 - - [24/Nov/2026] "GET /a;id=1 HTTP/1.1" 200 51\n`;
  const texts: [string, string][] = [
    ["JSON", '{\n  "a": 5,\n  "b;c": 6\n}\n'],
    ["JSON of one line", '{"stack":"a;b","n":5}'],
    ["HTML", "<!DOCTYPE html>\n<p>a;b 5\n<p>c;d 6\n"],
    ["C", "int a;\nint b;c 5\n"],
    ["a log", "2026-11-24 12:00:01 INFO started; pid 42\n2026-11-24 12:00:02 took 17\n"],
    ["a log of requests", access.replace("/a;id=1", "/a").repeat(50)],
    ["a log with times at the end", `GET / ${agent} 12\nGET /x ${agent} 7\n`],
    ["a log in which few have ;", `${access}${access.replace("/a;id=1", "/a").repeat(9)}`],
    ["YAML", "a: 5\nb: 6\n"],
    ["settings", "MaxClients = 5\nTimeout = 6\n"],
    ["a table of numbers", "1 2\n3 4\n"],
    ["a sentence", "The answer is 42\n"],
    ["a log of files", "GET /a.html 12\nGET /b.html 7\n"],
    ["times", "started at 12:30 17\nended at 12:31 18\n"],
    ["CSV", "name;count\na;5\nb;6\n"],
    ["meminfo", "MemTotal:       16384 kB\nMemFree:        1024 kB\n"],
    ["metrics", '# HELP x y\n# TYPE x counter\nx{a="b c"} 5\nx{a="d e"} 6\n'],
    ["stacks of which most are damaged", "a;b 5\nxx\nyy\n"],
    ["NUL", "a;b 5\na;\0 6\n"],
    ["only comments", "# a;b 5\n\n"],
    ["nothing", ""],
  ];
  it.each(texts)("%s", async (_, text) => {
    expect(FORMATS.filter((format) => format.detect(Buffer.from(text)))).toEqual([]);
    if (text !== "")
      await expect(read(text)).rejects.toThrow(/unrecognized|malformed profile: |^this is /);
  });

  it("the sources and documents of this project", () => {
    const all = readdirSync(ROOT, { recursive: true, encoding: "utf8" });
    const files = all.filter(
      (file) =>
        !/node_modules|\.git\//.test(file) && /\.(ts|mjs|json|md|go|cpp|java|sh|yml)$/.test(file),
    );
    expect(files.length).toBeGreaterThan(200);
    const taken = files.filter((file) => {
      const bytes = readFileSync(path.join(ROOT, file));
      return FORMATS.some((format) => format.name === "folded stacks" && format.detect(bytes));
    });
    expect(taken).toEqual([]);
  });

  it("but stacks of one frame are recognized by their form", async () => {
    expect(await samplesOf("main 5\nidle 7\n")).toEqual(["main 5", "idle 7"]);
    for (const text of [
      "f n.js:1:10 5000000\n",
      "f n.js:1:10 5\n(anonymous) timetable.mjs 7\nidle 3\npost node:inspector:112 2\n<module> (app.py:10) 1\n",
    ]) {
      expect(fold(await read(text)).toString()).toBe(
        text.trimEnd().split("\n").sort().join("\n").concat("\n"),
      );
    }
  });
});
