import { describe, expect, it } from "vitest";
import type { ListedLine, ListReport } from "../../src/report/list.js";
import { widthOf } from "../../src/terminal/fit.js";
import { drawList } from "../../src/terminal/list.js";
import { useOneProcess } from "../support/one-process.js";
import { type TerminalOptions, useTerminals } from "../support/terminal.js";

const tsprof = useOneProcess();

const showCommand = useTerminals();

/** Draws a listing for a terminal. */
function show(args: readonly string[], options?: TerminalOptions): Promise<string> {
  return showCommand(`list ${args.map((arg) => `'${arg}'`).join(" ")}`, options);
}

const PRICE = [
  "Book..Price$",
  "-trim_path=example.com/orders",
  "-source_path=fixtures/programs/go",
  "fixtures/go-cpu.pb.gz",
];

describe("list on a terminal", () => {
  it.each([80, 120, 200])(
    "has the values of the plain listing, within %d columns",
    async (width) => {
      const screen = (await show(PRICE, { width })).split("\n");
      for (const line of screen) expect(widthOf(line)).toBeLessThanOrEqual(width);
      const plain = (await tsprof(["list", ...PRICE])).stdout.split("\n");
      const rows = plain.flatMap((line) => line.match(/^ *(\S+) +(\S+) +(\d+):(.*)$/) ?? []);
      expect(rows.length).toBeGreaterThan(5 * 10);
      for (let i = 0; i < rows.length; i += 5) {
        const [, flat, cum, number, source] = rows.slice(i, i + 5);
        const row = screen.find(
          (line) => line.match(/^ *\S+ +\S+ +(?:[^\s\d]+ +)?(\d+)/)?.[1] === number,
        );
        expect(row?.trim().split(/ +/).slice(0, 2)).toEqual([flat, cum]);
        if (width > 80) expect(row).toContain(source.trim());
      }
    },
  );

  it("has bars if there is room, and colours unless NO_COLOR is set", async () => {
    expect(await show(PRICE, { width: 120 })).toMatch(/▎ +35 /);
    expect(await show(PRICE)).not.toMatch(/[▎░█]/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are the point
    const sequence = /\u001b\[/;
    expect(await show(PRICE, { colours: true })).toMatch(sequence);
    expect(await show(PRICE, { colours: true, env: "NO_COLOR=1" })).not.toMatch(sequence);
  });

  it("says once what to do without sources", async () => {
    const screen = await show(["Price|share", "-source_path=/nowhere", "fixtures/go-cpu.pb.gz"]);
    expect(screen).toMatch(/no source: could not find file .*….* on path \/nowhere/);
    expect(screen.match(/-source_path=DIR/g)).toHaveLength(1);
    expect(screen).toContain("-trim_path=PREFIX");
  });
});

describe("a drawn listing", () => {
  /** Returns the lines below the head of the table. */
  const draw = (lines: ListedLine[], width = 60): string[] => {
    const report: ListReport = {
      format: { from: "count", to: "minimum", ratio: 1 },
      total: 100,
      activeFilters: [],
      functions: [
        {
          name: "work",
          files: [{ file: "w.c", flat: 3, cum: 3, lines, problem: undefined, foundAt: undefined }],
        },
      ],
    };
    return drawList(report, { width, env: { NO_COLOR: "1" } })
      .split("\n")
      .slice(6, -1);
  };
  /** Makes a source of `count` lines, some of which have samples. */
  const lines = (count: number, hot: number[], text = "x"): ListedLine[] =>
    Array.from({ length: count }, (_, i) => {
      const value = hot.includes(i + 1) ? 3 : 0;
      return { number: i + 1, text, flat: value, cum: value };
    });
  const numbers = (drawn: string[]) => drawn.map((line) => line.match(/⋮.*|\d+(?= +x)/)?.[0]);

  it("folds lines far from any line with samples", () => {
    expect(numbers(draw(lines(30, [15])))).toEqual(
      [1, 2, 3, 4, 5, "⋮  4 lines", 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, "⋮  10 lines"].map(
        String,
      ),
    );
    // Three lines are not folded, at the start or the end.
    expect(numbers(draw(lines(22, [14])))).toEqual(
      Array.from({ length: 22 }, (_, i) => String(i + 1)),
    );
    expect(numbers(draw(lines(4, [])))).toEqual(["1", "2", "3", "4"]);
  });

  it("cuts long lines, shows tabs as blanks and escapes control characters", () => {
    expect(draw(lines(1, [1], "a\tb\t\tc"))).toEqual(["   3    3     1  a   b       c"]);
    expect(draw(lines(1, [1], "\u001b[31m"))).toEqual(["   3    3     1  \\x1b[31m"]);
    const [long] = draw(lines(1, [1], "日本語".repeat(9000)));
    expect(long).toMatch(/[日本語]…$/);
    expect(widthOf(long)).toBeLessThanOrEqual(60);
    expect(widthOf(long)).toBeGreaterThan(57);
  });
});
