import { describe, expect, it } from "vitest";
import { renderList } from "../../src/render/list.js";
import { type ListReport, list, type SourceReader } from "../../src/report/list.js";
import { compileRe2 } from "../../src/view/re2.js";
import { inputFor, type Wanted } from "../support/report-input.js";

/** Returns 20 lines for every file except those that start with `no`. */
const sources: SourceReader = {
  read: (file) =>
    file.startsWith("no")
      ? { problem: `${file} is not there` }
      : { lineCount: 20, line: (number) => `${file} line ${number}` },
};

function listOf(text: string, pattern = "", wanted: Wanted = {}): ListReport {
  return list(inputFor("list", text, wanted), compileRe2(pattern), pattern, sources);
}

/**
 * Returns a line for each file: `name file flat cum first-last`, and the source lines with values.
 */
function summary(text: string, pattern = "", wanted: Wanted = {}): string[] {
  return listOf(text, pattern, wanted).functions.flatMap(({ name, files }) =>
    files.flatMap(({ file, flat, cum, lines }) => [
      `${name} ${file} ${flat} ${cum} ${lines[0]?.number}-${lines.at(-1)?.number}`,
      ...lines
        .filter((line) => line.flat !== 0 || line.cum !== 0)
        .map((line) => `  ${line.number} ${line.flat} ${line.cum} ${line.text}`),
    ]),
  );
}

describe("list", () => {
  it("shows the values of each line, from the start of the function to a little after its last sample", () => {
    expect(summary("main@m:3^2;work@w:8^7 5\nmain@m:4^2 1")).toEqual([
      "main m 1 6 2-9",
      "  3 0 5 m line 3",
      "  4 1 1 m line 4",
      "work w 5 5 7-13",
      "  8 5 5 w line 8",
    ]);
  });

  it("begins a little before the first line if the start is not known", () => {
    expect(summary("a@f:9 1\na@f:12 2")).toEqual([
      "a f 3 3 4-17",
      "  9 1 1 f line 9",
      "  12 2 2 f line 12",
    ]);
    expect(summary("a@f:2 1")[0]).toBe("a f 1 1 1-7");
  });

  it("covers all functions with the same name in a file, in any order", () => {
    const first = "a@f:12^10 1\na@f:3^2 1\na@f:14^10 1";
    const second = "a@f:3^2 1\na@f:14^10 1\na@f:12^10 1";
    expect(summary(first)).toEqual(summary(second));
    expect(summary(first)[0]).toBe("a f 3 3 2-19");
  });

  it("stops at the end of the file", () => {
    expect(summary("a@f:18^17 1")[0]).toBe("a f 1 1 17-20");
    expect(summary("a@f:21^30 1\na@f:9223372036854775806^19 1")[0]).toBe("a f 2 2 19-20");
    expect(summary("a@f:500 1")[0]).toBe("a f 1 1 undefined-undefined");
  });

  it("does not read the file of a function that ends before it starts", () => {
    const { files } = listOf("a@nofile:3^40 1").functions[0];
    expect(files).toEqual([
      { file: "nofile", flat: 1, cum: 1, lines: [], problem: undefined, foundAt: undefined },
    ]);
    // Unless the file was read before.
    const [, { files: second }] = listOf("a@nofile:3 1\nb@nofile:3^40 1").functions;
    expect(second[0].problem).toBe("nofile is not there");
  });

  it("matches functions by name only, and sorts by names and files", () => {
    const text = "b@z:1 1\nb@a:1 1\na@b:1 1\nB@x:1 1\nother@b.c:2 1";
    const names = (pattern: string) =>
      summary(text, pattern)
        .filter((line) => !line.startsWith(" "))
        .map((line) => line.split(" ").slice(0, 2).join(" "));
    expect(names("(?i)^b$")).toEqual(["B x", "b a", "b z"]);
    expect(() => names("\\.c")).toThrow("no matches found for regexp: \\.c");
  });

  it("omits functions without a value, and negative ones on request", () => {
    expect(() => listOf("a@f:1 3\na@f:1 -3\nb@f:2 1", "^a")).toThrow("no matches found");
    const diff = "a@f:3 -5\na@f:4 2";
    expect(summary(diff)[0]).toMatch(/^a f -3 -3 /);
    expect(summary(diff, "a", { options: { drop_negative: true } })[0]).toMatch(/^a f 2 2 /);
  });

  it("reports functions without a known file", () => {
    expect(listOf("a 1\n#40 2").functions).toEqual([
      { name: "", files: [] },
      { name: "a", files: [] },
    ]);
  });

  it("counts inlined calls at their source or at their call site", () => {
    const text = "main@m:4^3>leaf@l:9^8 2";
    expect(summary(text)).toEqual([
      "leaf l 2 2 8-14",
      "  9 2 2 l line 9",
      "main m 0 2 3-9",
      "  4 0 2 m line 4",
    ]);
    expect(summary(text, "", { options: { noinlines: true } })).toEqual([
      "main m 2 2 3-9",
      "  4 2 2 m line 4",
    ]);
  });

  it("adds up the columns and binaries of a line", () => {
    const text = "a@f:9:1[/x] 1\na@f:9:2[/x] 2\na@f:9:2[/y] 4";
    expect(summary(text, "", { options: { showcolumns: true } })).toEqual([
      "a f 7 7 4-14",
      "  9 7 7 f line 9",
    ]);
  });

  it("shows sums even for means, below a mean total", () => {
    const report = listOf("a@f:1 2 100\na@f:2 3 50", "", {
      profile: { types: ["objects/count", "space/bytes"] },
      options: { mean: true },
    });
    expect(report.total).toBe(30);
    expect(report.functions[0].files[0]).toMatchObject({ flat: 150, cum: 150 });
  });

  it("is exact beyond 2^53", () => {
    expect(summary("a@f:9 9007199254740993\na@f:9 2")[1]).toBe(
      "  9 9007199254740995 9007199254740995 f line 9",
    );
  });

  it("rejects a listing that is too long", () => {
    const endless: SourceReader = {
      read: () => ({ lineCount: 2 ** 40, line: () => "x".repeat(1 << 16) }),
    };
    const input = inputFor("list", "a@f:999999999999^1 1");
    expect(() => list(input, compileRe2("a"), "a", endless)).toThrow("the listing is too long");
  });
});

describe("the text of a listing", () => {
  it("prints each value in a unit of its own, and dots for 0", () => {
    const report = listOf("main@m:2^2;work@no.c:8 1500\nmain@m:3^2 2500000\nbare 4000", "", {
      profile: { types: ["cpu/microseconds"] },
    });
    const [total, ...lines] = renderList(report).split("\n");
    expect(total).toBe("Total: 2.51s");
    expect(lines).toEqual([
      "No source information for bare",
      "ROUTINE ======================== main in m",
      "     2.50s      2.50s (flat, cum) 99.84% of Total",
      "         .     1.50ms      2:m line 2",
      "     2.50s      2.50s      3:m line 3",
      "         .          .      4:m line 4",
      "         .          .      5:m line 5",
      "         .          .      6:m line 6",
      "         .          .      7:m line 7",
      "         .          .      8:m line 8",
      "ROUTINE ======================== work in no.c",
      "    1.50ms     1.50ms (flat, cum)  0.06% of Total",
      " Error: no.c is not there",
      "",
    ]);
  });
});
