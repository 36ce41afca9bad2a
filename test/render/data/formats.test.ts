import { describe, expect, it } from "vitest";
import { decodeUtf8 } from "../../../src/profile/utf8.js";
import { renderCsv, renderTsv } from "../../../src/render/data/delimited.js";
import { jsonText, renderJson } from "../../../src/render/data/json.js";
import { code, renderMarkdown } from "../../../src/render/data/markdown.js";
import type { Cell, Column, DataReport, Table } from "../../../src/render/data/model.js";
import { runProgram } from "../../support/run.js";

const COLUMNS: readonly Column[] = [
  { name: "value", title: "value", kind: "value" },
  { name: "share", title: "share", kind: "share" },
  { name: "hidden", title: undefined, kind: "word" },
  { name: "name", title: "name", kind: "text" },
];

/** Names that could be misinterpreted by some reader. */
const HOSTILE = [
  "=HYPERLINK(1)",
  "+[NSObject new]",
  "-[NSObject init]",
  "@SUM(1)",
  "＝1+1",
  "'quoted",
  "\tbegins with a tab",
  "a,b;c",
  'say "hi"',
  "two\nlines",
  "a|b",
  "a\\|b",
  "`tick` ``ticks``",
  "<img src=x onerror=alert(1)>",
  "@octocat #1 https://example.com",
  "**bold** _it_ [a](b) &amp;",
  " spaces ",
  "back\\slash\\t",
  "plain",
];

function table(names: readonly string[]): Table {
  return {
    columns: COLUMNS,
    format: { from: "nanoseconds", to: "ms", ratio: 1 },
    *rows(): Generator<Cell[]> {
      for (const name of names) yield [1_500_000, { part: 1, whole: 4 }, "none", name];
    },
  };
}

const joined = (pieces: Iterable<Uint8Array>) =>
  [...pieces].map((piece) => decodeUtf8(piece, 0, piece.length)).join("");

/** Removes the mark that keeps a text from being a formula. */
const unmarked = (text: string) => text.replace(/^'/, "");

describe("CSV", () => {
  it("is read back unchanged by Python's csv module", async () => {
    const csv = joined(renderCsv(table(HOSTILE), false));
    const script =
      "import csv,io,json,sys;" +
      "print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline=''), strict=True))))";
    const { stdout, code: exit } = await runProgram("python3", ["-c", script], { input: csv });
    expect(exit).toBe(0);
    const [head, ...rows] = JSON.parse(stdout) as string[][];
    expect(head).toEqual(["value", "share", "hidden", "name"]);
    expect(rows.map((row) => row.slice(0, 3))).toEqual(
      HOSTILE.map(() => ["1500000", "0.25", "none"]),
    );
    expect(rows.map(([, , , name]) => unmarked(name))).toEqual(HOSTILE);
    for (const [, , , name] of rows) expect(name).not.toMatch(/^[=+\-@＝\t]/);
  });

  it("has no field that a spreadsheet with semicolons would evaluate", () => {
    expect(joined(renderCsv(table(["a;=1+1"]), false))).toContain('"a;=1+1"');
  });

  it("ends lines with CR and LF, and escapes control characters", () => {
    const csv = joined(renderCsv(table(["a\rb\u001b[31m"]), false));
    expect(csv).toBe("value,share,hidden,name\r\n1500000,0.25,none,a\\x0db\\x1b[31m\r\n");
  });
});

describe("TSV", () => {
  it("has a line for each row, with tabs and line breaks escaped", () => {
    const lines = joined(renderTsv(table(HOSTILE), false)).split("\n");
    expect(lines).toHaveLength(HOSTILE.length + 2);
    const read = (text: string) =>
      unmarked(text).replace(/\\([tn\\])/g, (_, letter) =>
        letter === "t" ? "\t" : letter === "n" ? "\n" : "\\",
      );
    const names = lines.slice(1, -1).map((line) => read(line.split("\t")[3]));
    expect(names).toEqual(HOSTILE);
  });
});

describe("Markdown", () => {
  const report: DataReport = {
    schema: "x",
    head: {},
    itemsField: "rows",
    items: () => [],
    table: table(HOSTILE),
    legend: ["File: ```", "@octocat"],
  };

  it("has formatted numbers, aligned to the right", () => {
    const text = [...renderMarkdown({ ...report, table: table(["work"]), legend: [] })].join("");
    expect(text).toBe(
      "| value | share | name |\n| ---: | ---: | --- |\n| 1.50ms | 25.00% | `work` |\n".replace(
        "1.50ms",
        "1.50ms",
      ),
    );
  });

  it("prevents legend lines from ending the code block", () => {
    const text = [...renderMarkdown(report)].join("");
    expect(text.startsWith("````text\nFile: ```\n@octocat\n````\n")).toBe(true);
  });

  it("keeps three cells in every row, and escapes names", () => {
    const rows = [...renderMarkdown(report)].join("").trimEnd().split("\n").slice(-HOSTILE.length);
    for (const row of rows) {
      // GitHub splits tables at pipes without a backslash before them.
      expect(row.match(/(?<!\\)\|/g)).toHaveLength(4);
      expect(row).toMatch(/\| (`.*`|<code>[^<>`*_[\]@]*<\/code>) \|$/);
    }
  });

  it("writes text with a pipe as character references", () => {
    expect(code("a\\|b")).toBe("<code>a&#92;&#124;b</code>");
    expect(code("x`y")).toBe("``x`y``");
    expect(code("`x")).toBe("`` `x ``");
    expect(code("")).toBe("<code></code>");
  });
});

describe("JSON", () => {
  it("has exact 64-bit integers", () => {
    expect(jsonText([9223372036854775807n, -9223372036854775808n, 9007199254740993n])).toBe(
      "[9223372036854775807, -9223372036854775808, 9007199254740993]",
    );
  });

  it("contains no control characters, and preserves the text", () => {
    const text = '\u001b[31m\u009b\u202e\u2028\u007f"\\\n\udc80é𘲀';
    const json = jsonText({ [text]: text });
    expect(json).toMatch(/^[^\p{Cc}\p{Cf}\u2028]*$/u);
    expect(JSON.parse(json)).toEqual({ [text]: text });
  });

  it("omits undefined fields, and has no infinities", () => {
    expect(jsonText({ a: undefined, b: null, c: Number.POSITIVE_INFINITY, d: -0 })).toBe(
      '{"b": null, "c": null, "d": 0}',
    );
  });

  it("is valid without items", () => {
    const empty: DataReport = {
      schema: "tsprof/x/1",
      head: { total: 0 },
      itemsField: "rows",
      items: () => [],
      table: table([]),
      legend: [],
    };
    expect(JSON.parse([...renderJson(empty)].join(""))).toEqual({
      schema: "tsprof/x/1",
      total: 0,
      rows: [],
    });
  });
});
