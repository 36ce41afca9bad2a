import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/errors/user-error.js";
import { parseRule } from "../../../src/report/diff/rules.js";
import { compareSides } from "../../../src/report/diff/sides.js";
import { profileSums } from "../../../src/report/diff/sums.js";
import { type DiffOptions, type DiffReport, diff, verdictOf } from "../../../src/report/diff.js";
import { compileRe2 } from "../../../src/view/re2.js";
import { inputFor } from "../../support/report-input.js";
import type { ProfileParts } from "../../support/text-profile.js";

const CPU: ProfileParts = { types: ["samples/count", "cpu/nanoseconds"] };

interface Asked extends Partial<DiffOptions> {
  profile?: ProfileParts;
  normalizes?: boolean;
}

const PLAIN: DiffOptions = {
  alpha: 0.05,
  minSamples: 0,
  sort: "cum",
  failOn: [],
  activeFilters: [],
  unmatchedFilters: [],
  allowsMissing: false,
};

/** Compares profiles in text form. */
function diffOf(base: string[], next: string[], asked: Asked = {}): DiffReport {
  const { profile = CPU, normalizes = false, ...options } = asked;
  const sums = (text: string) => profileSums(inputFor("top", text, { profile }));
  return diff(
    compareSides(base.map(sums), next.map(sums), normalizes),
    { ...PLAIN, ...options },
    compileRe2,
  );
}

/** Returns a sample with `count` times 10 ms. */
const line = (stack: string, count: number) => `${stack} ${count} ${count}0000000`;

/** Returns `name flat cum` of each row, with the changes in samples of 10 ms. */
function changes({ rows }: DiffReport): string[] {
  const samples = (value: number | bigint) => Number(value) / 1e7;
  return rows.map(
    ({ name, flat, cum, presence }) =>
      `${name} ${samples(flat.change)} ${samples(cum.change)} ${presence}`,
  );
}

describe("diff", () => {
  it("compares flat and cum, with 0 for missing functions", () => {
    const report = diffOf(
      [[line("main;parse;read", 30), line("main;parse", 20), line("main;old", 50)].join("\n")],
      [[line("main;parse;read", 45), line("main;parse", 20), line("main;fresh", 7)].join("\n")],
      { minSamples: 1_000_000 },
    );
    expect(changes(report)).toEqual([
      "old -50 -50 gone",
      "main 0 -28 both",
      "read 15 15 both",
      "parse 0 15 both",
      "fresh 7 7 new",
    ]);
    const read = report.rows.find(({ name }) => name === "read");
    // Shares of the total of each side: 30 of 100, and 45 of 72.
    expect(read?.cum.baseShare).toBeCloseTo(0.3, 12);
    expect(read?.cum.nextShare).toBeCloseTo(45 / 72, 12);
  });

  it("keeps values exact beyond the precision of doubles", () => {
    const huge = (2n ** 62n).toString();
    const more = (2n ** 62n + 1n).toString();
    const report = diffOf([`f 1 ${huge}`], [`f 1 ${more}`]);
    expect(report.rows[0].flat).toMatchObject({ base: 2n ** 62n, next: 2n ** 62n + 1n, change: 1 });
  });

  it("uses the mean of several profiles, and keeps each value", () => {
    const report = diffOf([line("f", 10), line("f", 20)], [line("f", 30), line("f", 30)]);
    expect(report.rows[0].flat).toMatchObject({
      base: 150_000_000,
      next: 300_000_000,
      baseRuns: [100_000_000, 200_000_000],
    });
  });

  it("converts units, and rejects units that cannot be converted", () => {
    const sums = (unit: string, text: string) =>
      profileSums(inputFor("top", text, { profile: { types: [`cpu/${unit}`] } }));
    const sides = compareSides(
      [sums("nanoseconds", "f 5000")],
      [sums("microseconds", "f 7")],
      false,
    );
    expect(sides.functions[0].runs.map(({ flat }) => flat)).toEqual([5000, 7000]);
    expect(() =>
      compareSides([sums("nanoseconds", "f 5000")], [sums("bytes", "f 7")], false),
    ).toThrow(UserError);
  });

  it("compares shares on request", () => {
    const base = [line("a", 50), line("b", 50)].join("\n");
    const next = [line("a", 150), line("b", 50)].join("\n");
    const report = diffOf([base], [next], { normalizes: true });
    expect(changes(report)).toEqual(["a 25 25 both", "b -25 -25 both"]);
    expect(report.total.change).toBe(0);
  });
});

/** Returns five runs with a little noise that depends only on the seed. */
function runs(seed: number, parts: Record<string, number>): string[] {
  return [1, 2, 3, 4, 5].map((run) =>
    Object.entries(parts)
      .map(([stack, count], i) => line(stack, count + (((run + i) * seed) % 5)))
      .join("\n"),
  );
}

describe("what is real", () => {
  const parts = { "main;a": 100, "main;b": 200, "main;c": 50 };

  it("includes a slowdown beyond the variation of runs, and its callers", () => {
    const report = diffOf(runs(2, parts), runs(3, { ...parts, "main;b": 300 }));
    expect(report.method).toEqual({ name: "permutation", arrangements: 252, isComplete: true });
    const real = report.rows.filter(({ cum }) => cum.judgement.isReal).map(({ name }) => name);
    expect(real).toEqual(["b", "main"]);
    expect(verdictOf(report)).toEqual({ slower: 2, faster: 0, isKnown: true });
    expect(report.total.judgement.isReal).toBe(true);
  });

  it("does not include variation between runs of the same program", () => {
    const report = diffOf(runs(2, parts), runs(3, parts));
    expect(verdictOf(report)).toEqual({ slower: 0, faster: 0, isKnown: true });
  });

  it("is judged by counts with three profiles per side", () => {
    const three = (list: string[]) => list.slice(0, 3);
    const report = diffOf(three(runs(2, parts)), three(runs(3, { ...parts, "main;b": 400 })));
    expect(report.method.name).toBe("counts");
    expect(report.warnings.join()).toMatch(/3 and 3 profiles are too few/);
    const b = report.rows.find(({ name }) => name === "b");
    expect(b?.cum.judgement.isReal).toBe(true);
  });

  it("is judged by counts with one profile per side, unless only others became faster", () => {
    const base = [line("a", 400), line("b", 600)].join("\n");
    const next = [line("a", 400), line("b", 100)].join("\n");
    const report = diffOf([base], [next]);
    expect(report.method).toMatchObject({ name: "counts", from: "assumed" });
    expect(verdictOf(report)).toEqual({ slower: 0, faster: 1, isKnown: true });
  });

  it("is unknown if the profiles do not count samples", () => {
    const heap = { profile: { types: ["inuse_objects/count", "inuse_space/bytes"] } };
    const report = diffOf(["f 10 1000"], ["f 99 9900"], heap);
    expect(report.method).toEqual({ name: "none" });
    expect(verdictOf(report).isKnown).toBe(false);
  });

  it("excludes functions with too few samples", () => {
    const report = diffOf(runs(2, { a: 100, b: 0 }), runs(2, { a: 100, b: 40 }), {
      minSamples: 400,
    });
    expect(report.rows.map(({ name, isJudged }) => [name, isJudged])).toEqual([
      ["b", false],
      ["a", true],
    ]);
  });
});

describe("rules", () => {
  const base = [
    line("main;rest", 2000),
    line("main;parse", 100),
    line("main;parse;read", 50),
    line('main;"list.(*T[int]).F"', 9),
  ];
  const next = [
    line("main;rest", 2000),
    line("main;parse", 200),
    line("main;parse;read", 50),
    line('main;"list.(*T[int]).F"', 99),
  ];
  const broken = (failOn: string[], asked: Asked = {}) =>
    diffOf([base.join("\n")], [next.join("\n")], { failOn, ...asked }).breaches.map(
      ({ rule, name }) => `${rule} ${name ?? "-"}`,
    );

  it.each<[string, string[]]>([
    ["parse:flat>50%", ["parse"]],
    ["parse:flat>100%", []],
    ["parse:flat>99.9%", ["parse"]],
    ["^pa:cum>10%", ["parse"]],
    // The name itself; as a pattern it would match nothing.
    ["list.(*T[int]).F:flat>1%", ["list.(*T[int]).F"]],
    ["total>8%", ["-"]],
    ["total>9%", []],
    ["total > 0.5s", ["-"]],
    ["parse:flat>999ms", ["parse"]],
    ["parse:flat>1s", []],
    ["parse:flat>999999999ns", ["parse"]],
    ["list:flat>3pp", ["list.(*T[int]).F"]],
    ["list:flat>5pp", []],
    ["read:flat>0%", []],
  ])("%s", (rule, names) => {
    expect(broken([rule])).toEqual(names.map((name) => `${rule} ${name}`));
  });

  it("can be several, and apply to all functions by default", () => {
    expect(broken(["total>1000%", "flat>500ms"])).toEqual(
      ["flat>500ms list.(*T[int]).F", "flat>500ms parse"].sort((a, b) =>
        a.includes("parse") ? -1 : b.includes("parse") ? 1 : 0,
      ),
    );
  });

  it("treat a new function as one that grew without limit", () => {
    const report = diffOf([line("a", 100)], [[line("a", 100), line("b", 60)].join("\n")], {
      failOn: ["b:flat>1000000%"],
    });
    expect(report.breaches.map(({ name }) => name)).toEqual(["b"]);
  });

  it("are broken only by real changes", () => {
    const noisy = { a: 100, b: 200 };
    const rule = { failOn: ["flat>0%", "cum>0.1%", "total>0%"] };
    expect(diffOf(runs(2, noisy), runs(3, noisy), rule).breaches).toEqual([]);
  });

  it("are guarded by -min_samples", () => {
    expect(broken(["parse:flat>50%"], { minSamples: 1000 })).toEqual([]);
    expect(diffOf(base, next, { minSamples: 100000, failOn: ["total>1%"] })).toMatchObject({
      breaches: [],
      missing: [expect.stringMatching(/fewer than -min_samples=100000.*no rule can be broken/)],
      warnings: [],
    });
    expect(diffOf(base, next, { minSamples: 100000 })).toMatchObject({
      missing: [],
      warnings: [expect.stringMatching(/fewer than -min_samples=100000: nothing is judged$/)],
    });
  });

  const missing = (asked: Asked, from = base.join("\n"), to = next.join("\n")) => {
    const { missing, warnings } = diffOf([from], [to], asked);
    return { missing, warnings };
  };

  it("fail if no profile has the function, unless that is allowed", () => {
    const failOn = ["nosuch:flat>1%", "total>900%", "^pa:cum>900%"];
    const line =
      "-fail_on=nosuch:flat>1%: no function of that name or pattern is in any of the profiles";
    expect(missing({ failOn })).toEqual({ missing: [line], warnings: [] });
    const allowed = missing({ failOn, allowsMissing: true });
    expect(allowed).toEqual({ missing: [], warnings: [line] });
  });

  it("fail if a filter matched nothing", () => {
    const unmatchedFilters = ["-ignore=nosuch"];
    expect(missing({ failOn: ["total>900%"], unmatchedFilters }).missing).toEqual([
      "-ignore=nosuch matches nothing in any profile",
    ]);
    // Without rules, nothing can fail.
    expect(missing({ unmatchedFilters })).toEqual({ missing: [], warnings: [] });
  });

  it.each<[string, string, string, string[], string]>([
    ["an empty base", "", line("main", 50), [], "there are no samples in the base"],
    ["an empty new side", line("main", 50), "", [], "there are no samples in the new side"],
    ["nothing at all", "", "", [], "there are no samples in either side"],
    ["filters", line("main", 50), "", ["focus=x"], "the filters leave no samples in the new side"],
  ])("test nothing on %s", (_, from, to, activeFilters, reason) => {
    const found = missing({ failOn: ["cum>5%"], activeFilters }, from, to);
    expect(found.missing).toEqual([reason]);
  });

  it.each(["cum>5", "total>3", "main.parse:flat>10", "flat > .5"])("need a unit: %s", (rule) => {
    expect(() => parseRule(rule)).toThrow(UserError);
    expect(() => parseRule(rule)).toThrow(/the limit has no unit; write %.*\bpp\b.*\bms\b.*\bMB\b/);
  });

  it("accept colons in the names of C++ and JavaScript functions", () => {
    expect(parseRule("ns::f(int):flat>5%").functionText).toBe("ns::f(int)");
    expect(parseRule("f app.js:12:cum>5.5kb")).toMatchObject({
      functionText: "f app.js:12",
      metric: "cum",
      amount: 5.5,
      unit: "kb",
    });
  });

  it.each(["", "cum", "cum>", "cum>x", "cum<5%", "cum>5%%%x y", "parse>5%", "cum>-5%", "cum>1e3%"])(
    "reject %j with an example",
    (text) => {
      expect(() => parseRule(text)).toThrow(/must be a rule such as 'cum>5%'/);
    },
  );

  it("reject a total of a function, an incompatible unit, and an invalid pattern", () => {
    expect(() => parseRule("main:total>5%")).toThrow(/main:cum>5%|main:cum>3%/);
    expect(() => broken(["flat>5MB"])).toThrow(/MB does not fit values in nanoseconds/);
    expect(() => broken(["(a:flat>5%"])).toThrow(/missing closing/);
  });
});
