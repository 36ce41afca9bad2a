import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { useOneProcess } from "../support/one-process.js";
import { encodeWithProtobufjs } from "../support/proto.js";
import { tsprof as tsprofProcess } from "../support/run.js";

const tsprof = useOneProcess();

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a profile in which every name is this text, except the given names of functions. */
function profileFile(file: string, text: string, functions: readonly string[] = [text]): string {
  const strings = ["", text, "cpu", ...functions];
  const ids = functions.map((_, i) => i + 1);
  const message = {
    string_table: strings,
    sample_type: [
      { type: 2, unit: 1 },
      { type: 1, unit: 1 },
    ],
    sample: ids.map((id) => ({
      location_id: [id],
      value: [id, id],
      label: [
        { key: 1, str: 1 },
        { key: 1, num: 3, num_unit: 1 },
      ],
    })),
    // The last location has no function, so tsprof looks for its binary.
    location: [
      ...ids.map((id) => ({ id, line: [{ function_id: id, line: 3 }] })),
      { id: ids.length + 1, mapping_id: 1, address: 4097 },
    ],
    mapping: [{ id: 1, memory_start: 4096, memory_limit: 8192, filename: 1, build_id: 1 }],
    function: ids.map((id) => ({ id, name: id + 2, system_name: id + 2, filename: 1 })),
    comment: [1],
    doc_url: 1,
    period_type: { type: 1, unit: 1 },
    period: 10,
    default_sample_type: 2,
  };
  const target = path.join(folder, file);
  writeFileSync(target, gzipSync(encodeWithProtobufjs(message)));
  return target;
}

const INJECTED =
  "/bin/x\n::error title=a::b\r::warning::c\u2028::set-output::d\n##[add-mask]e\n ::notice::f";

/** Expects that no line of a log is a command for a build system. */
function expectNoCommand(log: string): void {
  // Lines and commands as GitHub's runner parses them.
  for (const line of log.split(/\r\n|[\r\n]/)) {
    expect(line.trim()).not.toMatch(/^::/);
    expect(line).not.toContain("##[");
  }
}

describe("names in callgrind's format", () => {
  it("cannot add records", async () => {
    const name = "ok\nfn=(9) injected\n0x9999 1 5000000000";
    const file = profileFile("records.pb.gz", name, [name, "main"]);
    for (const command of [["callgrind"], ["convert", "-to=callgrind"]]) {
      const target = path.join(folder, "records.out");
      await tsprof([...command, "-symbolize=none", "-output", target, file]);
      const read = await tsprof(["top", target]);
      expect(read.code).toBe(0);
      expect(read.stdout).not.toMatch(/ injected$/m);
    }
  });
});

describe("text from a profile on standard output", () => {
  const file = profileFile("printed.pb.gz", INJECTED);

  it.each(["top", "tree", "traces", "raw", "tags", "comments"])(
    "is no command within a build: %s",
    async (command) => {
      const args = [command, "-symbolize=none", `-add_comment=${INJECTED}`, file];
      const plain = await tsprof(args, { env: { GITHUB_ACTIONS: "" } });
      const built = await tsprof(args, { env: { GITHUB_ACTIONS: "true" } });
      expectNoCommand(built.stdout);
      // Otherwise the output is the same as pprof's.
      const restored = built.stdout.replaceAll("\\x3a", ":").replaceAll("\\x23", "#");
      expect(restored).toBe(plain.stdout);
    },
  );

  it.each(["-format=json", "-format=csv"])("is exact in data: %s", async (format) => {
    const args = ["top", "-symbolize=none", format, file];
    const plain = await tsprof(args, { env: { GITHUB_ACTIONS: "" } });
    expect(await tsprof(args, { env: { GITHUB_ACTIONS: "true" } })).toEqual(plain);
  });

  it("may contain commands if that is the requested text", async () => {
    const env = { GITHUB_ACTIONS: "true" };
    const { stdout } = await tsprof(["diff", "-format=github", file, file], { env });
    expect(stdout).toMatch(/^::notice /m);
  });
});

describe("text from a profile on standard error", () => {
  const file = profileFile("injected.pb.gz", INJECTED);

  it.each([
    ["top"],
    ["top", "-sample_index=nosuch"],
    ["top", "-tagfocus=nosuch", "-focus=\n::error::x"],
    ["svg", "-output", path.join(folder, "x.svg")],
    ["disasm", "."],
    ["list", "."],
    ["html", "-output", path.join(folder, "x.html")],
    ["info"],
    ["info", "\n::error::nosuch"],
    ["diff", "-fail_on=cum>0%", "-fail_on=\n::error::x:cum>5%", file],
    ["top", "-nosuch=\n::error::x"],
    ["record", "\n::error::x"],
  ])("cannot begin a line or act as a command: %j", async (...args) => {
    const { stderr } = await tsprof([...args, file], { env: { PPROF_BINARY_PATH: folder } });
    expectNoCommand(stderr);
    for (const line of stderr.trimEnd().split("\n")) expect(line).toMatch(/^(tsprof: |$)/);
  });

  it("stays in one line per mapping that cannot be found", async () => {
    const { stderr } = await tsprof(["top", file]);
    expect(stderr).toMatch(
      /^tsprof: Local symbolization failed for x\\x0a::error title=a::b\\x0d::/,
    );
  });

  it("cannot add lines to messages of the shell", async () => {
    const { stderr } = await tsprofProcess([file], {
      input: "o\nsample_index=nosuch\n::error::x\nhelp\n",
    });
    expectNoCommand(stderr);
    expect(stderr).toContain("/bin/x ::error title=a::b");
    expect(stderr.split("\n").length).toBeGreaterThan(50);
  });

  it.each([
    ["info", file],
    ["diff", file, file],
    ["diff", "-format=github", "-fail_on=cum>5%", profileFile("one.pb.gz", INJECTED, ["a"]), file],
    ["diff", "-format=markdown", file, file],
    ["top", "-format=markdown", file],
  ])("cannot do so on standard output either: %j", async (...args) => {
    const { stdout } = await tsprof(args);
    const own = args.includes("-format=github")
      ? stdout.replace(/^::(error|warning|notice) title=[^:]*::/gm, "")
      : stdout;
    expect(own).not.toBe("");
    expectNoCommand(own);
  });
});

describe("a call graph", () => {
  it.each(['x"]; N98 [label="INJECTED"]; N99 [label="y', "x\\", 'x\\\\"]; N98 [label="'])(
    "has no nodes that names made: %j",
    async (text) => {
      const file = profileFile("dot.pb.gz", text, ["main", text]);
      const { stdout } = await tsprof(["dot", file]);
      const bare = stdout.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '""');
      expect(bare).not.toMatch(/N98|N99|INJECTED/);
      const svg = path.join(folder, "dot.svg");
      expect((await tsprof(["svg", "-output", svg, file])).code).toBe(0);
      expect(readFileSync(svg, "utf8").match(/<g class="node">/g)).toHaveLength(2);
    },
  );

  it.each([
    ["empty lines", "::error file=x::pwned%0A::set-output name=a::b\n::add-mask::x\r\n"],
    ["parts", "a.".repeat(2_000_000)],
    ["folders", "a/".repeat(2_000_000)],
    ["quotes", '"'.repeat(2_000_000)],
    ["line breaks", "\n".repeat(2_000_000)],
  ])("is drawn with a name of many %s", async (_, name) => {
    const file = profileFile("long.pb.gz", "count", ["main", name]);
    const svg = path.join(folder, "long.svg");
    const { code, stderr } = await tsprof(["svg", "-symbolize=none", "-output", svg, file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `tsprof: wrote the report to ${svg}\n` });
    expect(readFileSync(svg, "utf8").match(/<g class="node">/g)).toHaveLength(2);
  });
});

describe("cells of csv and tsv", () => {
  const names = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-[NSString length]",
    "@x",
    "\t=1",
    "\r=1",
    " =1",
    "'quoted",
    "plain\u200b",
  ];
  const file = profileFile("cells.pb.gz", "count", names);

  it("are not formulas, and -csv_exact leaves names unchanged", async () => {
    const csv = (await tsprof(["top", "-format=csv", file])).stdout;
    for (const line of csv.trimEnd().split("\r\n").slice(1)) {
      expect(line).toMatch(
        /^-?[0-9]+,[0-9.]+,[0-9.]+,[0-9]+,[0-9.]+,count,none,("?'|plain\\u200b,,,,$)/,
      );
    }
    for (const format of ["csv", "tsv"]) {
      const { stdout } = await tsprof(["top", `-format=${format}`, "-csv_exact", file]);
      for (const name of names) {
        const cell = format === "csv" ? name : name.replace("\t", "\\t").replace("\r", "\\r");
        expect(stdout).toContain(cell);
        expect(stdout).not.toContain(`'${cell}`);
      }
    }
  });

  it("are not formulas in diff either", async () => {
    const args = ["diff", "-format=csv", file, file];
    expect((await tsprof(args)).stdout).toMatch(/^'-\[NSString length\],/m);
    expect((await tsprof([...args, "-csv_exact"])).stdout).toMatch(/^-\[NSString length\],/m);
  });
});

it("names that differ only by an invisible character look different in every report", async () => {
  const names = ["fg", "f\u200bg", "f\u200dg", "f\ufeffg", "f\u00adg", "f\u2063g", "f\u{e0061}g"];
  const file = profileFile("invisible.pb.gz", "count", names);
  const written = [
    "fg",
    "f\\u200bg",
    "f\\u200dg",
    "f\\ufeffg",
    "f\\xadg",
    "f\\u2063g",
    "f\\u{e0061}g",
  ];
  for (const args of [["top"], ["traces"], ["peek", "."], ["top", "-format=markdown"], ["flame"]]) {
    const { stdout } = await tsprof([...args, file]);
    for (const name of written) expect(stdout).toContain(name);
    expect(stdout).not.toMatch(/\p{Default_Ignorable_Code_Point}/u);
  }
  const { stdout } = await tsprof(["top", "-format=json", file]);
  expect(stdout).not.toMatch(/\p{Default_Ignorable_Code_Point}/u);
  const read = (JSON.parse(stdout) as { rows: { name: string }[] }).rows.map(({ name }) => name);
  expect(read.sort()).toEqual([...names].sort());
});
