import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useOneProcess } from "../support/one-process.js";
import { pprof } from "../support/pprof.js";
import { encodeWithProtobufjs, ROOT } from "../support/proto.js";

const tsprof = useOneProcess();

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-list-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PLACES: [name: string, file: string, startLine: number, line: string | number][] = [
  ["plain", "src/plain.c", 2, 3],
  ["plain", "src/plain.c", 2, 5],
  ["unknown start", "src/plain.c", 0, 9],
  ["two files", "src/plain.c", 7, 8],
  ["two files", "src/other.c", 0, 1],
  ["crlf", "src/crlf.c", 1, 2],
  ["long", "src/long.js", 1, 2],
  ["longer", "src/longer.js", 1, 2],
  ["beyond", "src/plain.c", 11, 400],
  ["far beyond", "src/plain.c", 1, "9223372036854775807"],
  ["before", "src/plain.c", 1, -3],
  ["line 0", "src/plain.c", 0, 0],
  ["backwards", "src/plain.c", 11, 2],
  ["backwards, missing", "missing.c", 11, 2],
  ["missing", "missing.c", 1, 2],
  ["still missing, backwards", "missing.c", 11, 2],
  ["absolute", "/missing/x.c", 1, 2],
  ["not a directory", "/dev/null/x.c", 1, 2],
  ["directory", "src", 1, 2],
  ["empty", "src/empty.c", 1, 2],
  ["unclean", "./src//../src/plain.c", 1, 2],
  ["sandboxed", "/proc/self/cwd/src/plain.c", 1, 2],
  ["no file", "", 1, 2],
  ["", "src/plain.c", 1, 2],
  ["ünï<T>", "src/plain.c", 1, 2],
];

function profileOfPlaces(): Uint8Array {
  const strings = [
    "",
    "cpu",
    "microseconds",
    ...PLACES.map(([name]) => name),
    ...PLACES.map(([, file]) => file),
  ];
  return encodeWithProtobufjs({
    string_table: strings,
    sample_type: [{ type: 1, unit: 2 }],
    // Each function calls the next.
    sample: PLACES.map((_, i) => ({
      location_id: i + 1 < PLACES.length ? [i + 2, i + 1] : [i + 1],
      value: [7 ** (i % 9)],
    })),
    location: PLACES.map(([, , , line], i) => ({
      id: i + 1,
      line: [{ function_id: i + 1, line }],
    })),
    function: PLACES.map(([name, file, startLine], i) => ({
      id: i + 1,
      name: strings.indexOf(name),
      filename: strings.indexOf(file),
      start_line: startLine,
    })),
  });
}

beforeAll(() => {
  mkdirSync(path.join(folder, "src/below"), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(path.join(folder, "src", name), text);
  write("plain.c", Array.from({ length: 14 }, (_, i) => `\tline ${i + 1};\n`).join(""));
  write("other.c", "only // wörd");
  write("crlf.c", "a\r\n\r\nb\r\nc");
  write("long.js", `a\n${"x".repeat(65535)}\nb\n`);
  write("longer.js", `a\n${"x".repeat(65536)}\nb\n`);
  write("empty.c", "");
  writeFileSync(path.join(folder, "places.pb"), profileOfPlaces());
});

describe("list is what the installed go tool pprof prints", () => {
  const env = { HOME: folder, PPROF_TMPDIR: folder };
  it.each([
    ["of all functions", ["-list=."]],
    ["of those without a name", ["-list=^$"]],
    ["from a folder below", ["-list=.", "-source_path=src/below"]],
    ["from nowhere", ["-list=.", "-source_path=/nowhere"]],
    ["with prefixes taken off", ["-list=.", "-trim_path=src:/missing", "-source_path=src"]],
    ["in a unit", ["-list=^.*o", "-unit=ms"]],
    ["of nothing", ["-list=no such function"]],
  ])("%s", async (_, args) => {
    const all = [...args, "-symbolize=none", "places.pb"];
    const [theirs, ours] = await Promise.all([
      pprof(all, { env, cwd: folder }),
      tsprof(all, { env, cwd: folder }),
    ]);
    expect(ours.stdout).toBe(theirs.stdout);
    expect(ours.code === 0).toBe(theirs.code === 0);
  });
});

describe("tsprof list", () => {
  it("reports in one line that nothing matches", async () => {
    expect(await tsprof(["list", "nosuch(x|y)", "fixtures/go-cpu.pb.gz"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "tsprof: no matches found for regexp: nosuch(x|y)\n",
    });
  });

  it("finds the sources of the module in the working directory, unlike pprof", async () => {
    const cwd = path.join(ROOT, "fixtures/programs/go");
    const { stdout } = await tsprof(["list", "pricing.share", "../../go-cpu.pb.gz"], { cwd });
    expect(stdout).toContain(" 67:func share(cents, percent int64) int64 {");
    const told = ["list", "-source_path=.", "pricing.share", "../../go-cpu.pb.gz"];
    expect((await tsprof(told, { cwd })).stdout).toContain(
      " Error: could not find file example.com/orders/pricing/pricing.go on path .\n",
    );
  });
});
