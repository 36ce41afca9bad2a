import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProfile } from "../../src/library/node.js";
import type { Profile } from "../../src/profile/profile.js";
import { sumCategories } from "../../src/report/categories.js";
import type { Category } from "../../src/view/packages.js";
import { selectSampleValue } from "../../src/view/sample-value.js";
import { wholeProfile } from "../../src/view/view.js";
import { ROOT } from "../support/proto.js";
import { inputFor, type Wanted } from "../support/report-input.js";

/** Returns the categories of a profile in text form as `category value`. */
function categoriesOf(text: string, wanted: Wanted = {}): string[] | undefined {
  const { view, value } = inputFor("top", text, wanted);
  return sumCategories(view, value)?.map(({ category, value }) => `${category} ${value}`);
}

const SAMPLES = `
  main@/app/a.js:1;parse@/app/node_modules/x/y.js:2 30
  main@/app/a.js:1;read@"node:fs":3 20
  main@/app/a.js:1;"(garbage collector)" 5
  main@/app/a.js:1;map 4
  main@/app/a.js:1 3
  "(program)" 2
  "(idle)" 40
`;

describe("categories", () => {
  it("are sums of flat values, in a fixed order", () => {
    expect(categoriesOf(SAMPLES)).toEqual([
      ...["own code 3", "dependencies 30", "Node 20", "GC 5", "program 2", "idle 40", "native 4"],
    ]);
  });

  it("respect filters", () => {
    expect(categoriesOf(SAMPLES, { options: { focus: "parse|read" } })).toEqual([
      ...["dependencies 30", "Node 20"],
    ]);
    expect(categoriesOf(SAMPLES, { options: { ignore: "idle", hide: "parse|read|map" } })).toEqual([
      ...["own code 57", "GC 5", "program 2"],
    ]);
  });

  it("leave out stacks without functions", () => {
    expect(categoriesOf("main@a.js:1 3\n- 5")).toEqual(["own code 3"]);
  });

  it("add up large values exactly", () => {
    const most = 2n ** 62n - 1n;
    expect(categoriesOf(`a@a.js:1 ${most}\nb@b.js:1 ${most}`)).toEqual([`own code ${2n * most}`]);
  });

  it("need functions of scripts, sums, and no difference", () => {
    expect(categoriesOf("main.main@main.go:1;runtime.mallocgc@malloc.go:2 3")).toBeUndefined();
    expect(categoriesOf("a@a.js:1 3\nb@b.js:1 -1")).not.toBeUndefined();
    expect(categoriesOf("a@a.js:1 1\nb@b.js:1 -3")).toBeUndefined();
    expect(categoriesOf("a@a.js:1 3\nb@b.js:1 -1 {pprof::base=true}")).toBeUndefined();
    const means = { profile: { types: ["n/count", "t/ns"] }, options: { mean: true } };
    expect(categoriesOf("a@a.js:1 1 2", means)).toBeUndefined();
  });
});

describe("categories of a real program", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-categories-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  let profile: Profile;
  let raw: {
    nodes: { id: number; callFrame: { functionName: string; url: string } }[];
    samples: number[];
  };

  beforeAll(async () => {
    const library = path.join(ROOT, "node_modules/re2js/build/index.cjs");
    const main = path.join(folder, "main.cjs");
    writeFileSync(
      main,
      `const { RE2JS } = require(${JSON.stringify(library)});
      const repeat = (run) => {
        const end = performance.now() + 100;
        while (performance.now() < end) run();
      };
      repeat(() => { for (let i = 0; i < 1000; i++) Math.sqrt(i); });
      repeat(() => RE2JS.compile("(a|b)+c[^x]*").matches("abababc".repeat(50)));
      const path = require("node:path");
      repeat(() => path.relative("/a/b/c/d", path.resolve("/x/y", "../z")));
      let kept = [];
      repeat(() => { kept = [...kept.slice(-50000), { text: "x".repeat(9) }]; });
      setTimeout(() => {}, 60);`,
    );
    const args = ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-name=run.cpuprofile", main];
    execFileSync(process.execPath, args);
    const bytes = readFileSync(path.join(folder, "run.cpuprofile"));
    profile = await readProfile(bytes);
    raw = JSON.parse(bytes.toString());
  }, 60_000);

  it("agree with a tally of the raw profile", () => {
    const tally = new Map<Category, number>();
    const states: Record<string, Category> = {
      "(garbage collector)": "GC",
      "(program)": "program",
      "(idle)": "idle",
    };
    const frames = new Map(raw.nodes.map(({ id, callFrame }) => [id, callFrame]));
    for (const id of raw.samples) {
      const { functionName = "", url = "" } = frames.get(id) ?? {};
      if (functionName === "(root)") continue;
      let category: Category = "own code";
      if (url === "") category = states[functionName] ?? "native";
      else if (url.includes("/node_modules/")) category = "dependencies";
      else if (url.startsWith("node:")) category = "Node";
      tally.set(category, (tally.get(category) ?? 0) + 1);
    }
    const value = selectSampleValue(profile, "samples", false);
    const sums = sumCategories(wholeProfile(profile), value) ?? [];
    expect(new Map(sums.map(({ category, value }) => [category, value]))).toEqual(tally);
    for (const category of ["own code", "dependencies", "Node", "GC", "idle"] as const) {
      expect(tally.get(category)).toBeGreaterThan(0);
    }
  });
});
