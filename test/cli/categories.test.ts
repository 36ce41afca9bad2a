import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { widthOf } from "../../src/terminal/fit.js";
import { schemaProblems } from "../support/json-schema.js";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { useTerminals } from "../support/terminal.js";

const tsprof = useOneProcess();

const show = useTerminals();
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-categories-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A CPU profile with a function of each category, which run for 1 ms, 2 ms, 3 ms… */
const all = path.join(folder, "all.cpuprofile");
const FRAMES = [
  ["main", "file:///app/main.js"],
  ["parse", "file:///app/node_modules/x/y.js"],
  ["read", "node:fs"],
  ["(garbage collector)", ""],
  ["(program)", ""],
  ["(idle)", ""],
  ["sort", ""],
];
const counts = FRAMES.map((_, i) => i + 1);
writeFileSync(
  all,
  JSON.stringify({
    nodes: [
      {
        id: 1,
        callFrame: { functionName: "(root)", url: "", lineNumber: -1, columnNumber: -1 },
        children: FRAMES.map((_, i) => i + 2),
      },
      ...FRAMES.map(([functionName, url], i) => ({
        id: i + 2,
        callFrame: { functionName, url, lineNumber: url ? 1 : -1, columnNumber: url ? 1 : -1 },
      })),
    ],
    samples: counts.flatMap((count, i) => new Array<number>(count).fill(i + 2)),
    // A sample lasts until the next one.
    timeDeltas: counts.flatMap((count) => new Array<number>(count).fill(1000)).with(0, 0),
    startTime: 0,
    endTime: 28_000,
  }),
);
const SHARES = [
  ...["own code 3.6%", "dependencies 7.1%", "Node 10.7%", "GC 14.3%", "program 17.9%"],
  ...["idle 21.4%", "native 25%"],
];

describe("tsprof info", () => {
  it("has a line with the categories", async () => {
    const { stdout } = await tsprof(["info", all]);
    expect(stdout).toContain(`\nCategories: ${SHARES.join(", ")}\n`);
    expect((await tsprof(["info", "fixtures/go-cpu.pb.gz"])).stdout).not.toContain("Categories");
  });

  it("has the sums of categories in JSON", async () => {
    const { stdout } = await tsprof(["info", "-format=json", all, "fixtures/go-cpu.pb.gz"]);
    const document = JSON.parse(stdout);
    const schema = readFileSync(path.join(ROOT, "docs/schema/tsprof.schema.json"), "utf8");
    expect(schemaProblems(JSON.parse(schema), document)).toEqual([]);
    expect(document.files[0].categories[1]).toEqual({ category: "dependencies", value: 2_000_000 });
    expect(document.files[0].categories).toHaveLength(7);
    expect(document.files[1].categories).toBeUndefined();
  });
});

describe("top on a terminal", () => {
  it("has the categories above the table", async () => {
    const screen = await show(`top ${all}`, { width: 160 });
    expect(screen).toContain(`\n${SHARES.join(" · ")}\n\n`);
    const focused = await show(`top -focus=parse ${all}`);
    expect(focused).toContain("\ndependencies 7.1%\n\n");
  });

  it("has one share for V8 if there is too little room for each of its states", async () => {
    const joined = [...SHARES.slice(0, 3), "V8 53.6%", "native 25%"].join(" · ");
    expect(await show(`top ${all}`, { width: 80 })).toContain(`\n${joined}\n\n`);
  });

  it.each([40, 20])("folds the categories between shares at %d columns", async (width) => {
    const lines = (await show(`top ${all}`, { width })).split("\n");
    const start = lines.findIndex((line) => line.startsWith(SHARES[0]));
    const drawn = lines.slice(start, lines.indexOf("", start));
    expect(drawn.join(" · ")).toBe(SHARES.join(" · "));
    for (const line of drawn) expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  it("has no categories in compact reports, in pipes and for compiled programs", async () => {
    expect(await show(`top -compact_labels ${all}`)).not.toContain(" · ");
    expect((await tsprof(["top", all])).stdout).not.toContain(" · ");
    expect(await show("top fixtures/go-cpu.pb.gz")).not.toContain(" · ");
  });
});
