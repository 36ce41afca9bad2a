import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { useOneProcess } from "../support/one-process.js";
import { cpuProfile, type Sampled } from "./handmade.js";
import { convert, diffRows, repeated, succeed, topRows } from "./rows.js";

const tsprof = useOneProcess();

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-identity-"));
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;

function fileWith(samples: readonly Sampled[]): string {
  const file = path.join(folder, `${written++}.cpuprofile`);
  writeFileSync(file, cpuProfile(samples));
  return file;
}

/** Returns the rows of `top` without their names: the fields that identify them, and the values. */
async function definitions(samples: readonly Sampled[], ...options: string[]) {
  const { rows } = await topRows(fileWith(samples), ...options);
  expect(repeated(rows.map(({ name }) => name))).toEqual([]);
  return rows.map(({ file, line, column, flat }) => [file, line, column, flat / 1e6]);
}

describe("functions of scripts", () => {
  it("are separate if they have no name, and 30 files begin alike", async () => {
    const files = Array.from({ length: 30 }, (_, i) => `/app/node_modules/dep${i}/index.js`);
    const rows = await definitions(files.map((file, i) => [[` file://${file}:1:1`], 40 - i]));
    expect(rows).toEqual(files.map((file, i) => [file, 1, 1, 40 - i]));
  });

  it("are separate if they have one name in different files, and form no cycle", async () => {
    const outer = "run file:///app/src/outer.js:3:1";
    const inner = "run file:///app/src/inner.js:8:1";
    const file = fileWith([
      [[outer, inner], 20],
      [[outer], 10],
    ]);
    const { rows } = await topRows(file);
    expect(rows).toMatchObject([
      { file: "/app/src/inner.js", line: 8, flat: 20e6, cum: 20e6 },
      { file: "/app/src/outer.js", line: 3, flat: 10e6, cum: 30e6 },
    ]);
    const { places } = JSON.parse(await succeed(["tree", "-format=json", file]));
    expect(places).toMatchObject([
      { file: "/app/src/inner.js", callers: [{ file: "/app/src/outer.js" }], callees: [] },
      { file: "/app/src/outer.js", callers: [], callees: [{ file: "/app/src/inner.js" }] },
    ]);
    const stdout = await succeed(["dot", file]);
    const nodes = [...stdout.matchAll(/^(N\d+) \[label="run\b/gm)].map(([, id]) => id);
    const edges = [...stdout.matchAll(/^(N\d+) -> (N\d+) /gm)].map(([, from, to]) => [from, to]);
    expect(nodes).toHaveLength(2);
    expect(edges).toHaveLength(1);
    expect(edges[0][0]).not.toBe(edges[0][1]);
    expect(stdout).toContain("outer.js");
    expect(stdout).toContain("inner.js");
  });

  it("are separate if they have one name on one line, as in minified files", async () => {
    const samples: Sampled[] = [
      [["encode file:///app/dist/cls.min.js:1:30"], 20],
      [["encode file:///app/dist/cls.min.js:1:95"], 10],
    ];
    expect(await definitions(samples)).toEqual([
      ["/app/dist/cls.min.js", 1, 30, 20],
      ["/app/dist/cls.min.js", 1, 95, 10],
    ]);
    const { rows } = await topRows(fileWith(samples));
    expect(rows.map(({ name }) => name)).toEqual([
      "encode cls.min.js:1:30",
      "encode cls.min.js:1:95",
    ]);
  });

  it("are separate in files that are called alike, and show what distinguishes their paths", async () => {
    const samples: Sampled[] = [
      [["load file:///app/a/src/util.js:3:1"], 20],
      [["load file:///app/b/src/util.js:3:1"], 10],
      [["load file:///app/b/src/main.js:3:1"], 5],
    ];
    const { rows } = await topRows(fileWith(samples));
    const [a, b, main] = rows.map(({ name }) => name);
    expect(a).toMatch(/^load a\/(src|…)\/util\.js:3$/);
    expect(b).toMatch(/^load b\/(src|…)\/util\.js:3$/);
    expect(main).toBe("load main.js:3");
    expect(rows.map(({ file }) => file)).toEqual([
      "/app/a/src/util.js",
      "/app/b/src/util.js",
      "/app/b/src/main.js",
    ]);
  });

  it("are separate in two versions of a package", async () => {
    const samples: Sampled[] = [
      [["parse file:///app/node_modules/semver/index.js:3:1"], 20],
      [["parse file:///app/node_modules/old/node_modules/semver/index.js:3:1"], 10],
      [["parse file:///app/node_modules/@scope/old/node_modules/semver/index.js:3:1"], 5],
      [["call file:///app/node_modules/@scope/old/index.js:3:1"], 1],
    ];
    expect((await definitions(samples)).map(([file]) => file)).toEqual([
      "/app/node_modules/semver/index.js",
      "/app/node_modules/old/node_modules/semver/index.js",
      "/app/node_modules/@scope/old/node_modules/semver/index.js",
      "/app/node_modules/@scope/old/index.js",
    ]);
    const { rows } = await topRows(fileWith(samples), "-packages");
    expect(rows).toMatchObject([
      { name: "semver", flat: 35e6 },
      { name: "@scope/old", flat: 1e6 },
    ]);
  });

  it("are one row for each file with -files", async () => {
    const samples: Sampled[] = [
      [["a file:///app/x.js:1:1", "b file:///app/x.js:9:1", "a file:///app/y.js:1:1"], 20],
      [["a file:///app/x.js:1:1", "b file:///app/x.js:9:1"], 10],
      [["a file:///app/x.js:1:1", " file:///app/x.js:20:1"], 5],
      [["evaluated :1:1", "evaluated :2:1"], 4],
      [["(program)"], 1],
    ];
    const { rows } = await topRows(fileWith(samples), "-files");
    expect(rows).toMatchObject([
      { name: "y.js", file: "/app/y.js", flat: 20e6, cum: 20e6 },
      { name: "x.js", file: "/app/x.js", flat: 15e6, cum: 35e6 },
      { name: "<unknown>", flat: 5e6, cum: 5e6 },
    ]);
  });

  it("are merged by their names with -identity=name, as in pprof", async () => {
    const file = fileWith([
      [["run file:///app/a.js:3:1"], 20],
      [["run file:///app/b.js:3:1"], 10],
    ]);
    const { rows } = await topRows(file, "-identity=name");
    expect(rows).toMatchObject([{ name: "run", flat: 30e6 }]);
    const converted = path.join(folder, "identity.pb.gz");
    await convert(file, converted);
    const printed = async (...options: string[]) =>
      (await tsprof(["top", ...options, converted])).stdout.match(/ run\b.*$/gm);
    expect(await printed()).toEqual([" run"]);
    expect(await printed("-identity=definition")).toEqual([" run a.js:3", " run b.js:3"]);
    const { rows: data } = await topRows(converted);
    expect(data.map(({ file }) => file)).toEqual(["/app/a.js", "/app/b.js"]);
  });
});

describe("functions of scripts in reports", () => {
  const ANONYMOUS: Sampled[] = [
    [[" file:///app/index.js:1:1"], 20],
    [[" file:///app/node_modules/dep/index.js:1:1"], 10],
    [["run :1:7"], 5],
    [["run :4:7"], 3],
    [["once :4:9"], 1],
  ];

  it("have names with their positions if they come from eval and several share a name", async () => {
    const { rows } = await topRows(fileWith(ANONYMOUS));
    expect(rows.map(({ name }) => name)).toEqual([
      "(anonymous) index.js:1:1",
      "(anonymous) dep/index.js:1:1",
      "run :1",
      "run :4",
      "once",
    ]);
    const folded = await succeed(["folded", fileWith(ANONYMOUS)]);
    expect(folded.split("\n")).toContain("run :4 3000000");
  });

  it.each([
    ["-focus", [20]],
    ["-ignore", [10, 5, 3, 1]],
    ["-show_from", [20]],
    ["-hide", [10, 5, 3, 1]],
    ["-prune_from", [20, 10, 5, 3, 1]],
  ])("match %s by the names that reports print", async (option, expected) => {
    const pattern = "^\\(anonymous\\) index\\.js:1:1$";
    const { rows } = await topRows(fileWith(ANONYMOUS), `${option}=${pattern}`);
    const flat = rows.filter(({ name }) => name !== "<unknown>").map(({ flat }) => flat / 1e6);
    expect(flat).toEqual(expected);
  });

  it("match patterns with the whole paths of -filefunctions", async () => {
    const pattern = "^run /app/a.js:3$";
    const samples: Sampled[] = [
      [["run file:///app/a.js:3:1"], 20],
      [["run file:///app/b.js:3:1"], 10],
    ];
    const { rows } = await topRows(fileWith(samples), "-filefunctions", `-focus=${pattern}`);
    expect(rows).toMatchObject([{ name: "run /app/a.js:3", flat: 20e6 }]);
  });

  it.each(["callgrind", "convert -to=callgrind"])("keep their costs in %s", async (command) => {
    const file = fileWith([
      [["step file:///app/a.js:3:1"], 20],
      [["step file:///app/a.js:3:1", "step file:///app/a.js:9:1"], 10],
      [["step file:///app/a.js:9:1"], 5],
    ]);
    const output = path.join(folder, "again.callgrind");
    await tsprof([...command.split(" "), "-output", output, file]);
    const { rows, total } = JSON.parse(await succeed(["top", "-format=json", output]));
    expect(rows).toMatchObject([
      { file: "/app/a.js", flat: (total / 35) * 20, cum: (total / 35) * 30 },
      { file: "/app/a.js", flat: (total / 35) * 15, cum: (total / 35) * 15 },
    ]);
  });

  it("have names that differ with -lines, if one contains the other", async () => {
    const file = path.join(folder, "nested.speedscope.json");
    const frames = [
      { name: "run", file: "/app/a.js", line: 3 },
      { name: "run", file: "/app/a.js", line: 3, col: 20 },
      { name: "run", file: "/app/a.js", line: 3, col: 40 },
    ];
    const weights = [5, 3, 2];
    const profile = { type: "sampled", name: "", unit: "none", samples: [[0], [1], [2]], weights };
    const exporter = "test";
    writeFileSync(file, JSON.stringify({ exporter, shared: { frames }, profiles: [profile] }));
    for (const granularity of ["functions", "lines"]) {
      const text = await succeed(["top", "-format=json", "-granularity", granularity, file]);
      const { rows } = JSON.parse(text) as { rows: { name: string; flat: number }[] };
      expect(rows.map(({ flat }) => flat)).toEqual(weights);
      expect(repeated(rows.map(({ name }) => name))).toEqual([]);
    }
  });

  it("keep their names whole in the boxes of call graphs", async () => {
    const file = path.join(folder, "names.folded");
    const names = ["<module> (app.py:10)", "Csv.encode", "shop::cart"];
    writeFileSync(file, `${names.join(";")} 1\n`);
    const dot = await succeed(["dot", file]);
    for (const name of names) expect(dot).toContain(`[label="${name}\\n`);
  });
});

describe("diff of functions that moved", () => {
  const main = (line: number) => `main file:///app/main.js:${line}:1`;
  const step = (line: number, column = 3) => `step file:///app/main.js:${line}:${column}`;

  it("matches functions of one name in one file by the nearest line", async () => {
    const before = fileWith([
      [[main(1)], 5],
      [[main(1), step(10)], 100],
      [[main(1), step(50)], 200],
    ]);
    const after = fileWith([
      [[main(8)], 5],
      [[main(8), step(17)], 100],
      [[main(8), step(57)], 500],
    ]);
    const rows = await diffRows([before], [after]);
    expect(rows.map(({ presence }) => presence)).toEqual(["both", "both", "both"]);
    expect(rows.filter(({ flat }) => flat.real)).toMatchObject([{ line: 57 }]);
    const changes = rows.map(({ line, flat }) => [line, flat.base / 1e6, flat.new / 1e6]);
    expect(changes.sort()).toEqual([
      [17, 100, 100],
      [57, 200, 500],
      [8, 5, 5],
    ]);
  });

  it("does not match a function that was added between them", async () => {
    const before = fileWith([
      [[main(1), step(10)], 100],
      [[main(1), step(50)], 200],
    ]);
    const after = fileWith([
      [[main(1), step(10)], 100],
      [[main(1), step(30)], 40],
      [[main(1), step(51)], 200],
    ]);
    const rows = await diffRows([before], [after]);
    const added = rows.filter(({ presence }) => presence !== "both");
    expect(added).toMatchObject([{ presence: "new", line: 30, flat: { base: 0, new: 40e6 } }]);
  });

  it("matches functions on one line by their columns", async () => {
    const before = fileWith([
      [[step(1, 20)], 100],
      [[step(1, 400)], 200],
    ]);
    const after = fileWith([
      [[step(1, 26)], 100],
      [[step(1, 406)], 500],
    ]);
    const rows = await diffRows([before], [after]);
    const changes = rows.map(({ column, flat }) => [column, flat.base / 1e6, flat.new / 1e6]);
    expect(changes.sort()).toEqual([
      [26, 100, 100],
      [406, 200, 500],
    ]);
  });

  it("matches files of checkouts in two folders", async () => {
    const samples = (root: string, line: number): Sampled[] => [
      [[`main file://${root}/src/main.js:${line}:1`], 40],
      [[`main file://${root}/src/main.js:${line}:1`, `run file://${root}/src/a.js:${line}:1`], 50],
      [[`main file://${root}/src/main.js:${line}:1`, `run file://${root}/src/b.js:${line}:1`], 60],
    ];
    const before = fileWith(samples("/ci/base", 3));
    const after = fileWith(samples("/ci/new", 9));
    const rows = await diffRows([before], [after]);
    const changes = rows.map(({ name, flat }) => [name, flat.base / 1e6, flat.new / 1e6]);
    expect(changes.sort()).toEqual([
      [expect.stringMatching(/^main (src\/)?main\.js:9$/), 40, 40],
      [expect.stringMatching(/^run (src\/)?a\.js:9$/), 50, 50],
      [expect.stringMatching(/^run (src\/)?b\.js:9$/), 60, 60],
    ]);
  });

  it("does not match functions of one name in different files", async () => {
    const before = fileWith([[["run file:///app/a.js:3:1"], 100]]);
    const after = fileWith([[["run file:///app/b.js:3:1"], 100]]);
    const rows = await diffRows([before], [after]);
    expect(rows.map(({ presence }) => presence).sort()).toEqual(["gone", "new"]);
  });
});
