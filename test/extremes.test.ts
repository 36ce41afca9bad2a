import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { encodeProfile } from "../src/profile/wire/encode.js";
import {
  deepRecursion,
  deepStacks,
  hugeValues,
  manyFunctions,
  negativeTotal,
  noSamples,
  onlyZeros,
} from "./support/extreme-profiles.js";
import { useOneProcess } from "./support/one-process.js";
import { pprof as livePprof } from "./support/pprof.js";
import { digestOf, useRecordedPprof } from "./support/recorded-pprof.js";
import { tsprof as tsprofProcess } from "./support/run.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-extremes-"));
afterAll(() => rmSync(folder, { recursive: true }));
const pprof = useRecordedPprof("extremes");
const inOneProcess = useOneProcess();

/** Runs on large profiles need a process of their own, because memory is tested, too. */
const tsprof: typeof inOneProcess = (args, options) =>
  statSync(args.at(-1) ?? "").size > 1_000_000
    ? tsprofProcess(args, options)
    : inOneProcess(args, options);

const files = new Map(
  Object.entries({
    "30,000 frames": () => deepStacks(30_000),
    "30,000 frames of recursion": () => deepRecursion(30_000),
    // pprof needs minutes for more functions; another test below runs without pprof.
    "250,000 functions": () => manyFunctions(250_000),
    "no samples": noSamples,
    "only zeros": onlyZeros,
    "a negative total": negativeTotal,
    "huge values": hugeValues,
  }).map(([name, make]) => {
    const file = path.join(folder, `${name.replace(/\W/g, "-")}.pb`);
    writeFileSync(file, encodeProfile(make()));
    return [name, file];
  }),
);

/** Both programs must also agree if there is nothing to show. */
async function expectSameReport(name: string, args: string[]): Promise<string> {
  const file = files.get(name) ?? "";
  // Errors of -list name the current folder. The recorded reports need the same one everywhere.
  const options = { env: { HOME: folder, PPROF_TMPDIR: folder }, cwd: "/" };
  const all = [...args, "-symbolize=none", file];
  const [theirs, ours] = await Promise.all([pprof(all, options), tsprof(all, options)]);
  let line: string | undefined;
  if (digestOf(ours.stdout) !== theirs.digest) {
    // A long report is recorded only as a digest. Show the first difference.
    const expected = theirs.stdout ?? (await livePprof(all, options)).stdout;
    line = firstDifference(ours.stdout, expected) ?? "the recorded report is another one";
  }
  expect({ args, failed: ours.code !== 0, line }).toEqual({
    args,
    failed: theirs.code !== 0,
    line: undefined,
  });
  return ours.stdout;
}

function firstDifference(ours: string, theirs: string): string | undefined {
  if (ours === theirs) return undefined;
  const expected = theirs.split("\n");
  const at = ours.split("\n").findIndex((line, i) => line !== expected[i]);
  return `${at}: ${ours.split("\n")[at]} (pprof: ${expected[at]})`;
}

const REPORTS = ["-top", "-tree", "-peek=fn1$", "-list=fn1$", "-traces", "-tags", "-callgrind"];

describe("reports equal those of go tool pprof for", () => {
  it.each(["30,000 frames", "30,000 frames of recursion", "no samples", "a negative total"])(
    "%s",
    async (name) => {
      for (const report of REPORTS) await expectSameReport(name, [report]);
    },
    // pprof needs long for deep stacks, and the machine may be busy.
    180_000,
  );

  it("huge values, as a graph", async () => {
    await expectSameReport("huge values", ["-dot"]);
    const dot = await expectSameReport("huge values", ["-dot", "-trim=false"]);
    // Graphviz rejects this font size.
    expect(dot).toContain("fontsize=-9223372036854775800");
  });

  it("only zeros", async () => {
    // The pprof of 2022 omits such samples from -traces; a current pprof does not.
    for (const report of REPORTS.filter((one) => one !== "-traces")) {
      await expectSameReport("only zeros", [report]);
    }
  });

  it("250,000 functions", { timeout: 180_000 }, async () => {
    const tree = await expectSameReport("250,000 functions", ["-tree", "-nodefraction=0"]);
    expect(tree).toContain("Showing top 80 nodes out of 250000\n");
  });
});

it("reports 400,000 functions in the order of their time", {
  timeout: 180_000,
}, async () => {
  const file = path.join(folder, "many-functions.pb");
  writeFileSync(file, encodeProfile(manyFunctions(400_000)));
  const args = ["-tree", "-nodefraction=0", "-nodecount=4", "-unit=ns", file];
  const { code, stdout } = await tsprof(args);
  expect(code).toBe(0);
  expect(stdout).toContain("Showing top 4 nodes out of 400000\n");
  // The last of 100,000 stacks takes 1e7 + 99,999 ns, in its first function.
  const rows = [...stdout.matchAll(/^(\d+ns) .* (\d+ns) .*\| (.*)$/gm)];
  expect(rows.map(([, flat, cum, name]) => `${flat} ${cum} ${name}`)).toEqual([
    "10099999ns 10099999ns pkg.fn399996",
    "10099998ns 10099998ns pkg.fn399992",
    "10099997ns 10099997ns pkg.fn399988",
    "10099996ns 10099996ns pkg.fn399984",
  ]);
});

it("writes their profile unchanged", { timeout: 180_000 }, async () => {
  for (const file of files.values()) {
    const copy = path.join(folder, "copy.pb.gz");
    expect((await tsprof(["proto", "-output", copy, file])).code).toBe(0);
    const [before, after] = await Promise.all([file, copy].map((one) => tsprof(["raw", one])));
    expect(firstDifference(after.stdout, before.stdout)).toBe(undefined);
  }
});
