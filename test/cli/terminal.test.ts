import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { widthOf } from "../../src/terminal/fit.js";
import { useOneProcess } from "../support/one-process.js";
import { tsprof as tsprofProcess } from "../support/run.js";
import { useTerminals } from "../support/terminal.js";

const tsprof = useOneProcess();

const CPU = "fixtures/go-cpu.pb.gz";

const show = useTerminals();
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-drawn-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rowsOf = (screen: string) =>
  screen.split("\n").filter((line) => /^ *-?[\d.]+(ms|s|us|ns) /.test(line));

describe("top on a terminal", () => {
  it.each([80, 120, 200])("has the rows of the plain report, within %d columns", async (width) => {
    const args = "top -nodecount=20 -unit=ms";
    const rows = rowsOf(await show(`${args} ${CPU}`, { width }));
    const plain = (await tsprof([...args.split(" "), CPU])).stdout.split("\n").filter(Boolean);
    const expected = plain.slice(plain.findIndex((line) => line.includes("flat%")) + 1);
    expect(rows).toHaveLength(20);
    rows.forEach((row, i) => {
      expect(widthOf(row)).toBeLessThanOrEqual(width);
      // Numbers are the same, and at 200 columns names are too.
      const numbers = expected[i].trim().split(/\s+/).slice(0, 5);
      expect(row.trim().split(/\s+/).slice(0, 5)).toEqual(numbers);
      if (width === 200) expect(row).toContain(expected[i].slice(48).trim());
    });
  });

  it("shortens long names in the middle", async () => {
    const screen = await show(`top -lines -nodecount=20 ${CPU}`, { width: 70 });
    const long = rowsOf(screen).filter((row) => row.includes("…"));
    expect(long.length).toBeGreaterThan(0);
    // Both the package at the start and the line at the end remain.
    for (const row of long) expect(row).toMatch(/ {2}\w[^…]+….*:\d+( \(.*\))?$/);
  });

  it("has bars if there is room", async () => {
    expect(await show(`top -nodecount=5 ${CPU}`, { width: 120 })).toContain("█");
    expect(await show(`top -nodecount=5 ${CPU}`, { width: 80 })).not.toContain("█");
  });

  it("has colours, and none with NO_COLOR", async () => {
    const args = `top -nodecount=5 ${CPU}`;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are the point
    const sequence = /\u001b\[/;
    expect(await show(args, { colours: true })).toMatch(sequence);
    expect(await show(args, { colours: true, env: "NO_COLOR=1" })).not.toMatch(sequence);
    expect(await show(args, { colours: true, env: "TERM=dumb" })).not.toMatch(sequence);
    expect(await show(args, { colours: true, env: "TERM=dumb FORCE_COLOR=1" })).toMatch(sequence);
  });

  it("reports that there is nothing to show", async () => {
    const screen = await show(`top -focus=nosuch ${CPU}`);
    expect(screen).toContain("-focus=nosuch matched no samples");
    expect(screen).toContain("Showing nodes accounting for 0, 0% of");
  });
});

describe("tags on a terminal", () => {
  const HEAP = "fixtures/go-heap.pb.gz";

  it.each([40, 80, 200])("fold small values, within %d columns", async (width) => {
    const plain = (await tsprof(["tags", "-unit=kb", HEAP])).stdout;
    const names = [...plain.matchAll(/\):\s+(\S+)$/gm)].map(([, name]) => name);
    const lines = (await show(`tags -unit=kb ${HEAP}`, { width })).trimEnd().split("\n");
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/^bytes +\S+kB of \S+kB \(100%\)$/);
    const [, more] = /… (\d+) more/.exec(lines[lines.length - 1]) ?? [];
    expect(lines.slice(1, -1).map((line) => line.trim().split(/\s+/).pop())).toEqual(
      names.slice(0, names.length - Number(more)),
    );
    expect(lines[1].includes("█")).toBe(width >= 60);
  });

  it("show everything with -trim=false", async () => {
    const screen = await show(`tags -trim=false -tagfocus=bytes=:1kb ${HEAP}`, { width: 80 });
    expect(screen).not.toContain("more");
    expect(screen).toContain(" 176B");
  });

  it("report that there are no tags", async () => {
    expect(await show("tags fixtures/v8-cpu.pb.gz")).toContain("None of the samples has a label.");
  });
});

describe("traces on a terminal", () => {
  const args = `-tagfocus=step=stock -lines ${CPU}`;

  it.each([80, 200])(
    "have the values and frames of the plain report, within %d columns",
    async (width) => {
      const lines = (await show(`traces ${args}`, { width })).trimEnd().split("\n");
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
      const plain = (await tsprof(["traces", ...args.split(" ")])).stdout.trimEnd().split("\n");
      const words = (line: string) => line.trim().split(/\s+/);
      const first = (all: string[], rule: RegExp) =>
        all.slice(all.findIndex((line) => rule.test(line)));
      const drawn = first(lines, /^─/).filter((line) => !line.startsWith("─"));
      const expected = first(plain, /^---/).filter((line) => !line.startsWith("---"));
      expect(drawn).toHaveLength(expected.length);
      // pprof sorts labels with the blanks before their keys.
      const frames = (all: string[]) => all.map(words).filter(([word]) => !word.endsWith(":"));
      if (width === 200) expect(frames(drawn)).toEqual(frames(expected));
    },
  );
});

describe("tree and peek on a terminal", () => {
  it.each([80, 120, 200])(
    "have callers above and callees below, within %d columns",
    async (width) => {
      const lines = (await show(`peek 'Book..volume$' ${CPU}`, { width })).trimEnd().split("\n");
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
      const rows = lines.slice(lines.findIndex((line) => line.includes("flat%")) + 1);
      // The same labels as pprof prints, in the same order.
      const words = (line: string) =>
        line
          .replace(/[█▏▎▍▌▋▊▉░]+/, "")
          .trim()
          .split(/\s+/);
      expect(rows.map(words)).toEqual([
        ["0.44s", "100%", "╭─", "example.com/orders/pricing.(*Book).Price"],
        ["0.11s", "1.74%", "0.44s", "6.96%", "●", "example.com/orders/pricing.(*Book).volume"],
        ["0.17s", "38.64%", "├─", "sort.Search"],
        ["0.16s", "36.36%", "╰─", "example.com/orders/pricing.share", "(inline)"],
      ]);
      expect(rows[0].includes("█")).toBe(width >= 100);
    },
  );

  it("have the nodes of the plain report", async () => {
    const plain = (await tsprof(["tree", "-nodecount=8", CPU])).stdout;
    const places = [...plain.matchAll(/^ .{40,}%\s+\| (\S+)$/gm)].map(([, name]) => name);
    const screen = await show(`tree -nodecount=8 ${CPU}`, { width: 120 });
    expect([...screen.matchAll(/● +(\S+)$/gm)].map(([, name]) => name)).toEqual(places);
    expect(places).toHaveLength(8);
  });
});

describe("reports that do not fit on a terminal", () => {
  it.each([
    [80, 24],
    [40, 24],
    [200, 50],
    [80, 12],
  ])("have the hottest rows of top at %d columns and %d rows", async (width, height) => {
    const lines = (await show(`top ${CPU}`, { width, height })).trimEnd().split("\n");
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    const screen = lines.join("\n");
    const rows = rowsOf(screen);
    expect(rows.length).toBeGreaterThanOrEqual(5);
    if (height >= 24) {
      // All rows are visible, and no other row would fit.
      expect(lines[0]).toBe("File: orders");
      expect(lines).toHaveLength(height - 2);
      expect(screen).toContain(`Showing top ${rows.length} nodes out of 147`);
    }
    expect(rows[0]).toMatch(/^ *0?\.?6\d+m?s +9\.97%/);
    const foot = lines.slice(lines.lastIndexOf(rows[rows.length - 1]) + 1).join(" ");
    expect(foot.replace(/ +/g, " ")).toBe(
      `… ${147 - rows.length} more functions; -nodecount=0 shows all ` +
        "153.65% of the duration: 1.5 CPUs were busy on average",
    );
  });

  it("have the requested number of rows", async () => {
    const all = await show(`top -nodecount=0 ${CPU}`, { height: 24 });
    expect(all.trimEnd().split("\n").length).toBeGreaterThanOrEqual(22);
    expect(all).not.toContain("more functions");
    const ten = await show(`top -n 10 ${CPU}`, { height: 14 });
    expect(ten).not.toContain("more functions");
  });

  it("have the first entries of tree, but all of peek", async () => {
    const tree = (await show(`tree ${CPU}`, { height: 50 })).trimEnd();
    expect(tree.split("\n").length).toBeLessThanOrEqual(48);
    const entries = tree.match(/●/g)?.length ?? 0;
    expect(entries).toBeGreaterThan(2);
    expect(tree).toContain(`… ${147 - entries} more functions; -nodecount=0 shows all`);
    expect(await show(`peek . ${CPU}`, { height: 24 })).not.toContain("more functions");
  });

  it("names the meaning of rows", async () => {
    expect(await show(`top -lines ${CPU}`, { height: 24 })).toMatch(/… \d+ more lines; /);
  });
});

describe("40 columns", () => {
  it.each([
    `top ${CPU}`,
    "top fixtures/v8-cpu.pb.gz",
    "top -unit=ns fixtures/go-block.pb.gz",
    `top -lines ${CPU}`,
    `tree -n 5 ${CPU}`,
    `peek volume ${CPU}`,
    `list -unit=us volume ${CPU}`,
    "list . fixtures/v8-cpu.pb.gz",
    `tags -unit=us ${CPU}`,
    "tags fixtures/go-heap.pb.gz",
    "traces fixtures/go-heap.pb.gz",
    `diff ${CPU} fixtures/go-cpu-slow.pb.gz`,
    `info ${CPU}`,
  ])("are not exceeded by %s", async (args) => {
    // Check the width, because a terminal would wrap longer lines silently.
    const drawn = await tsprof(args.split(" "), { env: { FORCE_COLOR: "1", COLUMNS: "40" } });
    expect(drawn.code).toBe(0);
    const lines = stripVTControlCharacters(drawn.stdout).split("\n");
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(40);
  });
});

describe("notes on unusual values", () => {
  it("stand below the rows", async () => {
    expect(await show("top fixtures/v8-cpu.pb.gz")).toContain(
      "\n(garbage collector): V8 freeing memory\n",
    );
    expect(await show("top -hide='garbage' fixtures/v8-cpu.pb.gz")).not.toContain("freeing");
  });

  it("explain each name of V8", async () => {
    const file = path.join(folder, "v8.folded");
    writeFileSync(
      file,
      "(root);(program) 50\n(root);(idle) 30\n(root);main;(garbage collector) 20\n",
    );
    const explained = [
      "(program): native code outside JavaScript",
      "(garbage collector): V8 freeing memory",
      "(idle): waiting for events",
      "(root): the start of every stack",
    ].join("; ");
    expect(await show(`top ${file}`, { width: 200 })).toContain(`\n${explained}\n`);
    expect(await show(`tree ${file}`, { width: 200 })).toContain(`\n${explained}\n`);
    expect(await show(`top -n 1 ${file}`, { width: 200 })).toMatch(/\n\(program\): [^;]*$/);
  });

  it("explain a total above the duration", async () => {
    const note = /\d% of the duration: .*/;
    expect(await show(`top -n 3 ${CPU}`)).toMatch(/153\.65% of the duration: 1\.5 CPUs were busy/);
    expect(await show("top -n 3 fixtures/v8-cpu.pb.gz")).not.toMatch(note);
    expect(await show(`top -n 3 -compact_labels ${CPU}`)).not.toMatch(note);
  });

  it("are not in pipes", async () => {
    const { stdout } = await tsprof(["top", "fixtures/v8-cpu.pb.gz"]);
    expect(stdout).not.toContain("freeing");
  });
});

describe("FORCE_COLOR in a pipe", () => {
  const ESCAPE = "\u001b[";
  const run = async (args: string, env: Record<string, string>, start = tsprof) =>
    (await start(args.split(" "), { env: { FORCE_COLOR: "", NO_COLOR: "", COLUMNS: "", ...env } }))
      .stdout;

  it.each([
    `top ${CPU}`,
    `tree -n 3 ${CPU}`,
    `peek volume ${CPU}`,
    `list volume ${CPU}`,
    `traces ${CPU}`,
    `tags ${CPU}`,
    `diff ${CPU} fixtures/go-cpu-slow.pb.gz`,
    "help",
    "help top",
  ])("draws %s with colours, 80 columns wide", async (args) => {
    const plain = await run(args, {});
    expect(plain).not.toContain(ESCAPE);
    const drawn = await run(args, { FORCE_COLOR: "1" });
    expect(drawn).toContain(ESCAPE);
    for (const line of stripVTControlCharacters(drawn).split("\n")) {
      expect(widthOf(line)).toBeLessThanOrEqual(80);
    }
    expect(await run(args, { FORCE_COLOR: "0" })).toBe(plain);
    expect(await run(args, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(plain);
  });

  it("draws as on a terminal, with every row", async () => {
    const drawn = await run(`top ${CPU}`, { FORCE_COLOR: "1", COLUMNS: "120" }, tsprofProcess);
    const plain = await run(`top ${CPU}`, {}, tsprofProcess);
    expect(rowsOf(stripVTControlCharacters(drawn))).toHaveLength(rowsOf(plain).length);
    expect(drawn).toContain("█");
  });

  it("does not change files, data and pictures", async () => {
    for (const args of [`proto ${CPU}`, `folded ${CPU}`, `top -format=json ${CPU}`, `dot ${CPU}`]) {
      expect(await run(args, { FORCE_COLOR: "1" })).toBe(await run(args, {}));
    }
    const file = path.join(folder, "top.txt");
    await run(`top -output=${file} ${CPU}`, { FORCE_COLOR: "1" });
    expect(readFileSync(file, "utf8")).toBe(await run(`top ${CPU}`, {}));
  });

  it("draws reports of the piped shell", async () => {
    const env = { FORCE_COLOR: "1", NO_COLOR: "" };
    const { stdout } = await tsprofProcess([CPU], { input: "top\n", env });
    expect(stdout).toContain(ESCAPE);
    expect(stdout).toContain("… 137 more functions; top 0 shows all");
    const asked = await tsprofProcess([CPU], { input: "top 3\nnodecount=4\ntop\n", env });
    expect(asked.stdout).toContain("Showing top 4 nodes out of 147");
    expect(asked.stdout).not.toContain("shows all");
  });
});
