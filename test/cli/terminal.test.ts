import { describe, expect, it } from "vitest";
import { widthOf } from "../../src/terminal/fit.js";
import { tsprof } from "../support/run.js";
import { useTerminals } from "../support/terminal.js";

const CPU = "fixtures/go-cpu.pb.gz";

const show = useTerminals();

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
      // The same numbers, and at 200 columns the same name.
      const numbers = expected[i].trim().split(/\s+/).slice(0, 5);
      expect(row.trim().split(/\s+/).slice(0, 5)).toEqual(numbers);
      if (width === 200) expect(row).toContain(expected[i].slice(48).trim());
    });
  });

  it("shortens long names in the middle", async () => {
    const screen = await show(`top -lines -nodecount=20 ${CPU}`, { width: 70 });
    const long = rowsOf(screen).filter((row) => row.includes("…"));
    expect(long.length).toBeGreaterThan(0);
    // The package at one end and the line at the other are both still there.
    for (const row of long) expect(row).toMatch(/ {2}\w[^…]+….*:\d+( \(.*\))?$/);
  });

  it("has bars where there is room", async () => {
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

  it("says where there is nothing to show", async () => {
    const screen = await show(`top -focus=nosuch ${CPU}`);
    expect(screen).toContain("-focus=nosuch matched no samples");
    expect(screen).toContain("Showing nodes accounting for 0, 0% of");
  });
});

describe("tags on a terminal", () => {
  const HEAP = "fixtures/go-heap.pb.gz";

  it.each([40, 80, 200])("fold what is small, within %d columns", async (width) => {
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

  it("say so where there are none", async () => {
    expect(await show("tags fixtures/v8-cpu.pb.gz")).toContain("None of the samples has a label.");
  });
});

describe("traces on a terminal", () => {
  const args = `-tagfocus=step=stock -lines ${CPU}`;

  it.each([80, 200])(
    "have the values and the frames of the plain ones, within %d columns",
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
      // What pprof prints for them, in the same order.
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

  it("have the places of the plain report", async () => {
    const plain = (await tsprof(["tree", "-nodecount=8", CPU])).stdout;
    const places = [...plain.matchAll(/^ .{40,}%\s+\| (\S+)$/gm)].map(([, name]) => name);
    const screen = await show(`tree -nodecount=8 ${CPU}`, { width: 120 });
    expect([...screen.matchAll(/● +(\S+)$/gm)].map(([, name]) => name)).toEqual(places);
    expect(places).toHaveLength(8);
  });
});
