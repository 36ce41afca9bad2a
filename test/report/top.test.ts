import { describe, expect, it } from "vitest";
import { type TopReport, top } from "../../src/report/top.js";
import { inputFor, type Wanted } from "../support/report-input.js";

/** Makes the report for a profile in text form. Trims nothing by default. */
function topOf(text: string, wanted: Wanted = {}): TopReport {
  return top(inputFor("top", text, wanted));
}

/**
 * Returns a line for each row: `flat cum name`, followed by `(some)` or `(all)` for inlined
 * functions.
 */
function rows(report: TopReport): string[] {
  return report.rows.map(
    ({ flat, cum, name, inlining }) =>
      `${flat} ${cum} ${name}${inlining === "none" ? "" : ` (${inlining})`}`,
  );
}

describe("rows", () => {
  const program = `
    main;parse;read 30
    main;parse 20
    main;render;render;draw 40
    idle 10
  `;

  it("have flat and cum values, largest flat first", () => {
    expect(rows(topOf(program))).toEqual([
      "40 40 draw",
      "30 30 read",
      "20 50 parse",
      "10 10 idle",
      "0 90 main",
      "0 40 render",
    ]);
  });

  it("are sorted by cum on request", () => {
    expect(rows(topOf(program, { options: { sort: "cum" } }))).toEqual([
      "0 90 main",
      "20 50 parse",
      "40 40 draw",
      "0 40 render",
      "30 30 read",
      "10 10 idle",
    ]);
  });

  it("follow the granularity", () => {
    const text = "main@m.c:1;work@w.c:5 3\nmain@m.c:2;work@w.c:5 4";
    expect(rows(topOf(text, { options: { granularity: "lines" } }))).toEqual([
      "7 7 work w.c:5",
      "0 3 main m.c:1",
      "0 4 main m.c:2",
    ]);
    expect(rows(topOf(text, { options: { granularity: "files" } }))).toEqual([
      "7 7 w.c",
      "0 7 m.c",
    ]);
  });

  it("show the filtered values as shares of the whole profile", () => {
    const report = topOf(program, { options: { focus: "parse", hide: "read" } });
    expect(rows(report)).toEqual(["50 50 parse", "0 50 main"]);
    expect(report.total).toBe(100);
    expect(report.shownTotal).toBe(50);
    expect(report.activeFilters).toEqual(["focus=parse", "hide=read"]);
  });

  it("show them as shares of the view with relative percentages", () => {
    const report = topOf(program, { options: { focus: "parse", relative_percentages: true } });
    expect(report.total).toBe(50);
  });

  it("do not exist for a profile without samples", () => {
    const report = topOf("");
    expect(report).toMatchObject({ rows: [], total: 0, shownTotal: 0, candidates: 0 });
  });

  it("sum to the signed total of the shown values, next to a total of absolute values", () => {
    const report = topOf("a 30\nb -10");
    expect(rows(report)).toEqual(["30 30 a", "-10 -10 b"]);
    expect(report.shownTotal).toBe(20);
    expect(report.total).toBe(40);
    expect(rows(topOf("a 30\nb -10", { options: { drop_negative: true } }))).toEqual(["30 30 a"]);
  });

  it("are exact beyond 2^53", () => {
    const report = topOf("a 9007199254740993\na 2\nb 1");
    expect(rows(report)).toEqual(["9007199254740995 9007199254740995 a", "1 1 b"]);
    expect(report.total).toBe(9007199254740996n);
    expect(report.shownTotal).toBe(9007199254740996n);
  });
});

describe("trimming", () => {
  const text = "main;big 900\nmain;mid 95\nmain;tiny 5";

  it("reports how many rows were below the cutoff, and the cutoff", () => {
    const report = topOf(text, { options: { nodefraction: 0.01 } });
    expect(rows(report)).toEqual(["900 900 big", "95 95 mid", "0 1000 main"]);
    expect(report.dropped).toEqual({ nodes: 1, cutoff: 10 });
    expect(report.candidates).toBe(3);
  });

  it("reports the number of candidates", () => {
    const report = topOf(text, { options: { nodefraction: 0.01, nodecount: 1 } });
    expect(rows(report)).toEqual(["900 900 big"]);
    expect(report.candidates).toBe(3);
    expect(report.shownTotal).toBe(900);
  });

  it("cuts relative to the view, but prints the cutoff of the whole profile", () => {
    // The remaining sum is 100 and the cutoff is 1, so "tiny" stays.
    const report = topOf(text, { options: { ignore: "big", nodefraction: 0.01 } });
    expect(rows(report)).toEqual(["95 95 mid", "5 5 tiny", "0 100 main"]);
    expect(report.dropped).toEqual({ nodes: 0, cutoff: 10 });
  });

  it("has a cutoff that is not negative", () => {
    const report = topOf("a -900\nb -95\nc -5", { options: { nodefraction: 0.01 } });
    expect(rows(report)).toEqual(["-900 -900 a", "-95 -95 b"]);
    expect(report.dropped).toEqual({ nodes: 1, cutoff: 10 });
  });
});

describe("inlining", () => {
  /** Returns the rows of inlined functions. */
  const inlined = (text: string, wanted: Wanted = {}) =>
    rows(topOf(text, wanted))
      .filter((row) => row.endsWith(")"))
      .map((row) => row.replace(/^\S+ \S+ /, ""));

  it("is none if no call was inlined", () => {
    expect(inlined("main;work;leaf 1\nmain;leaf 2")).toEqual([]);
  });

  it("is all if every call was inlined", () => {
    expect(inlined("main;work>leaf 2\nmain;other>leaf 1")).toEqual(["leaf (all)"]);
    expect(inlined("main;work>leaf>deep 2")).toEqual(["deep (all)", "leaf (all)"]);
  });

  it("is some if other callers call the function", () => {
    expect(inlined("main;work>leaf 2\nmain;leaf 1")).toEqual(["leaf (some)"]);
  });

  it("is none if the same caller both inlines and calls the function", () => {
    // An edge is inlined if all of its calls are.
    expect(inlined("work>leaf 2\nwork;leaf 1")).toEqual([]);
  });

  it("does not count a root as a call", () => {
    expect(inlined("main;work>leaf 2\nleaf 1")).toEqual(["leaf (all)"]);
  });

  it("does not count calls of a function to itself", () => {
    expect(inlined("main;leaf>leaf 2")).toEqual([]);
    expect(inlined("work>leaf;leaf 2")).toEqual(["leaf (all)"]);
  });

  it("does not exist with noinlines", () => {
    expect(inlined("main;work>leaf 2", { options: { noinlines: true } })).toEqual([]);
  });

  it("disappears with the function that it was inlined into", () => {
    expect(inlined("main;work>leaf 2", { options: { hide: "work" } })).toEqual([]);
  });

  it("considers only edges above the cutoff", () => {
    const mostlyInlined = "main;work>leaf 95\nmain;leaf 5";
    expect(inlined(mostlyInlined, { options: { edgefraction: 0.05 } })).toEqual(["leaf (some)"]);
    expect(inlined(mostlyInlined, { options: { edgefraction: 0.06 } })).toEqual(["leaf (all)"]);
    const seldomInlined = "main;work>leaf 5\nmain;leaf 95";
    expect(inlined(seldomInlined, { options: { edgefraction: 0.05 } })).toEqual(["leaf (some)"]);
    expect(inlined(seldomInlined, { options: { edgefraction: 0.06 } })).toEqual([]);
  });

  it("uses absolute weights", () => {
    const diff = "main;work>leaf -50\nmain;leaf 950";
    expect(inlined(diff, { options: { edgefraction: 0.05 } })).toEqual(["leaf (some)"]);
  });

  it("considers edges that bypass hidden functions", () => {
    // nodecount drops work, so main calls leaf, inlined as it was into work.
    const text = "main>work>leaf 10\nmain 5\nleaf;work 1";
    expect(rows(topOf(text, { options: { nodecount: 2 } }))).toEqual([
      "10 11 leaf (all)",
      "5 15 main",
    ]);
  });

  it("considers edges to functions that add up to 0, as long as nothing is trimmed", () => {
    // work adds up to 0, so it has no row. pprof's graph still has its edge to leaf.
    const text = "main>leaf 10\nmain;work;leaf 5\nmain;work;other -5\nmain 1\ntiny 1";
    expect(rows(topOf(text))).toEqual([
      "15 15 leaf (some)",
      "-5 -5 other",
      "1 11 main",
      "1 1 tiny",
    ]);
    // Without tiny the graph is built again, and the edge comes from main.
    expect(rows(topOf(text, { options: { nodecount: 3 } }))).toEqual([
      "15 15 leaf",
      "-5 -5 other",
      "1 11 main",
    ]);
  });
});

describe("means", () => {
  const profile = { types: ["objects/count", "space/bytes"] };
  const options = { mean: true };

  it("divide the sums of each row by its count", () => {
    const report = topOf("main;a 2 100\nmain;a 1 50\nmain;b 4 100\nmain;none 0 7", {
      profile,
      options,
    });
    // main has 257 bytes in 7 objects, and nothing is divided by 0.
    expect(rows(report)).toEqual(["50 50 a", "25 25 b", "7 7 none", "0 36 main"]);
    expect(report.total).toBe(36);
    expect(report.shownTotal).toBe(82);
    expect(report.legend.sampleType).toBe("mean_space");
  });

  it("are sorted and trimmed by the sums, as in pprof", () => {
    const report = topOf("many 100 1000\nfew 1 500\nlone 1 400", {
      profile,
      options: { ...options, nodefraction: 0.25 },
    });
    expect(rows(report)).toEqual(["10 10 many", "500 500 few"]);
    expect(report.dropped.nodes).toBe(1);
  });

  it("round towards zero", () => {
    expect(rows(topOf("a 2 -7", { profile, options }))).toEqual(["-3 -3 a"]);
  });
});

describe("legend", () => {
  it("describes the profile", () => {
    const { legend } = topOf("main[/usr/bin/app] 1500\nx[/lib/b.so] 500", {
      profile: {
        types: ["cpu/microseconds"],
        buildIds: { "/usr/bin/app": "beef", "/lib/b.so": "other" },
        comments: ["first", "#for machines", "second"],
        docUrl: "https://docs",
        timeNanos: 5,
        durationNanos: 6,
      },
    });
    expect(legend).toEqual({
      file: "app",
      buildId: "beef",
      comments: ["first", "second"],
      sampleType: "cpu",
      docUrl: "https://docs",
      timeNanos: 5,
      durationNanos: 6,
      totalNanos: 2_000_000,
    });
  });

  it("omits unknown facts", () => {
    expect(topOf("main 1").legend).toEqual({
      file: "",
      buildId: "",
      comments: [],
      sampleType: "samples",
      docUrl: "",
      timeNanos: 0,
      durationNanos: 0,
      totalNanos: undefined,
    });
  });

  it("has no nanoseconds for a total of 0 or of bytes", () => {
    expect(topOf("", { profile: { types: ["cpu/nanoseconds"] } }).legend.totalNanos).toBe(
      undefined,
    );
    expect(topOf("a 1", { profile: { types: ["space/bytes"] } }).legend.totalNanos).toBe(undefined);
  });

  it("has the nanoseconds of a large total as an Int64", () => {
    const { legend } = topOf("a 1152921504606846976", { profile: { types: ["cpu/nanoseconds"] } });
    expect(legend.totalNanos).toBe(2n ** 60n);
  });
});
