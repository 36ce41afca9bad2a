import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import * as browser from "../../src/library/browser.js";
import * as node from "../../src/library/node.js";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { typeCheck } from "../support/type-check.js";

const tsprof = useOneProcess();

const fixture = (name: string) => path.join(ROOT, "fixtures", name);
const CPU = fixture("go-cpu.pb.gz");
const cpu = () => node.readProfile(readFileSync(CPU));

/** A folder of a program that has tsprof among its packages. */
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-library-"));
mkdirSync(path.join(folder, "node_modules"));
symlinkSync(ROOT, path.join(folder, "node_modules/tsprof"), "dir");
copyFileSync(CPU, path.join(folder, "cpu.pb.gz"));
copyFileSync(fixture("go-cpu-fast.pb.gz"), path.join(folder, "before.pb.gz"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the first program of a guide that contains a word. */
const documented = (guide = "docs/reference/library.md", word = "") => {
  const text = readFileSync(path.join(ROOT, guide), "utf8");
  const programs = Array.from(text.matchAll(/```js\n([^`]*)```/g), ([, code]) => code);
  return programs.find((code) => code.includes(word)) ?? "";
};
const SERVICES = "docs/guides/services.md";

describe("the library", () => {
  it("does what its guide says, from the package as it is built", async () => {
    const program = path.join(folder, "program.mjs");
    writeFileSync(program, documented());
    const printed = execFileSync(process.execPath, [program], { cwd: folder, encoding: "utf8" });
    const { stdout } = await tsprof(["top", "-focus=json", "-nodecount=10", CPU]);
    const rows = stdout
      .split(/^ +flat .*\n/m)[1]
      .trim()
      .split("\n");
    expect(rows.length).toBe(10);
    const names = rows.map((row) =>
      row
        .trim()
        .split(/\s{2,}/)
        .at(-1)
        ?.replace(/ \((partial-)?inline\)$/, ""),
    );
    const found = printed
      .split("\n")
      .slice(0, 10)
      .map((line) => line.split(/ \d+ \S+$/)[0]);
    expect(found).toEqual(names);
    const before = path.join(folder, "before.pb.gz");
    const compared = await tsprof(["top", `-diff_base=${before}`, "-nodecount=5", CPU]);
    // The lines about the profile name no file in a merged one.
    expect(printed).toContain(compared.stdout.split(/^(?= +flat )/m)[1]);
  });

  it("can be required as its guide says", () => {
    const guide = readFileSync(path.join(ROOT, "docs/reference/library.md"), "utf8");
    const [, code] = /```cjs\n([^`]*)```/.exec(guide) ?? [];
    const program = path.join(folder, "program.cjs");
    const work = "profiled(() => { for (const end = Date.now() + 200; Date.now() < end; ); })";
    writeFileSync(program, `${code}${work}.then(({ rows }) => console.log(rows));`);
    const printed = execFileSync(process.execPath, [program], { cwd: folder, encoding: "utf8" });
    expect(printed).toContain("name: 'profiled program.cjs");
  });

  it("profiles its own process as its guide says", async () => {
    writeFileSync(path.join(folder, "profiled.mjs"), documented(SERVICES));
    execFileSync(process.execPath, ["profiled.mjs"], { cwd: folder });
    const file = path.join(folder, "node-cpu.pb.gz");
    const { stdout } = await tsprof(["top", "-tagfocus=route=/orders", file]);
    expect(stdout).toMatch(/ orders$/m);
    writeFileSync(path.join(folder, "pending.mjs"), documented(SERVICES, "pendingProfile()"));
    const printed = execFileSync(process.execPath, ["pending.mjs"], { cwd: folder });
    expect(Number(printed)).toBeGreaterThan(100);
  });

  it("has types for it", () => {
    const programs = {
      program: documented(),
      profiled: documented(SERVICES),
      pending: documented(SERVICES, "pendingProfile()"),
    };
    expect(typeCheck(folder, programs)).toBe("");
    const wrong = documented().replace("nodecount: 10", 'nodecount: "x"');
    expect(typeCheck(folder, { wrong })).toContain("wrong.mts");
  });

  it.each([
    "top",
    "tree",
    "tags",
    "traces",
    "raw",
    "folded",
    "dot",
    "callgrind",
    "comments",
  ] as const)("prints %s as the command line does", async (name) => {
    const { stdout } = await tsprof([name, CPU]);
    expect(node.text(await cpu(), { report: name })).toBe(stdout);
  });

  it("is the same in browsers", async () => {
    const [here, there] = [await cpu(), await browser.readProfile(readFileSync(CPU))];
    expect(browser.top(there)).toEqual(node.top(here));
    expect(gunzipSync(await browser.writeProfile(there))).toEqual(
      gunzipSync(await node.writeProfile(here)),
    );
  });

  it("accepts patterns, sources and base profiles", async () => {
    const profile = await cpu();
    const { stdout } = await tsprof(["peek", "Price$", CPU]);
    expect(node.text(profile, { report: "peek", regex: "Price$" })).toBe(stdout);
    expect(node.peek(profile, { regex: "Price$" }).entries.length).toBeGreaterThan(0);
    const merged = await node.merge([profile, profile]);
    expect(node.top(merged).total).toBe(Number(node.top(profile).total) * 2);
    expect(node.top(node.compare(merged, { diff_base: profile })).total).toBe(
      node.top(profile).total,
    );
    expect(node.tags(profile).warnings).toEqual([]);
    expect(node.top(profile, { focus: "nowhere" }).warnings).toEqual([
      "-focus=nowhere matched no samples",
    ]);
    expect(node.flame(node.filter(profile, { focus: "Price" })).total).toBe(1_230_000_000);
  });

  it("reports errors in one line", async () => {
    const profile = await cpu();
    await expect(node.readProfile(new Uint8Array([1, 2, 3]))).rejects.toThrow(node.ProfileError);
    await expect(node.readProfile(readFileSync(CPU), { max_size: "1kb" })).rejects.toThrow(
      /^[^\n]*$/,
    );
    expect(() => node.top(profile, { focus: "[" })).toThrow("-focus: missing closing ]: `[`");
    expect(() => node.top(profile, { sample_index: "x" })).toThrow(/sample_index/);
    expect(() => node.text(profile, { report: "list" })).toThrow(
      "list needs the option regex, which selects functions by name",
    );
    await expect(node.merge([])).rejects.toThrow("there are no profiles to merge");
  });
});
