import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { type BuildOptions, build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applySourceMaps, readProfile, top } from "../../src/library/node.js";
import { useOneProcess } from "../support/one-process.js";
import { encodeWithProtobufjs, ROOT } from "../support/proto.js";
import { tsprof as tsprofProcess } from "../support/run.js";

const tsprof = useOneProcess();

let folder: string;
let source: string;
/** The source line that uses the time. */
let hotLine: number;

const SOURCE = `import { rounds } from "./rounds.js";

export interface Options {
  readonly millis: number;
}

type Sum = number;

function spin({ millis }: Options): Sum {
  const end: number = performance.now() + millis;
  let sum: Sum = 0;
  while (performance.now() < end) {
    for (let i = 0; i < rounds(); i++) sum += Math.sqrt(i); // hot
  }
  return sum;
}

const around = (options: Options): Sum => spin(options);

// Prevents inlining by the minifier.
console.log(around({ millis: Number(process.argv[2] ?? 300) }) > 0, [1].map((one: number) => {
  return spin({ millis: 60 * one });
}).length);
`;

beforeAll(() => {
  // Node resolves links in the path of the temporary folder.
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "tsprof-maps-")));
  mkdirSync(path.join(folder, "src"));
  source = path.join(folder, "src/app.ts");
  writeFileSync(source, SOURCE);
  writeFileSync(
    path.join(folder, "src/rounds.ts"),
    "// A module of its own.\n\nexport function rounds(): number {\n  return 10_000;\n}\n",
  );
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  hotLine = SOURCE.split("\n").findIndex((line) => line.includes("// hot")) + 1;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a script under V8's profiler; returns the file of the profile. */
function profiled(script: string): string {
  const to = mkdtempSync(path.join(folder, "prof-"));
  const args = ["--cpu-prof", `--cpu-prof-dir=${to}`, "--cpu-prof-interval=200", script];
  execFileSync(process.execPath, args, { cwd: folder });
  return path.join(to, readdirSync(to)[0]);
}

async function bundled(name: string, options: BuildOptions): Promise<string> {
  const outfile = path.join(folder, "out", `${name}.js`);
  const common = { bundle: true, format: "esm", platform: "node" } as const;
  await build({ entryPoints: [source], outfile, ...common, ...options });
  return profiled(options.outfile ?? outfile);
}

function compiled(): string {
  const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
  const options = ["--outDir", "tsc", "--sourceMap", "--target", "es2022", "--module", "nodenext"];
  execFileSync(
    process.execPath,
    [
      tsc,
      "--ignoreConfig",
      ...options,
      "--types",
      "node",
      "--typeRoots",
      path.join(ROOT, "node_modules/@types"),
      "src/app.ts",
    ],
    { cwd: folder },
  );
  return profiled(path.join(folder, "tsc/app.js"));
}

const NOTE = /^(tsprof: used the source maps? of \d scripts?; -source_maps=none shows [a-z ]+\n)?$/;

/** Returns the printed rows of `top`, except Node's own: a start may be slower than the program. */
async function rows(file: string, ...options: string[]): Promise<string[]> {
  const args = [
    "top",
    "-sample_index=wall",
    "-ignore=^\\((idle|program|garbage)",
    "-identity=name",
    "-nodecount=0",
    "-nodefraction=0",
    ...options,
    file,
  ];
  const { stdout, stderr, code } = await tsprof(args, { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(NOTE) });
  const names = stdout
    .split("\n")
    .flatMap((line) => /^(?: +\S+){5} {2}(.*)$/.exec(line)?.[1] ?? []);
  return names.filter((name) => !name.includes(" node:"));
}

describe("source maps", () => {
  it.each<[string, () => Promise<string> | string]>([
    ["a bundle of esbuild with a linked map", () => bundled("linked", { sourcemap: "linked" })],
    ["one with the map inside", () => bundled("inline", { sourcemap: "inline" })],
    [
      "one with a map beside it that it does not name",
      () => bundled("external", { sourcemap: "external" }),
    ],
    ["the output of tsc", compiled],
  ])("shows lines of TypeScript for %s", async (_, make) => {
    const file = await make();
    const before = await rows(file, "-lines", "-source_maps=none");
    expect(before.join("\n")).not.toContain("app.ts");
    const [hottest, ...others] = await rows(file, "-lines");
    // V8 attributes some of the time to the surrounding loop.
    const loop = [hotLine - 1, hotLine].map((line) => `spin ${source}:${line}`);
    expect(loop).toContain(hottest);
    expect([hottest, ...others]).toContain(loop[1]);
    const around = SOURCE.split("\n").findIndex((line) => line.startsWith("const around")) + 1;
    expect(others).toContain(`around ${source}:${around}`);
  });

  it("restores minified names, and gives functions without a name their position", async () => {
    const file = await bundled("minified", { sourcemap: "linked", minify: true });
    expect((await rows(file, "-lines", "-source_maps=none"))[0]).not.toMatch(/^spin /);
    const mapped = await rows(file, "-lines");
    // The script is one line, so only the starts of functions are known.
    const spin = SOURCE.split("\n").findIndex((line) => line.startsWith("function spin")) + 1;
    expect(mapped[0]).toBe(`spin ${source}:${spin}`);
    const line = SOURCE.split("\n").findIndex((text) => text.includes("[1].map")) + 1;
    expect(mapped.join("\n")).toMatch(
      new RegExp(`\\(anonymous\\) app\\.ts:${line}:\\d+ ${source}:${line}$`, "m"),
    );
  });

  it.each(["esm", "cjs"] as const)(
    "knows code outside of functions, in a bundle as %s",
    async (format) => {
      const entry = path.join(folder, "src/outside.ts");
      writeFileSync(
        entry,
        `import { rounds } from "./rounds.js";
type Sum = number;
let sum: Sum = rounds();
for (let i: number = 0; i < 2e8; i++) sum += Math.sqrt(i);
console.log(sum > 0);
`,
      );
      const file = await bundled("outside", {
        entryPoints: [entry],
        format,
        outfile: path.join(folder, "out", `outside.${format === "esm" ? "mjs" : "cjs"}`),
        sourcemap: "linked",
      });
      const entryLine = expect.stringMatching(/^\(anonymous\) outside\.ts \S+src\/outside\.ts:4$/);
      expect(await rows(file, "-lines")).toContainEqual(entryLine);
    },
  );

  it("shows the sources, and works in other formats", async () => {
    const file = await bundled("listed", { sourcemap: "linked" });
    const { stdout } = await tsprof(["list", "^spin$", file], { cwd: folder });
    expect(stdout).toMatch(/ [1-9].*ms .* for \(let i = 0; i < rounds\(\); i\+\+\).*\/\/ hot/);
    const converted = path.join(folder, "converted.pb.gz");
    const done = await tsprof(["convert", "-output", converted, file]);
    expect(done).toMatchObject({ code: 0 });
    expect(await rows(converted, "-lines")).toContain(`spin ${source}:${hotLine}`);
    // A mapped profile has no maps of its own.
    expect(await rows(converted, "-lines", "-source_maps")).toEqual(
      await rows(converted, "-lines"),
    );
  });

  it("is the library's applySourceMaps", async () => {
    const file = await bundled("library", { sourcemap: "linked" });
    const profile = await applySourceMaps(await readProfile(readFileSync(file)));
    const report = top(profile, {
      granularity: "lines",
      identity: "name",
      sample_index: "wall",
      ignore: "^\\((idle|program|garbage)",
    });
    expect(report.rows.map(({ name }) => name)).toContain(`spin ${source}:${hotLine}`);
  });
});

describe("a wrong or hostile map", () => {
  const LEAF = { version: 3, sources: ["a.ts"], names: [], mappings: "AAAA" };

  /** Makes a profile of one function at the first line of a script. */
  const profileOf = (script: string) =>
    encodeWithProtobufjs({
      string_table: ["", "wall", "nanoseconds", "f", script],
      sample_type: [{ type: 1, unit: 2 }],
      function: [{ id: 1, name: 3, filename: 4, start_line: 1 }],
      location: [{ id: 1, line: [{ function_id: 1, line: 1, column: 11 }] }],
      sample: [{ location_id: [1], value: [5] }],
    });

  /** Applies this map (or text) to the profile; returns the result and the warnings. */
  async function mapped(map: unknown, script = "function f(){}\n") {
    const file = path.join(mkdtempSync(path.join(folder, "bad-")), "a.js");
    writeFileSync(file, script);
    if (map !== undefined) {
      writeFileSync(`${file}.map`, typeof map === "string" ? map : JSON.stringify(map));
    }
    const lines: string[] = [];
    const profile = await applySourceMaps(await readProfile(profileOf(file)), {
      warn: (line) => lines.push(line),
    });
    const [row] = top(profile, { granularity: "lines", identity: "name" }).rows;
    return { name: row.name.replace(file, "a.js"), lines };
  }

  it.each<[string, unknown]>([
    ["is no JSON", "{"],
    ["is a list", []],
    ["has mappings that are none", { version: 3, sources: ["a.ts"], names: [], mappings: 7 }],
    ["has no sources", { version: 3, names: [], mappings: "AAAA" }],
    [
      "names sources that it does not have",
      { version: 3, sources: [], names: [], mappings: "AAAA" },
    ],
    [
      "has mappings in lists",
      { version: 3, sources: ["a.ts"], names: [], mappings: [[[0, 0, 0, 0.5]]] },
    ],
    ["has sources that are no texts", { version: 3, sources: [{}], names: [], mappings: "AAAA" }],
    [
      "has a section further down than memory reaches",
      { version: 3, sections: [{ offset: { line: 1e15, column: 0 }, map: LEAF }] },
    ],
    [
      "has sections in sections that add up to that",
      {
        version: 3,
        sections: [
          {
            offset: { line: 2_000_000, column: 0 },
            map: {
              version: 3,
              sections: [{ offset: { line: 2_000_000, column: 0 }, map: LEAF }],
            },
          },
        ],
      },
    ],
    ["is too large", { version: 3, sources: [], names: [], mappings: ";".repeat(2 ** 25) }],
    ["is nested without end", `${'{"sections":['.repeat(20_000)}`],
  ])("%s: is reported in one line, and changes nothing", async (_, map) => {
    const { name, lines } = await mapped(map);
    expect(name).toBe("f a.js:1");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^the source map of \S+a\.js is not used: [^\n]+$/);
  });

  it("is reported once, with the number of others", async () => {
    const scripts = ["one.js", "two.js", "three.js"].map((name) => path.join(folder, name));
    for (const script of scripts) {
      writeFileSync(script, `f\n//# sourceMappingURL=${path.basename(script)}.map\n`);
    }
    const one = path.join(folder, "of-one.pb");
    const all = path.join(folder, "of-all.pb");
    writeFileSync(one, profileOf(scripts[0]));
    await tsprof([
      "proto",
      "-output",
      all,
      ...scripts.map((script, i) => {
        const file = path.join(folder, `of-${i}.pb`);
        writeFileSync(file, profileOf(script));
        return file;
      }),
    ]);
    const first = `tsprof: the source map of ${scripts[0]} is not used: there is no file ${scripts[0]}.map, or it is too large\n`;
    expect((await tsprof(["top", "-source_maps", one])).stderr).toBe(first);
    // A process reports each map once, so this run needs another one.
    const { stderr } = await tsprofProcess(["top", "-source_maps", all]);
    expect(stderr).toBe(`${first}tsprof: 2 more source maps are not used\n`);
  });

  it("names files outside without reading them", async () => {
    const { name, lines } = await mapped({
      version: 3,
      sources: ["../../../../../../../../../etc/passwd"],
      names: [],
      mappings: "AAAA",
    });
    expect({ name, lines }).toEqual({ name: "f /etc/passwd:1", lines: [] });
  });

  it.each([
    "/etc/passwd",
    "../../../../../etc/passwd",
    "http://127.0.0.1:9/a.js.map",
    "file://host/a.map",
    "//host/share/a.map",
  ])("follows no link to %s", async (link) => {
    const { name, lines } = await mapped(undefined, `f\n//# sourceMappingURL=${link}\n`);
    expect({ name, lines }).toEqual({ name: "f a.js:1", lines: [] });
  });

  it("ignores other names, and overlong ones", async () => {
    const fifo = path.join(folder, "fifo.js");
    execFileSync("mkfifo", [fifo]);
    for (const script of [
      fifo,
      "/dev/zero",
      "/dev/zero/x.js",
      folder,
      "http://x/y.js",
      "node:fs.js",
    ]) {
      const profile = await readProfile(profileOf(script));
      expect(await applySourceMaps(profile)).toBe(profile);
    }
    const { name } = await mapped({
      version: 3,
      sources: ["x".repeat(100_000)],
      names: [],
      mappings: "AAAA",
    });
    expect(name).toBe("f a.js:1");
  });

  it("reads sections of a map", async () => {
    const sections = [{ offset: { line: 0, column: 0 }, map: LEAF }];
    const { name, lines } = await mapped({ version: 3, sections });
    expect({ name: name.replace(/\S+\//, ""), lines }).toEqual({ name: "f a.ts:1", lines: [] });
  });

  it("has no file for a source that is null", async () => {
    const map = { ...LEAF, sources: [null] };
    const sections = [{ offset: { line: 0, column: 0 }, map }];
    for (const one of [map, { version: 3, sections }]) {
      expect(await mapped(one)).toEqual({ name: "f a.js:1", lines: [] });
    }
  });

  it("is reported in one line with any name", async () => {
    const { lines } = await mapped(undefined, "f\n//# sourceMappingURL=a%0Ab%0D.map\n");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\r\n]+$/);
  });

  it("treats names as text", async () => {
    const { name } = await mapped({
      version: 3,
      sources: ["<img src=x onerror=alert(1)>"],
      names: ["\u001b[31m<b>"],
      mappings: "AAAA,SAASA",
    });
    expect(name).toContain("<img src=x onerror=alert(1)>");
    const file = path.join(folder, "names.js");
    writeFileSync(file, "function f(){}\n");
    writeFileSync(
      `${file}.map`,
      JSON.stringify({
        version: 3,
        sources: ["a.ts"],
        names: ["\u001b[31m<b>"],
        mappings: "AAAA,SAASA",
      }),
    );
    const proto = path.join(folder, "names.pb");
    writeFileSync(proto, profileOf(file));
    const { stdout } = await tsprof(["top", "-source_maps", proto]);
    expect(stdout).toContain("[31m<b>");
    expect(stdout).not.toContain("\u001b");
  });
});
