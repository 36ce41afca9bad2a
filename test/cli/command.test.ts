import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/options/commands.js";
import { OPTIONS, SAMPLE_SHORTHANDS } from "../../src/options/table.js";
import { useOneProcess } from "../support/one-process.js";
import { encodeWithProtobufjs, ROOT } from "../support/proto.js";
import { TSPROF, tsprof as tsprofProcess } from "../support/run.js";

const tsprof = useOneProcess();

const CPU = "fixtures/go-cpu.pb.gz";
const temporary = mkdtempSync(path.join(os.tmpdir(), "tsprof-test-"));
afterAll(() => rmSync(temporary, { recursive: true }));

/** Expects one line on standard error and no other output. */
async function expectFailure(
  args: string[],
  message: RegExp,
  code: number,
  run = tsprof,
): Promise<void> {
  const result = await run(args);
  expect(result.stderr).toMatch(message);
  expect(result.stderr).toMatch(/^tsprof: .*\n$/);
  expect(result).toMatchObject({ code, stdout: "" });
}

describe("tsprof", () => {
  it("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    expect(await tsprofProcess(["--version"])).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
  });

  it("has help within 80 columns", async () => {
    for (const args of [["help"], ["--help"], ["-h"], ["help", "top"], ["top", "--help"]]) {
      const { code, stdout, stderr } = await tsprof(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(stdout).toContain("Examples:");
    }
  });

  it("lists its commands by purpose on one screen", async () => {
    const { stdout } = await tsprof(["--help"]);
    const lines = stdout.trimEnd().split("\n");
    // Together with a prompt, the help fills a terminal of 24 rows.
    expect(lines.length).toBeLessThan(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    for (const { name } of COMMANDS) expect(stdout).toMatch(new RegExp(`[ ,:]${name}\\b`));
    for (const name of ["record", "top", "flame", "serve", "diff"]) {
      expect(stdout).toMatch(new RegExp(`^[A-Z][a-z ]+ {2,}${name} {2,}\\S`, "m"));
    }
    expect(await tsprof(["help"])).toMatchObject({ code: 0, stdout });
    expect(await tsprof(["-h"])).toMatchObject({ code: 0, stdout });
  });

  it("shows the first steps without arguments", async () => {
    const { code, stdout, stderr } = await tsprof([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    for (const name of ["record", "top", "flame", "serve", "diff"]) {
      expect(stderr).toContain(`  tsprof ${name} `);
    }
    expect(stderr).toContain("tsprof help");
    expect(stderr.split("\n").length).toBeLessThan(12);
  });

  it("lists only the options that have an effect in a command", async () => {
    const [top, dot, convert, peek] = await Promise.all(
      ["top", "dot", "convert", "peek"].map(async (name) => (await tsprof(["help", name])).stdout),
    );
    const has = (help: string, name: string) => new RegExp(`^  -${name}[ =]`, "m").test(help);
    expect(["nodecount", "cum", "format", "compact_labels"].map((n) => has(top, n))).not.toContain(
      false,
    );
    const others = [
      "target",
      "call_tree",
      "embed_sources",
      "intel_syntax",
      "fail_on",
      "keep",
      "http",
    ];
    expect(others.filter((name) => has(top, name))).toEqual([]);
    expect(has(dot, "call_tree")).toBe(true);
    expect(has(convert, "target")).toBe(true);
    expect(has(convert, "lines")).toBe(false);
    expect(has(peek, "nodecount")).toBe(false);
  });

  it.each([["version"], ["-v"], ["-V"], ["-version"]])("tells its version by %s", async (word) => {
    expect(await tsprof([word])).toEqual(await tsprof(["--version"]));
  });

  it.each([
    ["top help", "help top"],
    ["top -h", "help top"],
    ["text --help", "help top"],
    ["help text", "help top"],
    ["help flamegraph", "help flame"],
    [`${CPU} help`, "help"],
  ])("answers %s with exit code %s", async (line, same) => {
    const answer = await tsprof(line.split(" "));
    expect(answer).toEqual(await tsprof(same.split(" ")));
    expect(answer.code).toBe(0);
  });

  it("explains every option", async () => {
    const helps = await Promise.all(
      ["serve", "diff", "record", "html", "convert", "pgo"].map((name) => tsprof(["help", name])),
    );
    const stdout = helps.map((help) => help.stdout).join("");
    for (const spec of OPTIONS) {
      const names =
        spec.type === "choice" && !("isWritten" in spec)
          ? spec.choices.map(({ name }) => name)
          : [spec.name];
      for (const name of names) expect(stdout).toMatch(new RegExp(`^  -${name}[ =]`, "m"));
    }
    for (const { name } of SAMPLE_SHORTHANDS) expect(stdout).toContain(`  -${name} `);
  });

  it.each<[string[], RegExp]>([
    [["tpo", CPU], /unknown command 'tpo' \(Did you mean top\?\)/],
    [["tpo", CPU], /; try: tsprof top fixtures\/go-cpu\.pb\.gz$/m],
    [[CPU, "tpo"], /unknown command 'tpo' \(Did you mean top\?\); try: tsprof top fixtures/],
    [["report", CPU], /'report' \(Did you mean top\?\); try: tsprof top fixtures/],
    [["stats", CPU], /'stats' \(Did you mean info\?\); try: tsprof info fixtures/],
    [["graph", CPU], /'graph' \(Did you mean svg\?\); try: tsprof svg fixtures/],
    [[CPU, "nosuch"], /nosuch: no such file or command/],
    [[CPU, "record"], /record must come first; try: tsprof record -- node app\.js/],
    [["record", "node", "-e", "1"], /record does not take -e; options of the program go after --/],
    [["constructor", CPU], /^tsprof: constructor: no such file or command/],
    [["-constructor", CPU], /^tsprof: unknown option '-constructor'/],
    [["--top"], /no profile given; try: tsprof top FILE/],
    [["web"], /no profile given; try: tsprof web FILE/],
    [["peek", CPU], /no pattern given; try: tsprof peek REGEX fixtures\/go-cpu\.pb\.gz$/m],
    [["top", "--json", CPU], /unknown option '-json'; try: -format=json/],
    [["top", "-n", "ten", CPU], /-nodecount must be a whole number, not "ten"/],
    [["top", "-to", "speedscope", CPU], /-to is for tsprof convert/],
    [["-focus=x"], /nothing to do; try: tsprof top FILE/],
    [["top", "-focsu=x", CPU], /unknown option '-focsu' \(Did you mean -focus\?\)/],
    [["-top", "-nodecont=3", CPU], /unknown option '-nodecont' \(Did you mean -nodecount\?\)/],
    [["-focsu=x", CPU], /unknown option '-focsu' \(Did you mean -focus\?\)/],
    [["--Cum", CPU], /unknown option '-Cum' \(Did you mean -cum\?\)/],
    [["top", "-=x", CPU], /-=x is not an option/],
    [["help", "nosuch"], /unknown command 'nosuch'/],
    [["help", "tpo"], /unknown command 'tpo' \(Did you mean top\?\)/],
    [["top"], /no profile given; try: tsprof top FILE/],
    [["nosuch", CPU], /nosuch: no such file or command/],
    [["peek"], /no pattern given; try: tsprof peek REGEX FILE/],
    [["list", "main"], /no profile given; try: tsprof list REGEX FILE/],
    [["-peek=x", "-list=y", CPU], /only one report is possible at a time/],
    [["peek", "[a", CPU], /missing closing \]: `\[a`/],
    [["top", "-base", CPU, "-diff_base", CPU, CPU], /-base and -diff_base exclude each other/],
    [["top", "-focus=[a", CPU], /-focus: missing closing \]: `\[a`/],
    [["top", "-tagfocus=key=(", CPU], /-tagfocus: missing closing \)/],
    [["top", "-hide=(?<=a)b", CPU], /-hide: invalid/],
    [["top", "-ignore=a{2000}", CPU], /-ignore: invalid repeat count/],
    [["top", "-tagfocus=99999999999999999999kb", CPU], /-tagfocus: .*not a 64-bit number/],
    [["top", "-sample_index=nope", CPU], /sample_index "nope" must be one of: samples, cpu/],
    [["top", "-sample_index=9", CPU], /sample_index 9 is outside the range \[0\.\.1\]/],
    [["top", "-divide_by=0", CPU], /-divide_by must not be 0/],
    [["top", "-normalize", CPU], /-normalize needs a base profile/],
    [["top", "-max_size=lots", CPU], /-max_size must be a size such as 512mb/],
    [["top", "-cum", "-flat", CPU], /-cum and -flat exclude each other/],
  ])("refuses %j as misuse", async (args, message) => {
    await expectFailure(args, message, 2);
  });

  it.each<[string, RegExp]>([
    ["no-such-file.pb.gz", /no-such-file\.pb\.gz: no such file or directory/],
    ["fixtures", /fixtures: is a directory/],
    ["README.md", /README\.md: unrecognized profile format: this looks like text/],
    ["package.json", /package\.json: this is JSON, but not of a profile/],
    ["package.json/x", /package\.json\/x: not a directory/],
  ])("cannot read %s", async (source, message) => {
    await expectFailure(["top", source], message, 1);
  });

  it("refuses inputs larger than -max_size, of any kind", async () => {
    await expectFailure(["top", "-max_size=1kb", CPU], /more than .* -max_size/, 1, tsprofProcess);
    await expectFailure(["top", "-max_size=1mb", "/dev/zero"], /more than 1 MB/, 1);
    const stdin = await tsprofProcess(["top", "-max_size=1kb", "-"], {
      input: readFileSync(path.join(ROOT, CPU)),
    });
    expect(stdin.stderr).toMatch(/^tsprof: standard input: .*-max_size.*\n$/);
  });

  it("accepts sizes larger than one buffer", async () => {
    expect(await tsprof(["top", "-max_size=8gb", CPU])).toEqual(await tsprof(["top", CPU]));
  });

  it("reads standard input", async () => {
    const input = readFileSync(path.join(ROOT, CPU));
    const piped = await tsprofProcess(["top", "-"], { input });
    expect(piped).toEqual(await tsprof(["top", CPU]));
    expect(piped.code).toBe(0);
  });

  it("takes the profiled program as the first argument", async () => {
    const program = path.join(temporary, "prog");
    writeFileSync(program, Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]));
    const { stdout, stderr } = await tsprof(["-top", "-compact_labels=false", program, CPU]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^File: prog\n/);
    const alone = await tsprof(["-top", program]);
    expect(alone).toMatchObject({ code: 1, stdout: "" });
  });

  it("uses -buildid if the profile has no build id", async () => {
    const { stdout } = await tsprof(["-raw", "-buildid=given", CPU]);
    expect(stdout).toContain("Mappings\n1: 0x400000/0x4db000/0x0 orders given [FN]\n");
  });

  it("writes a file, and says so", async () => {
    const file = path.join(temporary, "report.txt");
    const { stdout } = await tsprof(["top", CPU]);
    const result = await tsprof(["top", `-output=${file}`, CPU]);
    expect(result).toEqual({
      code: 0,
      stdout: "",
      stderr: `tsprof: wrote the report to ${file}\n`,
    });
    expect(readFileSync(file, "utf8")).toBe(stdout);
    await expectFailure(
      ["top", `-output=${temporary}/no/such`, CPU],
      /no\/such: no such file or directory/,
      1,
    );
  });

  it("warns about filters that match nothing", async () => {
    const { code, stdout, stderr } = await tsprof(["top", "-focus=nosuch", CPU]);
    expect(code).toBe(0);
    expect(stderr).toBe("tsprof: -focus=nosuch matched no samples\n");
    expect(stdout).toContain("Showing nodes accounting for 0, 0% of");
  });

  it("ends quietly when the reader closes the pipe", async () => {
    // The output is larger than the buffer of a pipe.
    const args = [TSPROF, "top", "-addresses", "-trim=false", CPU];
    const child = spawn(process.execPath, args, { cwd: ROOT });
    let stderr = "";
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("shows a stack trace only if TSPROF_DEBUG is set", async () => {
    const { stderr } = await tsprof(["top", "nosuch"], { env: { TSPROF_DEBUG: "1" } });
    expect(stderr).toMatch(/^tsprof: +at /m);
  });

  it("escapes control characters in names", async () => {
    const file = path.join(temporary, "hostile.pb");
    writeFileSync(
      file,
      encodeWithProtobufjs({
        string_table: ["", "cpu", "\u001b]0;owned\u0007\u009b2J", "\u001b[31mred"],
        sample_type: [{ type: 1, unit: 1 }],
        sample: [{ location_id: [1], value: [1] }],
        location: [{ id: 1, line: [{ function_id: 1 }] }],
        function: [{ id: 1, name: 2 }],
        comment: [3],
      }),
    );
    const { stdout } = await tsprof(["top", file]);
    expect(stdout).toContain("\\x1b]0;owned\\x07\\x9b2J");
    expect(stdout).toContain("\\x1b[31mred");
    expect(stdout).not.toContain("\u001b");
  });
});
