import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { schemaProblems } from "../support/json-schema.js";
import { useOneProcess } from "../support/one-process.js";
import { pprof } from "../support/pprof.js";
import { encodeWithProtobufjs, ROOT } from "../support/proto.js";
import { runProgram, TSPROF } from "../support/run.js";

const tsprof = useOneProcess();

const SLOW = "fixtures/go-cpu-slow.pb.gz";
const FAST = "fixtures/go-cpu-fast.pb.gz";
const HEAP = "fixtures/go-heap.pb.gz";
const SCHEMA = JSON.parse(readFileSync(path.join(ROOT, "docs/schema/tsprof.schema.json"), "utf8"));
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-diff-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a CPU profile with these functions, each called by main, and their samples of 10 ms. */
function profileFile(name: string, samples: Record<string, number>): string {
  const names = Object.keys(samples);
  const strings = ["", "samples", "count", "cpu", "nanoseconds", "main", ...names];
  const file = path.join(folder, name);
  const message = {
    string_table: strings,
    sample_type: [
      { type: 1, unit: 2 },
      { type: 3, unit: 4 },
    ],
    sample: names.map((fn, i) => ({
      location_id: [i + 2, 1],
      value: [samples[fn], samples[fn] * 1e7],
    })),
    location: ["main", ...names].map((_, i) => ({ id: i + 1, line: [{ function_id: i + 1 }] })),
    function: ["main", ...names].map((_, i) => ({ id: i + 1, name: 5 + i })),
    period_type: { type: 3, unit: 4 },
    period: 1e7,
  };
  writeFileSync(file, gzipSync(encodeWithProtobufjs(message)));
  return file;
}

interface JsonRow {
  name: string;
  flat: { change: number };
  cum: { change: number };
}

describe("the values of diff", () => {
  it("are those of pprof -diff_base", async () => {
    const { stdout } = await tsprof(["diff", "-format=json", SLOW, FAST]);
    const report = JSON.parse(stdout) as { rows: JsonRow[] };
    const ours = report.rows
      .filter(({ flat, cum }) => flat.change !== 0 || cum.change !== 0)
      .map(({ name, flat, cum }) => `${name} ${flat.change / 1e6} ${cum.change / 1e6}`);
    const args = ["-top", "-nodecount=100000", "-nodefraction=0", "-edgefraction=0", "-unit=ms"];
    const top = await pprof([...args, `-diff_base=${SLOW}`, FAST]);
    const rows = top.stdout.split("\n").flatMap((line) => {
      const found =
        /^ *(-?[0-9.]+)(?:ms)? +[0-9.]+% +[0-9.]+% +(-?[0-9.]+)(?:ms)? +[0-9.]+% {2}(.*)$/.exec(
          line,
        );
      if (!found) return [];
      const name = found[3].replace(/ \((partial-)?inline\)$/, "");
      return [{ name, flat: Number(found[1]), cum: Number(found[2]) }];
    });
    expect(rows.length).toBeGreaterThan(100);
    const theirs = rows
      .filter(({ flat, cum }) => flat !== 0 || cum !== 0)
      .map(({ name, flat, cum }) => `${name} ${flat} ${cum}`);
    expect([...ours].sort()).toEqual([...theirs].sort());
  });

  it("follow the filters and the selected sample type on both sides", async () => {
    const args = ["diff", "-format=json", "-sample_index=samples", "-focus=Sprintf", SLOW, FAST];
    const { rows, filters, unit } = JSON.parse((await tsprof(args)).stdout);
    expect({ filters, unit }).toEqual({ filters: ["focus=Sprintf"], unit: "count" });
    expect(rows.find(({ name }: JsonRow) => name === "fmt.Sprintf")).toBeTruthy();
    expect(rows.find(({ name }: JsonRow) => name === "main.(*sorting).distance.func1")).toBe(
      undefined,
    );
  });
});

const base = [1, 2, 3, 4, 5].map((i) =>
  profileFile(`base${i}.pb.gz`, { parse: 100 + i, render: 300 - i, idle: 60 }),
);
const same = [1, 2, 3, 4, 5].map((i) =>
  profileFile(`same${i}.pb.gz`, { parse: 106 - i, render: 294 + i, idle: 60 }),
);
const slower = [1, 2, 3, 4, 5].map((i) =>
  profileFile(`slower${i}.pb.gz`, { parse: 140 + i, render: 300 - i, idle: 60 }),
);
const other = profileFile("other.pb.gz", { parse: 100, print: 300 });
const bases = base.flatMap((file) => ["-base", file]);

describe("the exit code of diff", () => {
  it("is 0 if no rule is broken", async () => {
    const { code, stderr, stdout } = await tsprof(["diff", "-fail_on=cum>0%", ...bases, ...same]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^No change beyond noise; total /);
  });

  const empty = profileFile("empty.pb.gz", {});
  const gate = "-fail_on=total>900%";

  it.each<[string, string[], string]>([
    [
      "a function that no run has seen",
      ["-fail_on=nosuch:cum>900%", ...bases, ...slower],
      "-fail_on=nosuch:cum>900%: no function of that name or pattern is in any of the profiles",
    ],
    [
      "a method that no run has seen",
      ["-fail_on=main.(*Parser).next:flat>10%", ...bases, ...slower],
      "-fail_on=main.(*Parser).next:flat>10%: no function of that name or pattern is in any of the profiles",
    ],
    [
      "-ignore",
      [gate, "-ignore=nosuch", SLOW, FAST],
      "-ignore=nosuch matches nothing in any profile",
    ],
    ["-hide", [gate, "-hide=nosuch", SLOW, FAST], "-hide=nosuch matches nothing in any profile"],
    [
      "-prune_from",
      [gate, "-prune_from=nosuch", SLOW, FAST],
      "-prune_from=nosuch matches nothing in any profile",
    ],
    [
      "a focus on one side only",
      [gate, "-focus=render", base[0], other],
      "the filters leave no samples in the new side",
    ],
    ["an empty profile", [gate, base[0], empty], "there are no samples in the new side"],
    ["two of them", [gate, empty, empty], "there are no samples in either side"],
  ])("is 4 if the gate tests nothing: %s; -allow_missing allows it", async (_, args, reason) => {
    const { code, stdout, stderr } = await tsprof(["diff", ...args]);
    expect(stderr.split("\n")).toContain(`tsprof: ${reason}; -allow_missing makes this a warning`);
    expect(stdout).toContain(`\nNot checked: ${reason}\n`);
    expect(code).toBe(4);
    const allowed = await tsprof(["diff", "-allow_missing", ...args]);
    expect(allowed.stderr.split("\n")).toContain(`tsprof: ${reason}`);
    expect(allowed.stdout).not.toContain("Not checked");
    expect(allowed.code).toBe(0);
  });

  it.each(["-focus=nosuch", "-show=nosuch", "-show_from=nosuch", "-tagfocus=nosuch"])(
    "is 4 where nothing is left: %s",
    async (filter) => {
      const { code, stderr } = await tsprof(["diff", gate, filter, SLOW, FAST]);
      expect(stderr).toBe(
        `tsprof: ${filter} matches nothing in any profile; -allow_missing makes this a warning\n` +
          "tsprof: the filters leave no samples in either side; -allow_missing makes this a warning\n",
      );
      expect(code).toBe(4);
      // Without rules there is no gate.
      const { code: ungated } = await tsprof(["diff", filter, SLOW, FAST]);
      expect(ungated).toBe(0);
    },
  );

  it("is 3 if a rule is broken and another tests nothing", async () => {
    const args = ["-fail_on=parse:flat>5%", "-fail_on=nosuch:flat>5%", ...bases, ...slower];
    const { code, stdout } = await tsprof(["diff", "-format=github", ...args]);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^::error title=tsprof%3A not checked::-fail_on=nosuch:flat>5%25: no func/m,
    );
    const markdown = await tsprof(["diff", "-format=markdown", ...args]);
    expect(markdown.stdout).toMatch(
      /^\*\*❌ [\s\S]*\n- Not checked: `-fail_on=nosuch:flat>5%: no func/,
    );
  });

  it("is 3 if a rule is broken, and the message names the row and the rule", async () => {
    const args = ["--fail-on", "parse:flat>5%", "--fail-on=render:flat>5%", "-fail_on=total>50%"];
    const { code, stderr, stdout } = await tsprof(["diff", ...args, ...bases, ...slower]);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^tsprof: parse:flat>5% is broken by parse: flat 1\.03s → 1\.43s \(\+38\.8%.*\n$/,
    );
    expect(stdout).toContain("parse");
  });

  it("is the same with two dashes, and with dashes for underscores", async () => {
    const given = (words: string[]) =>
      tsprof(["diff", "-format=json", ...words, ...slower, ...["-sort", "cum"]]);
    const documented = await given([
      ...base.flatMap((file) => ["--base", file]),
      ...["--fail-on", "parse:flat>5%", "--min-samples", "30", "--sample-index", "samples"],
    ]);
    const asInTheTable = await given([
      ...bases,
      ...["-fail_on=parse:flat>5%", "-min_samples=30", "-sample_index=samples"],
    ]);
    expect(documented).toEqual(asInTheTable);
    expect(documented.code).toBe(3);
    expect(JSON.parse(documented.stdout)).toMatchObject({
      sample_type: "samples",
      min_samples: 30,
      base: { profiles: 5 },
      new: { profiles: 5 },
    });
  });

  it.each<[string[], RegExp]>([
    [["-fail_on=cum", SLOW, FAST], /-fail_on must be a rule such as 'cum>5%'.*not "cum"/],
    [
      ["-fail_on=cum>5", SLOW, FAST],
      /-fail_on=cum>5: the limit has no unit; write %.*\bpp\b.*\bms\b/,
    ],
    [["-fail_on=cum>5MB", SLOW, FAST], /MB does not fit values in nanoseconds/],
    [["-fail_on=(x:cum>5%", SLOW, FAST], /missing closing \)/],
    [["-format=xml", SLOW, FAST], /-format must be one of text, .* github, not "xml"/],
    [["-alpha=2", SLOW, FAST], /-alpha must be a probability/],
    [["-diff_base", SLOW, FAST], /-base, or as the first profile/],
    [["-http=:0", SLOW, FAST], /diff does not take -http/],
    [[SLOW], /diff needs two profiles/],
    [[SLOW, FAST, FAST], /which of the 3 profiles are the base/],
    [["-sample_index=nosuch", SLOW, FAST], /sample_index "nosuch" must be one of/],
  ])("is 2 for %j", async (args, message) => {
    const { code, stdout, stderr } = await tsprof(["diff", ...args]);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^tsprof: .*\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it("is 1 if a profile cannot be read, even one of several", async () => {
    const { code, stderr } = await tsprof(["diff", ...bases, "-base", "nosuch.pb", ...same]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "tsprof: nosuch.pb: no such file or directory\n",
    });
  });
});

const HOSTILE = [
  "a|b`c``d",
  "<img src=x onerror=alert(1)>",
  "@octocat **bold** [x](javascript:y) #1",
  "line\nbreak\r::error::injected",
  "\u001b[31mred\u202e",
  "back\\|slash @octocat http://x.example",
  "50%,a:b",
  "=cmd|' /C calc'!A0",
];

describe("the text of diff", () => {
  it("says how the total changed, and explains noise and the marks", async () => {
    const one = await tsprof(["diff", SLOW, FAST]);
    expect(one.stdout).toMatch(
      /^3 functions shrank beyond noise; total fell by 89\.0%, from 5\.57s to 610ms\.\n/,
    );
    expect(one.stdout).toMatch(
      /\nNoise is estimated from the numbers of samples, as .*at most 5%\. For /,
    );
    expect(one.stdout).toMatch(
      /\nflat and cum are of the new side\. \* marks a real change.*\n +flat /,
    );
    const several = await tsprof(["diff", ...bases, ...slower]);
    expect(several.stdout).toMatch(
      /^2 functions grew beyond noise; total grew by [0-9.]+%, from .* \((?:beyond|within) noise\)\.\n/,
    );
    expect(several.stdout).toMatch(/\nNoise is measured: swapping the profiles .* all 252 ways/);
    for (const { stdout } of [one, several])
      expect(stdout).not.toMatch(/Holm|max-T|A\/A|verdispersion/);
    // No row is marked if no change is significant.
    const { stdout } = await tsprof(["diff", ...bases, ...same]);
    expect(stdout).not.toContain("*");
  });

  it("has no exponents", async () => {
    const from = profileFile("tiny.pb.gz", { f: 1, rest: 1000 });
    const to = profileFile("huge.pb.gz", { f: 1_000_000_000, rest: 1000 });
    for (const format of ["text", "markdown", "github"]) {
      const { stdout } = await tsprof(["diff", `-format=${format}`, "-fail_on=flat>5%", from, to]);
      expect(stdout).toMatch(/\+99999999900%/);
      expect(stdout).not.toMatch(/[0-9]e\+?[0-9]/);
    }
  });
});

describe("hostile names", () => {
  // Most functions have not changed, as the method assumes.
  const quiet = Array.from({ length: 20 }, (_, i): [string, number] => [`quiet${i}`, 500]);
  const before = profileFile("before.pb.gz", Object.fromEntries(quiet));
  const after = profileFile(
    "after.pb.gz",
    Object.fromEntries([...quiet, ...HOSTILE.map((name): [string, number] => [name, 40])]),
  );

  it("have no effect in Markdown", async () => {
    const args = ["diff", "-format=markdown", "-fail_on=flat>5%", before, after];
    const { stdout, code } = await tsprof(args);
    expect(code).toBe(3);
    // Without code spans and elements, only tsprof's own text remains.
    const bare = stdout
      .split("\n")
      .map((line) =>
        line.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "").replace(/<code>[^<]*<\/code>/g, ""),
      )
      .join("\n");
    for (const harm of ["octocat", "img", "bold", "javascript", "cmd", "http", "injected"]) {
      expect(bare).not.toContain(harm);
    }
    const table = stdout.split("\n").filter((line) => line.startsWith("|"));
    for (const row of table) expect(row.match(/(?<!\\)\|/g)).toHaveLength(8);
    expect(table.length).toBeGreaterThan(HOSTILE.length);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
    expect(stdout).not.toMatch(/[\x00-\x08\x0b-\x1f\u202e]/);
  });

  it("have no effect in annotations", async () => {
    const args = ["diff", "-format=github", "-fail_on=flat>5%", before, after];
    const { stdout } = await tsprof(args);
    const lines = stdout.trimEnd().split("\n");
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=[^:,\r]*::/);
    expect(lines.filter((line) => line.startsWith("::error"))).toHaveLength(HOSTILE.length);
    expect(stdout).toContain("50%25,a:b");
    expect(lines.some((line) => line.startsWith("::error::"))).toBe(false);
  });

  it("stay in one line as text, and are unchanged in JSON", async () => {
    const text = await tsprof(["diff", before, after]);
    expect(text.stdout).not.toMatch(/^\s*::/m);
    expect(text.stdout).not.toContain("\u001b");
    const { stdout } = await tsprof(["diff", "-format=json", before, after]);
    const names = JSON.parse(stdout).rows.map(({ name }: JsonRow) => name);
    expect(names).toEqual(expect.arrayContaining(HOSTILE));
    expect(stdout).not.toContain("\u202e");
  });
});

describe("the JSON of diff", () => {
  it("has exact values, and the fields that docs/reference/diff.md names", async () => {
    const file = path.join(folder, "huge.pb");
    const huge = (value: string) => ({
      string_table: ["", "cpu", "nanoseconds", "f"],
      sample_type: [{ type: 1, unit: 2 }],
      sample: [{ location_id: [1], value: [value] }],
      location: [{ id: 1, line: [{ function_id: 1 }] }],
      function: [{ id: 1, name: 3 }],
    });
    writeFileSync(file, encodeWithProtobufjs(huge("9007199254740993")));
    const { stdout } = await tsprof(["diff", "-format=json", file, file]);
    expect(stdout).toContain('"base": 9007199254740993,');
    const report = JSON.parse(stdout);
    const documented = readFileSync(path.join(ROOT, "docs/reference/diff.md"), "utf8").split(
      "## Formats",
    )[1];
    const keys = [report, report.rows[0], report.total, report.base].flatMap(Object.keys);
    for (const key of keys) expect(documented).toMatch(new RegExp(`\\b${key}\\b`));
    expect(report.schema).toBe("tsprof/diff/1");
  });

  it.each<[string, string[], string]>([
    ["one profile a side", [SLOW, FAST, "-fail_on=cum>5%", "-fail_on=total>1%"], "counts"],
    ["nothing to tell noise from", [HEAP, HEAP], "none"],
    ["several", [...same.flatMap((file) => ["--base", file]), ...slower], "permutation"],
    ["what is new and gone", [base[0], other, "-fail_on=flat>1ms"], "counts"],
  ])("is as its schema says: %s", async (_, args, method) => {
    const { stdout } = await tsprof(["diff", "-format=json", ...args]);
    const report = JSON.parse(stdout);
    expect(schemaProblems(SCHEMA, report)).toEqual([]);
    expect(report.method.name).toBe(method);
    // One row a line, for grep.
    expect(stdout.match(/^ {4}\{"name": /gm) ?? []).toHaveLength(report.rows.length);
  });
});

describe("diff as a table", () => {
  it.each([
    ["csv", ",", "\r\n"],
    ["tsv", "\t", "\n"],
  ])("has the total and the rows of the JSON: %s", async (format, separator, end) => {
    const table = await tsprof(["diff", `-format=${format}`, SLOW, FAST]);
    const json = JSON.parse((await tsprof(["diff", "-format=json", SLOW, FAST])).stdout);
    const [head, total, ...rows] = table.stdout
      .trimEnd()
      .split(end)
      .map((line) => line.split(separator));
    const at = (name: string) => head.indexOf(name);
    expect(total[at("flat_change")]).toBe(String(json.total.change));
    expect(rows.length).toBe(json.rows.length);
    for (const [i, row] of json.rows.entries()) {
      expect(rows[i][at("flat_change")]).toBe(String(row.flat.change));
      expect(rows[i][at("cum_real")]).toBe(String(row.cum.real));
    }
  });
});

describe("the workflow of docs/guides/ci.md", () => {
  const guide = readFileSync(path.join(ROOT, "docs/guides/ci.md"), "utf8");
  const [, yaml] = /^```yaml\n([\s\S]*?)^```/m.exec(guide) ?? [];
  const steps = [...yaml.matchAll(/^( *)(?:- )?run: (?:\|\n((?:\1 {2,}.*\n)+)|(.*)\n)/gm)].map(
    ([, , block, line]) => (block ?? line).replace(/^ {10}/gm, ""),
  );

  /** Makes a folder with both checkouts, whose runs produce these profiles, and with the tools. */
  function checkouts(
    name: string,
    next: readonly string[],
  ): { cwd: string; env: Record<string, string> } {
    const cwd = path.join(folder, name);
    const program = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
      writeFileSync(path.join(cwd, file), `#!/bin/sh\n${text}\n`);
      chmodSync(path.join(cwd, file), 0o755);
    };
    for (const [side, files] of [
      ["base", base],
      ["new", next],
    ] as const) {
      const list = files.map((file) => `'${file}'`).join(" ");
      program(
        `${side}/bench.sh`,
        `set -- "$1" ${list}\nn=$(cat n 2>/dev/null || echo 0); echo $((n+1)) > n\nout=$1; shift $((n+1)); cp "$1" "$out"`,
      );
    }
    program("bin/tsprof", `exec '${process.execPath}' '${TSPROF}' "$@"`);
    program("bin/npm", 'echo "$@" > npm-called');
    program("bin/gh", 'echo "$@" > gh-called; cp comment.md posted.md');
    const env = {
      PATH: `${path.join(cwd, "bin")}:${process.env.PATH}`,
      GITHUB_STEP_SUMMARY: path.join(cwd, "summary.md"),
      PR: "7",
    };
    return { cwd, env };
  }

  it.each<[string, readonly string[], number, RegExp]>([
    ["unchanged", same, 0, /^\*\*No change beyond noise/],
    ["slower", slower, 1, /^\*\*2 functions grew beyond noise/],
  ])("runs as printed if the exit code is %s", async (name, next, failures, verdict) => {
    expect(steps).toHaveLength(5);
    const { cwd, env } = checkouts(name, next);
    const codes: (number | null)[] = [];
    let annotations = "";
    for (const step of steps) {
      // The shell options of GitHub's steps on Linux.
      const { code, stdout, stderr } = await runProgram("bash", ["-e", "-c", step], { cwd, env });
      codes.push(code);
      if (code === 1) throw new Error(`${step}\n${stderr}`);
      annotations = stdout;
    }
    expect(codes).toEqual([0, 0, 0, 0, failures === 0 ? 0 : 3]);
    const posted = readFileSync(path.join(cwd, "posted.md"), "utf8");
    expect(posted).toMatch(verdict);
    expect(readFileSync(path.join(cwd, "summary.md"), "utf8")).toBe(posted);
    expect(readFileSync(path.join(cwd, "gh-called"), "utf8")).toMatch(/^pr comment 7 /);
    expect(/^::error/m.test(annotations)).toBe(failures > 0);
  });
});
