import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Profiled, pprofWithTools, profileCpp, profileGo } from "../support/machine-code.js";
import { useOneProcess } from "../support/one-process.js";
import { encodeWithProtobufjs } from "../support/proto.js";
import { runProgram } from "../support/run.js";
import { readOurPage, readPprofPage } from "../support/weblist-pages.js";

const tsprof = useOneProcess();

const root = mkdtempSync(path.join(os.tmpdir(), "tsprof-machine-code-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Folders with only the tools of GNU or only those of LLVM. */
const gnu = path.join(root, "gnu");
const llvm = path.join(root, "llvm");
const env = { HOME: root, PPROF_TMPDIR: root };

let pprof: string;
let programs: Record<"pie" | "noPie" | "cpu" | "heap", Profiled>;

beforeAll(() => {
  for (const [folder, tools] of [
    [gnu, ["objdump", "nm", "addr2line"]],
    [llvm, ["llvm-objdump", "llvm-nm", "llvm-symbolizer"]],
  ] as const) {
    mkdirSync(folder);
    for (const tool of tools) symlinkSync(`/usr/bin/${tool}`, path.join(folder, tool));
  }
  pprof = pprofWithTools();
  const pie = profileCpp(root, "pie", ["-fPIE", "-pie"]);
  const noPie = profileCpp(root, "no-pie", ["-no-pie"]);
  programs = { pie, noPie, ...profileGo(root) };
}, 240_000);

type Name = keyof typeof programs;

/**
 * pprof takes the base of a binary from whichever place comes first, which is left to chance
 * where places of several binaries are shown: so the C++ programs are shown without theirs.
 */
const SHOP = ["-show=shop\\.cc"];

async function both(name: Name, args: readonly string[]) {
  const { program, profile } = programs[name];
  const line = [...args, program, profile];
  return { theirs: await runProgram(pprof, line, { env }), ours: await tsprof(line, { env }) };
}

describe("disasm prints what pprof prints", () => {
  const cases: [Name, string[]][] = [
    ["pie", ["-disasm=shop", ...SHOP, `-tools=${gnu}`]],
    ["pie", ["-disasm=shop", ...SHOP, `-tools=${llvm}`]],
    ["noPie", ["-disasm=shop::", ...SHOP, `-tools=${gnu}`]],
    ["noPie", ["-disasm=Basket::total", ...SHOP, `-tools=${llvm}`, "-intel_syntax"]],
    [
      "noPie",
      ["-disasm=_ZNK4shop|scramble", ...SHOP, `-tools=${gnu}`, "-intel_syntax", "-unit=us"],
    ],
    ["cpu", ["-disasm=main\\.", `-tools=${gnu}`]],
    ["cpu", ["-disasm=main.work|sort", `-tools=${llvm}`, "-focus=work", "-divide_by=2"]],
    ["heap", ["-disasm=größe|work", `-tools=${llvm}`, "-sample_index=alloc_space", "-mean"]],
  ];
  it.each(cases)(
    "%s %j",
    async (name, args) => {
      const { theirs, ours } = await both(name, args);
      expect(theirs.stdout).toMatch(/^Total: .*\nROUTINE .*\n.* of Total\n.*: \S+/);
      expect(ours).toEqual({ code: 0, stdout: theirs.stdout, stderr: "" });
    },
    60_000,
  );

  it("for the address of a function in the binary", async () => {
    const { program } = programs.cpu;
    const symbols = (await runProgram("nm", [program])).stdout;
    const address = /^0*([0-9a-f]+) T main\.work$/m.exec(symbols)?.[1];
    const { theirs, ours } = await both("cpu", [`-disasm=0x${address}`, `-tools=${llvm}`]);
    expect(theirs.stdout).toContain("ROUTINE ======================== main.work\n");
    expect(ours.stdout).toBe(theirs.stdout);
  }, 60_000);

  // The wording of current pprof; the pprof of Go differs.
  it.each([
    ["nosuch", "no matches found for regexp nosuch"],
    ["0x1", "no matches found for address 0x1"],
    [
      "0x401000",
      "address 0x401000 found in binary, but the corresponding symbols do not have samples in the profile",
    ],
  ])("or reports that nothing matches, for %s", async (pattern, message) => {
    const { program, profile } = programs.cpu;
    const result = await tsprof(["disasm", pattern, program, profile], { env });
    expect(result).toEqual({ code: 1, stdout: "", stderr: `tsprof: ${message}\n` });
  });
});

it("disasm accepts an address in memory if the binary was relocated", async () => {
  const { program, profile } = programs.pie;
  const raw = (await tsprof(["raw", program, profile], { env })).stdout;
  const address = /0x([0-9a-f]+) M=1 shop::scramble /.exec(raw)?.[1];
  const { stdout } = await tsprof(["disasm", `0x${address}`, program, profile], { env });
  expect(stdout).toMatch(/^Total: .*\nROUTINE =+ _ZN4shop8scrambleEji\n/);
}, 60_000);

describe("names, files, lines and inlined calls are the same as in pprof", () => {
  /**
   * Today's pprof tells columns, has the first lines of functions from LLVM, and says of a place
   * without a name (where a library's functions begin) that it has no line; Go's does not.
   */
  const asOlder = (raw: string) =>
    raw.replace(/:(\d+):\d+ s=\d+/g, ":$1 s=0").replace(/( M=\d+ ) :0 s=0$/gm, "$1");
  const cases = (["pie", "noPie"] as const).flatMap((name) =>
    ["gnu", "llvm"].flatMap((tools) => ["-raw", "-text"].map((report) => [name, tools, report])),
  ) as ["pie" | "noPie", string, string][];
  it.each(cases)(
    "%s %s %s",
    async (name, tools, report) => {
      // The profile is given twice, because that pprof merges samples even within one profile.
      const { profile } = programs[name];
      const level = report === "-text" ? ["-lines", "-nodefraction=0"] : [];
      const line = [report, ...level, `-tools=${path.join(root, tools)}`, profile, profile];
      const theirs = (await runProgram(pprof, line, { env })).stdout;
      const ours = await tsprof(line, { env });
      expect(theirs).toMatch(/shop::scramble.* \S*shop\.cc:\d+/);
      if (report === "-raw") expect(theirs).toMatch(/^ {8,}shop::\S+ \S*shop\.cc:\d+ s=/m);
      else expect(theirs).toContain("(inline)");
      expect(ours.stderr).toBe("");
      expect(asOlder(ours.stdout)).toBe(theirs);
    },
    60_000,
  );
});

/** Sorts the functions of a page, each with its lines. */
function sortedFunctions(lines: readonly string[]): string[] {
  const functions: string[][] = [];
  for (const line of lines) {
    if (line.startsWith("function ")) functions.push([]);
    functions.at(-1)?.push(line);
  }
  return functions.sort(([a], [b]) => (a < b ? -1 : 1)).flat();
}

describe("weblist has the numbers, instructions and inlined calls of pprof", () => {
  const cases: [Name, string[]][] = [
    ["pie", ["-weblist=scramble|total", `-tools=${gnu}`]],
    ["pie", ["-weblist=scramble|total", `-tools=${llvm}`]],
    ["noPie", ["-weblist=mix|Basket", `-tools=${llvm}`, "-intel_syntax"]],
    ["cpu", ["-weblist=main\\.", `-tools=${gnu}`]],
    ["cpu", ["-weblist=main|sort", `-tools=${llvm}`, "-hide=pdq", "-unit=ms"]],
    ["heap", ["-weblist=größe|work", `-tools=${llvm}`, "-sample_index=alloc_space", "-mean"]],
  ];
  it.each(cases)(
    "%s %j",
    async (name, args) => {
      const { program, profile } = programs[name];
      const [theirs, ours] = [path.join(root, "theirs.html"), path.join(root, "ours.html")];
      await runProgram(pprof, [...args, `-output=${theirs}`, program, profile], { env });
      const made = await tsprof([...args, `-output=${ours}`, program, profile], { env });
      expect(made.code).toBe(0);
      const expected = readPprofPage(readFileSync(theirs, "utf8"));
      expect(expected.filter((line) => line.startsWith("instruction")).length).toBeGreaterThan(10);
      // tsprof shows the functions with the highest cost first.
      const listed = readOurPage(readFileSync(ours, "utf8"));
      expect(sortedFunctions(listed)).toEqual(sortedFunctions(expected));
    },
    60_000,
  );
});

describe("without binaries, tools or sources", () => {
  it("disasm says what to install", async () => {
    const { program, profile } = programs.cpu;
    const args = ["disasm", "main.work", program, profile];
    const result = await tsprof(args, { env: { ...env, PATH: root } });
    expect(result).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "tsprof: nm not found; install binutils or LLVM, or name its folder with -tools\n" +
        "tsprof: no matches found for regexp main.work\n",
    });
  });

  it("weblist shows the data of the profile itself", async () => {
    const { program, profile } = programs.cpu;
    const args = ["weblist", "main.work$", program, profile];
    const result = await tsprof(args, { env: { ...env, PATH: root } });
    expect(result.code).toBe(0);
    expect(result.stdout).toContain("Some machine code is missing: objdump not found");
    const lines = readOurPage(result.stdout);
    expect(lines[0]).toMatch(/^function \| main\.work \| .*orders\.go \| /);
    expect(lines.some((line) => /^line \| \d+ \| .*s \| sort\.Slice/.test(line))).toBe(true);
    expect(lines.join("\n")).not.toContain("instruction");
  });
});

/** A profile with a sample in `main`, in a binary of this name. */
function hostileProfile(name: string): Uint8Array {
  return encodeWithProtobufjs({
    string_table: ["", "samples", "count", name, "main", "main.c"],
    sample_type: [{ type: 1, unit: 2 }],
    sample: [{ location_id: [1], value: [1] }],
    mapping: [{ id: 1, memory_start: 0x400000, memory_limit: 0x500000, filename: 3 }],
    location: [{ id: 1, mapping_id: 1, address: 0x401010, line: [{ function_id: 1, line: 3 }] }],
    function: [{ id: 1, name: 4, system_name: 4, filename: 5 }],
  });
}

describe("invented names of binaries in a profile", () => {
  const names = [
    "-x",
    "--help",
    "; touch ran",
    "$(touch ran)",
    "../../../etc/passwd",
    "/etc/passwd",
    "/dev/zero",
    "relative/orders.exe",
  ];
  it.each(names)("are never passed to a tool: %j", async (name) => {
    const folder = mkdtempSync(path.join(root, "hostile-"));
    const tools = path.join(folder, "tools");
    mkdirSync(tools);
    for (const tool of ["objdump", "llvm-objdump", "nm", "llvm-nm", "addr2line"]) {
      const script = `#!/bin/sh\ncase "$*" in --version) echo GNU objdump;; *) echo "$0 $*" >> ${folder}/ran;; esac\n`;
      writeFileSync(path.join(tools, tool), script, { mode: 0o755 });
    }
    const profile = path.join(folder, "hostile.pb");
    writeFileSync(profile, hostileProfile(name));
    for (const command of ["disasm", "weblist"]) {
      const result = await tsprof([command, ".", `-tools=${tools}`, profile], {
        env,
        cwd: folder,
      });
      expect(result.code).toBe(command === "disasm" ? 1 : 0);
      expect(result.stderr).toMatch(
        /: No machine code for .*: (its name is not an absolute path|unrecognized binary|not read|not a regular)/,
      );
      expect(result.stdout).not.toContain("root:x:");
      expect(result.stderr.split("\n").filter((line) => !line.startsWith("tsprof: "))).toEqual([
        "",
      ]);
      expect(readdirSync(folder).sort()).toEqual(["hostile.pb", "tools"]);
    }
  });
});
