import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderOfPrograms } from "../support/binaries.js";
import { useOneProcess } from "../support/one-process.js";
import { pprof } from "../support/pprof.js";
import { ROOT } from "../support/proto.js";

const tsprof = useOneProcess();

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-symbols-"));
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (...names: string[]) => path.join(folder, ...names);
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: folder, encoding: "utf8" });

/** With binutils only: tools of LLVM come first where they are installed. */
const env = {
  PATH: folderOfPrograms(inFolder("tools"), ["addr2line", "nm"]),
  PPROF_BINARY_PATH: inFolder("none"),
  PPROF_TOOLS: "",
};

/** By name: the program's build id. */
const buildIds = new Map<string, string>();

/** Takes the CPU profile of a real program, which holds addresses only. */
function profileProgram(name: string, ...flags: string[]): void {
  const source = path.join(ROOT, "test/support/shop.cc");
  const link = ["-Wl,--no-as-needed", "-Wl,--build-id", "-lprofiler"];
  run("g++", "-g", "-O2", ...flags, source, "-o", name, ...link);
  execFileSync(inFolder(name), {
    env: { ...process.env, CPUPROFILE: inFolder(`${name}.prof`) },
    stdio: "ignore",
  });
  const notes = run("readelf", "-n", name);
  buildIds.set(name, /Build ID: ([0-9a-f]+)/.exec(notes)?.[1] ?? "");
}

beforeAll(() => {
  profileProgram("pie", "-pie", "-fPIE");
  profileProgram("fixed", "-no-pie");
}, 120_000);

/**
 * What addr2line says of an address of a program when it is asked alone: `name file:line`.
 * Its names of inlined functions depend on what it was asked before, so they do not count.
 */
function askAlone(program: string, address: bigint): string[] {
  const lines = run("addr2line", "-fi", "-e", program, address.toString(16)).trim().split("\n");
  const frames: string[] = [];
  for (let i = 0; i < lines.length; i += 2) {
    frames.push(`${lines[i]} ${place(lines[i + 1])}`);
  }
  return frames;
}

/** Without what tells parts of a line apart; a place that is not known has line 0 in reports. */
function place(text: string): string {
  return text.replace(/ \(discriminator.*/, "").replace(/:\?$/, ":?:0");
}

const placeOf = (frame: string) => frame.replace(/^.* /, "");

/** By address: the frames that a report of everything gives. */
function framesOf(raw: string): Map<bigint, string[]> {
  const frames = new Map<bigint, string[]>();
  let last: string[] = [];
  for (const line of raw.slice(raw.indexOf("Locations\n"), raw.indexOf("Mappings\n")).split("\n")) {
    const match = /^ +(?:\d+: (0x[0-9a-f]+) M=(\d+) | +)(.*):0 s=0$/.exec(line);
    if (!match) continue;
    const [, address, mapping, frame] = match;
    if (address) {
      last = [];
      if (mapping === "1") frames.set(BigInt(address), last);
    }
    last.push(frame);
  }
  return frames;
}

describe("a CPU profile of a C++ program", () => {
  for (const name of ["pie", "fixed"]) {
    it(`gets the files, lines and inlined calls that addr2line knows: ${name}`, async () => {
      const args = ["-raw", "-symbolize=demangle=none", inFolder(`${name}.prof`)];
      const { stdout, stderr } = await tsprof(args, { env });
      expect(stderr).toBe("");
      const [, start, offset] = /^1: 0x(\w+)\/0x\w+\/0x(\w+) /m.exec(stdout) as RegExpExecArray;
      // Linked so that addresses of the code are offsets, from 0x400000 on if it cannot move.
      const move =
        BigInt(`0x${offset}`) - BigInt(`0x${start}`) + (name === "fixed" ? 0x400000n : 0n);
      const frames = framesOf(stdout);
      expect(frames.size).toBeGreaterThan(5);
      for (const [address, stack] of frames) {
        const alone = askAlone(name, address + move);
        expect(stack.map(placeOf)).toEqual(alone.map(placeOf));
      }
      expect([...frames.values()].some((stack) => stack.length > 1)).toBe(true);
    }, 60_000);
  }

  it("spends its time on the lines that go tool pprof says", async () => {
    // That one reads debug information by itself, of programs that can move, and has no
    // names of C++ functions.
    const args = ["-text", "-lines", "-nodefraction=0", "-unit=s", inFolder("pie.prof")];
    const [ours, theirs] = await Promise.all([tsprof(args, { env }), pprof(args)]);
    const timeByLine = (text: string) => {
      const times: Record<string, number> = {};
      for (const [, flat, line] of text.matchAll(/^ +([0-9.]+)s? .*(shop\.cc:\d+)/gm)) {
        times[line] = Math.round(100 * ((times[line] ?? 0) + Number(flat))) / 100;
      }
      return Object.fromEntries(Object.entries(times).filter(([, time]) => time > 0));
    };
    expect(Object.keys(timeByLine(ours.stdout)).length).toBeGreaterThan(2);
    expect(timeByLine(ours.stdout)).toEqual(timeByLine(theirs.stdout));
  }, 60_000);

  it("has readable names, and those of nm alone with fastlocal", async () => {
    const file = inFolder("pie.prof");
    const full = await tsprof(["-top", file], { env });
    expect(full.stdout).toMatch(/ \(anonymous namespace\)::Till::count\n/);
    expect(full.stdout).toMatch(/ mix \(inline\)\n| shop::mix \(inline\)\n/);
    const templates = await tsprof(["-top", "-symbolize=demangle=full", file], { env });
    expect(templates.stdout).toMatch(/ shop::price\(std::vector<unsigned int/);
    const fast = await tsprof(["-text", "-lines", "-symbolize=fastlocal", file], { env });
    expect(fast.stdout).toMatch(/ shop::price\n/);
    expect(fast.stdout).not.toMatch(/inline|shop\.cc/);
  });

  it("has no names with -symbolize=none, and runs no tool", async () => {
    const args = ["-top", "-symbolize=none", inFolder("pie.prof")];
    const { stdout, stderr } = await tsprof(args, { env });
    expect(stderr).toBe("");
    expect(stdout).not.toContain("price");
  });
});

describe("the binary", () => {
  /** The profile as if it was taken elsewhere: its binary is not where it was. */
  const moved = async (buildId: string) => {
    const file = inFolder(`moved-${buildId.slice(0, 8)}.pb.gz`);
    const args = ["-proto", "-symbolize=none", `-buildid=${buildId}`, `-output=${file}`];
    const elsewhere = inFolder("elsewhere", "app");
    mkdirSync(path.dirname(elsewhere), { recursive: true });
    copyFileSync(inFolder("pie"), elsewhere);
    await tsprof([...args, elsewhere, inFolder("pie.prof")], { env });
    rmSync(elsewhere);
    return file;
  };
  const locations = ({ stdout }: { stdout: string }) =>
    stdout.slice(stdout.indexOf("Locations\n"), stdout.indexOf("Mappings\n"));
  const named = async () => locations(await tsprof(["-raw", inFolder("pie.prof")], { env }));

  it("is found by its build id or its name in the layouts that pprof knows", async () => {
    const id = buildIds.get("pie") ?? "";
    const profile = await moved(id);
    const fast = ["-raw", "-symbolize=fastlocal"];
    const expected = locations(await tsprof([...fast, inFolder("pie.prof")], { env }));
    const from = inFolder("elsewhere");
    for (const layout of [
      `${id}/app`,
      `${id}/any`,
      `${from}/app/${id}`,
      `${id.slice(0, 2)}/${id.slice(2)}.debug`,
      "app",
      `${from}/app`,
      `${from}/app.debug`,
      `${from}/.debug/app.debug`,
      `usr/lib/debug/${from}/app.debug`,
    ]) {
      const found = inFolder("found", layout);
      mkdirSync(path.dirname(found), { recursive: true });
      copyFileSync(inFolder("pie"), found);
      const PPROF_BINARY_PATH = inFolder("found");
      const result = await tsprof([...fast, profile], { env: { ...env, PPROF_BINARY_PATH } });
      expect(result.stderr).toBe("");
      expect(locations(result), layout).toBe(expected);
      rmSync(inFolder("found"), { recursive: true });
    }
  }, 120_000);

  it("may be one that is stripped, with its debug information found by build id", async () => {
    const id = buildIds.get("pie") ?? "";
    const profile = await moved(id);
    const debug = inFolder("debug", id.slice(0, 2), `${id.slice(2)}.debug`);
    mkdirSync(path.dirname(debug), { recursive: true });
    run("objcopy", "--only-keep-debug", "pie", debug);
    const PPROF_BINARY_PATH = inFolder("debug");
    const result = await tsprof(["-raw", profile], { env: { ...env, PPROF_BINARY_PATH } });
    expect(locations(result)).toBe(await named());
  });

  it("may be one that is stripped, with its debug information found by its debuglink", async () => {
    const file = inFolder("pie.prof");
    const whole = await tsprof(["-raw", file], { env });
    const lines = /shop\.cc:\d+/;
    expect(whole.stdout).toMatch(lines);
    copyFileSync(inFolder("pie"), inFolder("pie.whole"));
    try {
      run("objcopy", "--only-keep-debug", "pie.whole", "pie.debug");
      run("objcopy", "--strip-debug", "--add-gnu-debuglink=pie.debug", "pie");
      expect((await tsprof(["-raw", file], { env })).stdout).toBe(whole.stdout);
      mkdirSync(inFolder(".debug"));
      renameSync(inFolder("pie.debug"), inFolder(".debug", "pie.debug"));
      expect((await tsprof(["-raw", file], { env })).stdout).toBe(whole.stdout);
      rmSync(inFolder(".debug"), { recursive: true });
      expect((await tsprof(["-raw", file], { env })).stdout).not.toMatch(lines);
    } finally {
      copyFileSync(inFolder("pie.whole"), inFolder("pie"));
    }
  }, 60_000);

  it("is not used if it is another build, as in pprof", async () => {
    const profile = await moved("abcdef0123456789");
    mkdirSync(inFolder("other"));
    copyFileSync(inFolder("pie"), inFolder("other", "app"));
    const PPROF_BINARY_PATH = inFolder("other");
    const { stdout, stderr } = await tsprof(["-raw", profile], {
      env: { ...env, PPROF_BINARY_PATH },
    });
    // pprof's words, but for the first two of each line.
    expect(stderr.split("\n")).toEqual([
      `tsprof: Ignoring local file ${inFolder("other", "app")}: build-id mismatch ` +
        `(abcdef0123456789 != ${buildIds.get("pie")})`,
      `tsprof: Local symbolization failed for app (build ID abcdef0123456789): ` +
        `stat ${inFolder("elsewhere", "app")}: no such file or directory`,
      "tsprof: Some binary filenames not available. Symbolization may be incomplete.",
      "tsprof: Try setting PPROF_BINARY_PATH to the search path for local binaries.",
      "",
    ]);
    expect(stdout).not.toContain("shop.cc");

    const named = await tsprof(["-raw", "./pie", profile], { env, cwd: folder });
    expect(named.stderr).toBe(
      "tsprof: Local symbolization failed for pie (build ID abcdef0123456789): build ID mismatch\n",
    );
  });

  it("may be named first, also by a relative path", async () => {
    const profile = await moved("");
    const args = ["-raw", "./pie", profile];
    const result = await tsprof(args, { env, cwd: folder });
    expect(result.stderr).toBe("");
    expect(locations(result)).toBe(await named());
  });

  it("finds names with tools outside PATH if -tools or PPROF_TOOLS names their folder", async () => {
    const bare = { ...env, PATH: inFolder("none") };
    const expected = await named();
    const args = ["-raw", inFolder("pie.prof")];
    const without = await tsprof(args, { env: bare });
    expect(without.stderr).toContain("nm not found");
    for (const [options, more] of [
      [[`-tools=${env.PATH}`], {}],
      [[`-tools=addr2line:${env.PATH},nm:${env.PATH}`], {}],
      [[], { PPROF_TOOLS: env.PATH }],
    ] as const) {
      const result = await tsprof([...options, ...args], { env: { ...bare, ...more } });
      expect(locations(result)).toBe(expected);
    }
  });

  it("is not read if the profile has names", async () => {
    const profile = path.join(ROOT, "fixtures/go-cpu.pb.gz");
    expect(readFileSync(profile).length).toBeGreaterThan(0);
    const { stderr } = await tsprof(["-top", profile], { env });
    expect(stderr).toBe("");
  });
});
