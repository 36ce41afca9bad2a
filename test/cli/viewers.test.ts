import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { ViewerName } from "../../src/options/commands.js";
import { showInViewer, VIEWERS } from "../../src/session/show/viewers.js";
import { tsprof } from "../support/run.js";

const CPU = "fixtures/go-cpu.pb.gz";
const root = mkdtempSync(path.join(os.tmpdir(), "tsprof-viewers-"));
afterAll(() => rmSync(root, { recursive: true }));

/** The temporary folder of a test, the folder of its programs, and the file for their output. */
let temporary: string;
let programs: string;
let seen: string;
let serial = 0;

beforeEach(() => {
  const folder = path.join(root, `a b${serial++}`);
  [temporary, programs, seen] = ["tmp", "bin", "seen"].map((name) => path.join(folder, name));
  for (const name of [temporary, programs, seen]) mkdirSync(name, { recursive: true });
});

/** Makes a program that records its arguments and the content of the last one. */
function makeProgram(name: string, then = "exit 0"): string {
  const file = path.join(programs, name);
  const script = [
    "#!/bin/sh",
    "PATH=/usr/bin:/bin",
    `for word in "$@"; do last=$word; printf '%s\\n' "$word"; done > '${seen}/${name}.words'`,
    `cat < "$last" > '${seen}/${name}.content'`,
    then,
  ];
  writeFileSync(file, `${script.join("\n")}\n`);
  chmodSync(file, 0o755);
  return file;
}

const wordsOf = (name: string) =>
  readFileSync(path.join(seen, `${name}.words`), "utf8")
    .split("\n")
    .slice(0, -1);
const contentOf = (name: string) => readFileSync(path.join(seen, `${name}.content`), "utf8");

/** Returns the only temporary file. */
function theFile(): string {
  const files = readdirSync(temporary);
  expect(files).toHaveLength(1);
  return path.join(temporary, files[0]);
}

/** Runs `tsprof kcachegrind` with only the programs of the test. */
function kcachegrind(args: string[] = [], env: Record<string, string> = {}) {
  return tsprof(["kcachegrind", ...args, CPU], {
    env: { PATH: programs, TMPDIR: temporary, DISPLAY: ":9", WAYLAND_DISPLAY: "", ...env },
  });
}

describe.skipIf(process.platform === "win32")("tsprof kcachegrind", () => {
  it("opens the callgrind report in a private file that stays", async () => {
    makeProgram("kcachegrind");
    const result = await kcachegrind(["-focus=pricing"]);
    const file = theFile();
    expect(result).toEqual({
      code: 0,
      stdout: "",
      stderr: `tsprof: opened ${file} with kcachegrind\n`,
    });
    expect(wordsOf("kcachegrind")).toEqual([file]);
    const { stdout } = await tsprof(["callgrind", "-focus=pricing", CPU]);
    expect(contentOf("kcachegrind")).toBe(stdout);
    expect(readFileSync(file, "utf8")).toBe(stdout);
    expect(path.basename(file)).toMatch(/^tsprof-[0-9a-f]{12}\.grind$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("ends before the program, which keeps none of its streams", async () => {
    makeProgram("qcachegrind", `sleep 3; echo late >> '${seen}/late'`);
    const { code, stderr } = await kcachegrind();
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `tsprof: opened ${theFile()} with qcachegrind\n`,
    });
    expect(existsSync(path.join(seen, "late"))).toBe(false);
    const late = path.join(seen, "late");
    await expect.poll(() => existsSync(late) && readFileSync(late, "utf8")).toBe("late\n");
  });

  it("tries the next program if one fails, and reports that", async () => {
    makeProgram("kcachegrind", "exit 3");
    makeProgram("qcachegrind");
    const { code, stderr } = await kcachegrind();
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "tsprof: kcachegrind ended with status 3\n" +
        `tsprof: opened ${theFile()} with qcachegrind\n`,
    });
  });

  it.each([
    ["there is no program", () => {}, {}, "there is none of kcachegrind, qcachegrind"],
    [
      "there is no display",
      () => makeProgram("kcachegrind"),
      { DISPLAY: "" },
      "there is no display",
    ],
    [
      "the program fails",
      () => makeProgram("kcachegrind", "exit 3"),
      {},
      "kcachegrind ended with status 3",
    ],
    [
      "the program is killed",
      () => makeProgram("kcachegrind", "kill -9 $$"),
      {},
      "kcachegrind ended with SIGKILL",
    ],
    [
      "the program may not be started",
      () => chmodSync(makeProgram("kcachegrind"), 0o600),
      {},
      "kcachegrind cannot be started (EACCES)",
    ],
  ])("if %s, names the file in one line", async (_, prepare, env, why) => {
    prepare();
    const result = await kcachegrind([], env);
    const file = theFile();
    expect(result).toEqual({
      code: 1,
      stdout: "",
      stderr: `tsprof: ${why}; the report is in ${file}, open it with kcachegrind or qcachegrind\n`,
    });
    expect(readFileSync(file, "utf8")).toMatch(/^positions: instr line\n/);
  });

  it("with -output writes the file and starts nothing, as pprof does", async () => {
    makeProgram("kcachegrind");
    const file = path.join(seen, "out.grind");
    const result = await kcachegrind([`-output=${file}`]);
    expect(result).toEqual({
      code: 0,
      stdout: "",
      stderr: `tsprof: wrote the report to ${file}\n`,
    });
    expect(readFileSync(file, "utf8")).toMatch(/^positions: instr line\n/);
    expect(readdirSync(temporary)).toEqual([]);
    expect(existsSync(path.join(seen, "kcachegrind.words"))).toBe(false);
  });

  it("passes no folder names as options to programs", async () => {
    makeProgram("kcachegrind");
    mkdirSync(path.join(temporary, "-x"));
    const { code } = await tsprof(["kcachegrind", path.resolve(CPU)], {
      cwd: temporary,
      env: { PATH: programs, TMPDIR: "-x", DISPLAY: ":9" },
    });
    expect(code).toBe(0);
    expect(wordsOf("kcachegrind")).toEqual([
      expect.stringMatching(/^\/.*\/-x\/tsprof-\w+\.grind$/),
    ]);
  });

  it("reports a missing folder for the file", async () => {
    const { code, stderr } = await kcachegrind([], { TMPDIR: path.join(temporary, "nosuch") });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^tsprof: .*tsprof-\w+\.grind: no such file or directory\n$/),
    });
  });

  it("has help with the options of callgrind", async () => {
    const { stdout } = await tsprof(["help", "kcachegrind"]);
    expect(stdout).toContain("-focus=");
    expect((await tsprof(["-kcachegrind", "-nosuch", CPU])).code).toBe(2);
  });
});

/** Shows a report of two pieces in `viewer`; returns the messages. */
async function show(viewer: ViewerName, env: Record<string, string>): Promise<string[]> {
  const said: string[] = [];
  const before = { ...process.env };
  Object.assign(process.env, { PATH: programs, TMPDIR: temporary });
  try {
    await showInViewer(
      VIEWERS[viewer],
      ["<svg>", "é</svg>\n"],
      { platform: "linux", env },
      (line) => said.push(line),
    );
  } catch (error) {
    said.push((error as Error).message);
  } finally {
    Object.assign(process.env, { PATH: before.PATH, TMPDIR: before.TMPDIR ?? "" });
    if (before.TMPDIR === undefined) delete process.env.TMPDIR;
  }
  return said;
}

describe.skipIf(process.platform === "win32")("viewers of the graph", () => {
  const DISPLAY = { DISPLAY: ":9" };

  it.each<[ViewerName, string, string[], string]>([
    ["web", "firefox", [], ".svg"],
    ["web", "xdg-open", [], ".svg"],
    ["eog", "eog", [], ".svg"],
    ["evince", "evince", [], ".pdf"],
    ["gv", "gv", ["--noantialias"], ".ps"],
  ])("%s starts %s", async (viewer, program, options, ending) => {
    makeProgram(program);
    const said = await show(viewer, DISPLAY);
    const file = theFile();
    expect(said).toEqual([`opened ${file} with ${program}`]);
    expect(wordsOf(program)).toEqual([...options, file]);
    expect(contentOf(program)).toBe("<svg>é</svg>\n");
    expect(file.endsWith(ending)).toBe(true);
  });

  it("web prefers a browser to the image viewer of the desktop", async () => {
    makeProgram("xdg-open");
    makeProgram("chromium");
    expect(await show("web", { WAYLAND_DISPLAY: "wayland-0" })).toEqual([
      `opened ${theFile()} with chromium`,
    ]);
  });

  it("web takes BROWSER first, without a display too: a list of commands with arguments", async () => {
    makeProgram("firefox");
    const bad = path.basename(makeProgram("bad", "exit 7"));
    const wanted = makeProgram("wanted");
    const BROWSER = `nosuch:${bad} -x::"${wanted}" --new 'a b' file=%s %s`;
    expect(await show("web", { BROWSER })).toEqual([
      "bad ended with status 7",
      `opened ${theFile()} with ${wanted}`,
    ]);
    expect(wordsOf("bad")).toEqual(["-x", theFile()]);
    expect(wordsOf("wanted")).toEqual(["--new", "a b", `file=${theFile()}`, theFile()]);
    expect(existsSync(path.join(seen, "firefox.words"))).toBe(false);
  });

  it("no shell interprets BROWSER", async () => {
    makeProgram("wanted");
    await show("web", { BROWSER: `wanted $(touch$IFS'${seen}'/x);touch` });
    expect(existsSync(path.join(seen, "x"))).toBe(false);
    expect(wordsOf("wanted").at(-1)).toBe(theFile());
  });

  it("name the file if no program starts", async () => {
    const [line, ...more] = await show("web", {});
    expect(more).toEqual([]);
    expect(line).toBe(`there is no display; the report is in ${theFile()}, open it with a browser`);
    rmSync(theFile());
    expect(await show("evince", DISPLAY)).toEqual([
      `there is no evince; the report is in ${theFile()}, open it with a program for PDF`,
    ]);
  });
});
