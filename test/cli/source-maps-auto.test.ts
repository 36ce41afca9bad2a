import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useOneProcess } from "../support/one-process.js";
import { encodeWithProtobufjs } from "../support/proto.js";
import { tsprof as tsprofProcess } from "../support/run.js";
import { useTerminals } from "../support/terminal.js";
import { startTsprof } from "../support/web-server.js";

const tsprof = useOneProcess();

/** Options that show the file of each function in full. */
const LINES = ["-lines", "-focus=spin", "-identity=name"];
const NOTE =
  "tsprof: used the source map of 1 script; -source_maps=none shows the scripts themselves\n";

let folder: string;
/** A script that is built from `src/app.ts`. */
let script: string;
/** A profile of the script in V8's format, and the same as profile.proto, without source maps. */
let v8: string;
let proto: string;

beforeAll(async () => {
  // Node resolves links in the path of the temporary folder.
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "tsprof-auto-maps-")));
  const source = path.join(folder, "src/app.ts");
  mkdirSync(path.dirname(source));
  writeFileSync(
    source,
    `interface Work { readonly millis: number }

export function spin({ millis }: Work): void {
  for (const end = performance.now() + millis; performance.now() < end; );
}
spin({ millis: 300 });
`,
  );
  script = path.join(folder, "out/app.mjs");
  await build({ entryPoints: [source], outfile: script, sourcemap: true, format: "esm" });
  const args = ["--cpu-prof", "--cpu-prof-name=app.cpuprofile", script];
  execFileSync(process.execPath, args, { cwd: folder });
  v8 = path.join(folder, "app.cpuprofile");
  proto = path.join(folder, "app.pb.gz");
  await tsprof(["convert", "-source_maps=none", "-output", proto, v8]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns which of the files the output names, and standard error. */
async function shown(...args: string[]) {
  const { stdout, stderr, code } = await tsprof(args, { cwd: folder });
  expect(code).toBe(0);
  const files = ["app.ts", "app.mjs"].filter((file) => stdout.includes(`/${file}`));
  return { files: files.join(), stderr };
}

describe("-source_maps", () => {
  it.each([
    ["-source_maps", "app.ts", ""],
    ["-source_maps=all", "app.ts", ""],
    ["-source_maps=true", "app.ts", ""],
    ["-source-maps=1", "app.ts", ""],
    ["-source_maps=auto", "app.ts", NOTE],
    ["-source_maps=none", "app.mjs", ""],
    ["-source_maps=false", "app.mjs", ""],
    ["-source_maps=0", "app.mjs", ""],
  ])("%s shows %s for a profile of V8", async (option, files, stderr) => {
    expect(await shown("top", ...LINES, option, v8)).toEqual({ files, stderr });
  });

  it("takes one of its words from the next argument", async () => {
    const { files } = await shown("top", ...LINES, "-source_maps", "none", v8);
    expect(files).toBe("app.mjs");
  });

  it("refuses other values", async () => {
    const { stderr, code } = await tsprof(["top", "-source_maps=some", v8]);
    expect(stderr).toBe('tsprof: -source_maps must be one of auto, all, none, not "some"\n');
    expect(code).toBe(2);
  });

  it.each([
    "top -lines",
    "tree -lines",
    "peek -lines spin",
    "list spin",
    "traces -lines",
    "raw",
    "dot -lines",
    "callgrind -lines",
  ])("leaves %s of a profile in pprof's format to pprof, unless it is set", async (line) => {
    const args = [...line.split(" "), "-focus=spin", proto];
    expect(await shown(...args)).toEqual({ files: "app.mjs", stderr: "" });
    expect(await shown(...args, "-source_maps")).toEqual({ files: "app.ts", stderr: "" });
  });

  it("equals no source maps, byte for byte, in a pipe", async () => {
    for (const report of ["top", "proto", "topproto", "tags"]) {
      const auto = await tsprof([report, proto]);
      expect(auto).toEqual(await tsprof([report, "-source_maps=none", proto]));
    }
  });

  it.each([
    "top -lines -format=json",
    "flame -lines",
    "folded -lines",
    "svg -lines",
    "convert -to=speedscope",
    "diff -lines -format=json app.pb.gz",
  ])("applies to %s of a profile in pprof's format", async (line) => {
    const args = [...line.split(" "), "-focus=spin", proto];
    const { stdout, stderr } = await tsprof(args, { cwd: folder });
    expect(stdout).toContain("app.ts");
    expect(stdout).not.toContain("app.mjs");
    expect(stderr).toBe(NOTE);
  });

  it("applies to files other than pprof's among several", async () => {
    expect(await shown("top", ...LINES, v8, v8)).toEqual({
      files: "app.ts",
      stderr: NOTE,
    });
    expect(await shown("top", ...LINES, "-diff_base", v8, v8)).toMatchObject({
      stderr: NOTE,
    });
  });

  it("is noted once by diff", async () => {
    expect(await shown("diff", "-lines", "-format=json", v8, v8)).toEqual({
      files: "app.ts",
      stderr: NOTE,
    });
  });

  it("applies to merged profiles of V8, but not of pprof", async () => {
    const merged = path.join(folder, "merged.pb.gz");
    const merge = async (...args: string[]) =>
      (await tsprof(["merge", "-output", merged, ...args])).stderr.split("\n")[0];
    const note = NOTE.trim();
    const files = async () => (await shown("top", ...LINES, merged)).files;
    expect(await merge(v8, v8)).toBe(note);
    expect(await files()).toBe("app.ts");
    expect(await merge(proto, proto)).not.toBe(note);
    expect(await files()).toBe("app.mjs");
    expect(await merge("-source_maps", proto, proto)).not.toBe(note);
    expect(await files()).toBe("app.ts");
  });

  it("applies to the shell's reports of a profile of V8, and not of pprof in a pipe", async () => {
    const input = "top -lines\n";
    expect((await tsprofProcess([v8], { input })).stdout).toContain("app.ts");
    expect((await tsprofProcess([proto], { input })).stdout).not.toContain("app.ts");
  });

  it("applies to the web interface, and is noted on standard error only", async () => {
    const server = await startTsprof(["serve", "-http=localhost:0", "-no_browser", proto]);
    try {
      expect(JSON.parse((await server.ask("/ui/session.json")).text).warnings).toEqual([]);
      expect((await server.ask("/ui/report?report=top&g=lines")).text).toContain("app.ts");
      expect(server.stderr).toContain(NOTE);
    } finally {
      await server.stop();
    }
  });

  it("applies to recorded programs", async () => {
    const record = async (...options: string[]) => {
      const args = ["record", "-output", "rec.pb.gz", ...options, "--", process.execPath, script];
      const { stderr } = await tsprof(args, { cwd: folder });
      const { files } = await shown("top", ...LINES, "rec.pb.gz");
      return { files, isNoted: stderr.includes(NOTE) };
    };
    expect(await record()).toEqual({ files: "app.ts", isNoted: true });
    expect(await record("-source_maps=none")).toEqual({ files: "app.mjs", isNoted: false });
    expect(await record("-source_maps=all")).toEqual({ files: "app.ts", isNoted: false });
  });
});

describe("-source_maps on a terminal", () => {
  const onTerminal = useTerminals();

  it("applies to a profile in pprof's format", async () => {
    const screen = await onTerminal(`top -lines -focus=spin ${proto}`, { width: 200 });
    expect(screen).toContain("app.ts");
    expect(screen).toContain(NOTE.trim());
    const unmapped = await onTerminal(`top -lines -focus=spin -source_maps=none ${proto}`);
    expect(unmapped).not.toContain("app.ts");
  });
});

describe("the map of a script", () => {
  const MAP = JSON.stringify({ version: 3, sources: ["a.ts"], names: [], mappings: "AAAA" });

  /** Writes files into a new folder, by their paths. Returns the folder. */
  function project(files: Record<string, string>): string {
    const root = mkdtempSync(path.join(folder, "project-"));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    return root;
  }

  /** Returns the file names of a profile of these scripts, and standard error. */
  async function mapped(root: string, scripts: string[], ...options: string[]) {
    const profile = path.join(root, "scripts.pb");
    writeFileSync(
      profile,
      encodeWithProtobufjs({
        string_table: ["", "wall", "nanoseconds", "f", ...scripts.map((s) => path.join(root, s))],
        sample_type: [{ type: 1, unit: 2 }],
        function: scripts.map((_, i) => ({ id: i + 1, name: 3, filename: 4 + i, start_line: 1 })),
        location: scripts.map((_, i) => ({ id: i + 1, line: [{ function_id: i + 1, line: 1 }] })),
        sample: scripts.map((_, i) => ({ location_id: [i + 1], value: [5] })),
      }),
    );
    const args = ["top", "-files", "-identity=name", "-format=json", ...options, profile];
    // A process reports each map once, and most tests run without options first.
    const run = options.length > 0 ? tsprofProcess : tsprof;
    const { stdout, stderr } = await run(args);
    const names = (JSON.parse(stdout).rows as { name: string }[]).map(({ name }) => name);
    return { names: names.map((name) => path.relative(root, name)).sort(), stderr };
  }

  const linking = (link: string) => `f()\n//# sourceMappingURL=${link}\n`;

  it.each(["maps/a.js.map", "./a.js.map", "maps/../a.js.map"])(
    "is found below its folder: %s",
    async (link) => {
      const root = project({ "dist/a.js": linking(link), "dist/a.js.map": MAP });
      mkdirSync(path.join(root, "dist/maps"));
      writeFileSync(path.join(root, "dist/maps/a.js.map"), MAP);
      const { names, stderr } = await mapped(root, ["dist/a.js"]);
      expect(names).toEqual([link.startsWith("maps/a") ? "dist/maps/a.ts" : "dist/a.ts"]);
      expect(stderr).toBe(NOTE);
    },
  );

  it.each([
    ["a parent folder", "../a.js.map"],
    ["a neighbouring folder", "../maps/a.js.map"],
    ["a folder whose name begins alike", "../dist2/a.js.map"],
    ["encoded dots", "%2e%2e/maps/a.js.map"],
    ["a symbolic link of a file", "link.js.map"],
    ["a symbolic link of a folder", "linked/a.js.map"],
    ["an absolute path", "/ABSOLUTE"],
  ])("is not read in another folder: %s", async (_, link) => {
    const root = project({ "a.js.map": MAP, "maps/a.js.map": MAP, "dist2/a.js.map": MAP });
    mkdirSync(path.join(root, "dist"));
    symlinkSync("../a.js.map", path.join(root, "dist/link.js.map"));
    symlinkSync("../maps", path.join(root, "dist/linked"));
    const target = link === "/ABSOLUTE" ? path.join(root, "a.js.map") : link;
    writeFileSync(path.join(root, "dist/a.js"), linking(target));
    expect(await mapped(root, ["dist/a.js"])).toEqual({ names: ["dist/a.js"], stderr: "" });
    const { names, stderr } = await mapped(root, ["dist/a.js"], "-source_maps");
    expect(names).toEqual(["dist/a.js"]);
    expect(stderr).toMatch(
      /^tsprof: the source map of \S+a\.js is not used: \S+\.js\.map is outside the folder of the script\n$/,
    );
  });

  it("is not read behind a link beside the script", async () => {
    const root = project({ "dist/a.js": "f()\n", "a.js.map": MAP });
    symlinkSync("../a.js.map", path.join(root, "dist/a.js.map"));
    expect(await mapped(root, ["dist/a.js"])).toEqual({ names: ["dist/a.js"], stderr: "" });
  });

  it("is beside the script that a symbolic link leads to", async () => {
    const root = project({ "real/a.js": "f()\n", "real/a.js.map": MAP, "dist/b.js": "f()\n" });
    symlinkSync("../real/a.js", path.join(root, "dist/a.js"));
    expect((await mapped(root, ["dist/a.js"])).names).toEqual(["real/a.ts"]);
  });

  it("of a package is not missed, and the first of the others is", async () => {
    const lost = linking("lost.map");
    const root = project({
      "node_modules/p/a.js": lost,
      "node_modules/.pnpm/q@1/node_modules/@s/q/b.mjs": lost,
      "node_modules/broken/c.js": linking("c.js.map"),
      "node_modules/broken/c.js.map": "{",
      "dist/d.js": lost,
      "dist/e.js": lost,
    });
    const packages = [
      "node_modules/p/a.js",
      "node_modules/.pnpm/q@1/node_modules/@s/q/b.mjs",
      "node_modules/broken/c.js",
    ];
    for (const option of ["-source_maps=auto", "-source_maps"]) {
      expect((await mapped(root, packages, option)).stderr).toBe("");
    }
    const { stderr } = await mapped(root, [...packages, "dist/d.js", "dist/e.js"]);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(
        /^tsprof: the source map of \S+\/dist\/d\.js is not used: there is no /,
      ),
      "tsprof: 1 more source map is not used",
      "",
    ]);
  });

  it("of a package names only sources of the package", async () => {
    const of = (source: string) => MAP.replace("a.ts", source);
    const root = project({
      "node_modules/p/dist/own.js": "f()\n",
      "node_modules/p/dist/own.js.map": of("../src/own.ts"),
      "node_modules/p/dist/other.js": "f()\n",
      "node_modules/p/dist/other.js.map": of("../../../packages/p/src/other.ts"),
      "node_modules/p/dist/url.js": "f()\n",
      "node_modules/p/dist/url.js.map": of("webpack://p/src/url.ts"),
    });
    const scripts = ["own", "other", "url"].map((name) => `node_modules/p/dist/${name}.js`);
    const { names } = await mapped(root, scripts);
    expect(names).toEqual([
      "node_modules/p/dist/other.js",
      "node_modules/p/dist/url.js",
      "node_modules/p/src/own.ts",
    ]);
  });

  it("is noted with the number of scripts", async () => {
    const root = project({ "a.js": "f()\n", "a.js.map": MAP, "b.js": "f()\n", "b.js.map": MAP });
    const { stderr } = await mapped(root, ["a.js", "b.js"]);
    expect(stderr).toBe(
      "tsprof: used the source maps of 2 scripts; -source_maps=none shows the scripts themselves\n",
    );
  });
});
