import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { folded } from "../../src/formats/folded/folded.js";
import type { Options } from "../../src/options/table.js";
import { Budget } from "../../src/profile/budget.js";
import type { Profile } from "../../src/profile/profile.js";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import { renderDot } from "../../src/render/dot.js";
import { dot } from "../../src/report/dot.js";
import { pprof } from "../support/pprof.js";
import { inputFor, type Wanted } from "../support/report-input.js";

import { profileOf } from "../support/text-profile.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-dot-"));
afterAll(() => rmSync(folder, { recursive: true }));

function dotOf(text: string, wanted: Wanted = {}, likePprof = true): string[] {
  const report = dot(inputFor("dot", text, wanted));
  return [...renderDot(report, String, { likePprof })].join("").split("\n");
}

/** Returns the output of `go tool pprof -dot` for the same profile. */
async function pprofOf(text: string, ...options: string[]): Promise<string[]> {
  const whole = ["-nodefraction=0", "-edgefraction=0", "-symbolize=none"];
  const file = path.join(folder, "profile.pb");
  writeFileSync(file, encodeProfile(profileOf(text)));
  const { stdout } = await pprof(["-dot", ...whole, ...options, file]);
  return stdout.split("\n");
}

describe("the dot report", () => {
  it("shows less in pprof's green, or in the blue of other views", () => {
    const colorOf = (likePprof: boolean) => {
      const line = dotOf("less -5\nmore 4", {}, likePprof).find((one) => one.includes("less"));
      return / color="(#\w+)"/.exec(line ?? "")?.[1] ?? "";
    };
    const [red, green, blue] = [1, 3, 5].map((at) => [
      Number.parseInt(colorOf(true).slice(at, at + 2), 16),
      Number.parseInt(colorOf(false).slice(at, at + 2), 16),
    ]);
    expect(green[0]).toBeGreaterThan(red[0]);
    expect(blue[0]).toBe(0);
    expect(blue[1]).toBeGreaterThan(green[1]);
    expect(green[1]).toBeGreaterThan(red[1]);
  });

  it("shortens the names of functions like pprof", async () => {
    const names = [
      "main.main",
      "github.com/user/repo/pkg.Function",
      "github.com/user/repo/v2/pkg.(*Type).Method",
      "github.com/user/repo/v12.Function.func1",
      "github.com/user/repo/v1/pkg.Function",
      "gopkg.in/yaml.v3.Unmarshal",
      "weird-path/with space/x.y",
      "slices.SortFunc[...]",
      "pkg/sub.Map[go.shape.int].Get",
      "java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1142)",
      "com.example.Outer$Inner.<init>",
      "com.example.Main.lambda$0",
      "com.example.Main.lambda$0$bar",
      "Class.method",
      "std::vector<int>::push_back",
      "ns::sub::Class::method<std::pair<a::B, c>>(int)",
      "ns::Class::~Class",
      "_ns::__Impl::operator()",
      "(anonymous namespace)::Store::Compare",
      "ns::(anonymous namespace)::Thing::run",
      'quoted "name"\\ and back\\slash',
      "<script>alert(1)</script>",
      "[unknown]",
      "…",
    ];
    const text = names.map((name, i) => `root;${JSON.stringify(name)} ${100 - i}`).join("\n");
    const nodes = (lines: string[]) => lines.filter((line) => /^N\d+ \[/.test(line));
    const expected = nodes(await pprofOf(text));
    expect(expected).toHaveLength(names.length + 1);
    expect(nodes(dotOf(text))).toEqual(expected);
  });

  it("treats only text with a dot as a package, like current pprof", () => {
    const labels = {
      "example.com/a.b/c/d.e/f": "d\\ne/f",
      "example.com/.hidden": "example\\ncom/\\nhidden",
      "a/b/c": "a/b/c",
      "a/b/.c.d": "b/\\nc\\nd",
    };
    for (const [name, label] of Object.entries(labels)) {
      expect(dotOf(`${name} 1`).join("\n")).toContain(`[label="${label}\\n1 (100%)"`);
    }
  });

  it("merges numbers into ranges around the heaviest ones, like pprof", async () => {
    const sizes = [16, 24, 32, 48, 1000, 1024, 1100, 5000, 1_000_000, 1_048_576];
    const text = sizes
      .flatMap((size, i) => [
        `main;alloc ${i + 1} {bytes:${size}}`,
        `main;alloc;copy ${20 - i} {bytes:${size} kind=b}`,
        `main;parse ${3 * i + 2} {kind=a}`,
      ])
      .join("\n");
    const expected = await pprofOf(text);
    expect(expected.filter((line) => line.includes("box3d")).length).toBeGreaterThan(8);
    expect(dotOf(text).slice(2)).toEqual(expected.slice(2));
  });

  it("draws dotted edges around hidden nodes, unless there is another path", async () => {
    const text = [
      "main;a;x;b 50",
      "main;a;y;c 40",
      "main;c;z;b 30",
      "main;b;a 20",
      "main;c;a 2",
      "main 1",
    ].join("\n");
    const dotted = (lines: string[]) =>
      lines.filter((line) => line.includes("dotted")).map((line) => line.slice(0, 9));
    for (const count of [2, 3, 4, 5]) {
      const expected = await pprofOf(text, `-nodecount=${count}`);
      expect(dotted(expected).length).toBeGreaterThan(count === 2 ? -1 : 0);
      expect(dotOf(text, { options: { nodecount: count } }).slice(2)).toEqual(expected.slice(2));
    }
  });

  it("reports the edges below the cutoff", () => {
    const text = "main;a 100\nmain;b;a 3\nmain;b 97";
    const [, , legend] = dotOf(text, { options: { edgefraction: 0.05 } });
    expect(legend).toContain("\\lDropped 1 edge (freq <= 10)\\l");
  });

  describe("in pictures", () => {
    const labels = (profile: Profile, options: Partial<Options> = {}) => {
      const report = dot(inputFor("dot", profile, { options }));
      const text = [...renderDot(report, String, { likePprof: false })].join("");
      return [...text.matchAll(/^N\d+ \[label="(.*?)\\n\d/gm)].map(([, label]) => label);
    };

    it("keeps the names of scripts whole, and splits the names of linkers", () => {
      const profile = profileOf(
        [
          "app.get.handler@/srv/server.js:12 9",
          '"(anonymous) index.js:1:1"@/srv/index.js:1 8',
          'Module._compile@"node:internal/modules/cjs/loader":5 7',
          "Widget::draw@widget.php:5 6",
          "example.com/user/pkg.(*Type).Method@/src/type.go:5 5",
          "std::Store::find@store.cc 4",
        ].join("\n"),
      );
      const whole = [
        "app.get.handler\\nserver.js",
        "(anonymous)\\nindex.js:1:1",
        "Module._compile\\nnode:internal/modules/cjs/loader",
        "Widget::draw\\nwidget.php",
      ];
      expect(labels(profile)).toEqual([...whole, "pkg\\n(*Type)\\nMethod", "Store\\nfind"]);
      expect(labels(profile, { call_tree: true })).toEqual(labels(profile));
      expect(labels(profile, { granularity: "filefunctions" })[0]).toBe(
        "app.get.handler\\nserver.js",
      );
    });

    it("keeps the names of formats without linker's names whole, and breaks long ones", () => {
      const names = [
        "example.com/user/pkg.(*Type).Method",
        "Foo::bar() [app.so]",
        "Module._compile node:internal/modules/cjs/loader:1234",
        'say "hi"\\',
      ];
      const text = names.map((name, i) => `${name} ${9 - i}\n`).join("");
      const profile = folded.read(new TextEncoder().encode(text), new Budget(), () => {});
      expect(labels(profile)).toEqual([
        ...names.slice(0, 2),
        "Module._compile\\nnode:internal/modules/cjs/loader:1234",
        'say \\"hi\\"\\\\',
      ]);
    });
  });

  const outside = (dot: string) => dot.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '""');

  it("keeps every text within its quotes, even where pprof does not", async () => {
    const hostile = 'x" URL="javascript:alert(1)';
    const quoted = JSON.stringify(hostile);
    const text = `main@${quoted}:1;f@${quoted}:2 5 {tag=${quoted}}`;
    const options = { granularity: "lines" } as const;
    const theirs = await pprofOf(text, "-lines");
    expect(outside(theirs.join("\n"))).toMatch(/URL/);
    for (const likePprof of [true, false]) {
      const dot = dotOf(text, { options }, likePprof).join("\n");
      expect(dot).toContain('[label = "tag:x\\" URL=\\"javascript:alert(1)"');
      expect(outside(dot)).not.toMatch(/URL|javascript/);
    }
  });

  it.each([
    'u"]; N9 [label="',
    "u\\",
    '\\"]; N9',
    "u\n]; N9 [",
    '\\\\"]; N9 [label="',
    'u" \\]\\; N9 "u',
  ])("keeps a unit within its quotes: %j", (unit) => {
    const profile = { types: [`cpu/${unit}`], docUrl: unit, comments: [unit] };
    for (const likePprof of [true, false]) {
      const dot = dotOf("main;f 5\nmain 3", { profile }, likePprof).join("\n");
      expect(outside(dot)).not.toMatch(/N9/);
      expect(outside(dot).match(/\]/g)).toHaveLength(5);
    }
  });

  it("does not escape harmless quotes and backslashes, like pprof", () => {
    // Graphviz rejects this, as it does with pprof's output.
    expect(dotOf('main 5 {tag="a \\"quoted\\" b"}').join("\n")).toContain('"tag:a "quoted" b"');
    const text = JSON.stringify('C:\\dir\\a.exe \\" b');
    expect(dotOf(`main 5 {file=${text}}`).join("\n")).toContain(
      '[label = "file:C:\\dir\\a.exe \\" b"',
    );
  });

  it("draws edges to nodes that add up to 0 as edges to N0 like pprof, but omits them for layout", async () => {
    const text = "main;gone;more 5\nmain;gone;less -5\nmain 3";
    const expected = await pprofOf(text);
    expect(expected.filter((line) => / -> N0 /.test(line))).toHaveLength(1);
    expect(dotOf(text).slice(2)).toEqual(expected.slice(2));
    expect(dotOf(text, {}, false).filter((line) => / -> N0 /.test(line))).toEqual([]);
  });
});
