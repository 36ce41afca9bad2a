import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { historyFile, ShellHistory } from "../../../src/platform/settings/shell-history.js";

const temporary = mkdtempSync(path.join(os.tmpdir(), "tsprof-history-"));
afterAll(() => rmSync(temporary, { recursive: true }));

let files = 0;
/** A file in a folder of its own, with that text. */
function fileWith(text: string | Uint8Array): string {
  const folder = path.join(temporary, `folder${files++}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, "history"), text);
  return path.join(folder, "history");
}
function fail(line: string): void {
  throw new Error(line);
}
const open = (file: string) => new ShellHistory(file, fail);
const stored = (file: string) => readFileSync(file, "utf8").split("\n").slice(0, -1);
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `top${from + i}`);

describe("the file of the history", () => {
  it("is in the folder for state, or elsewhere, or nowhere", () => {
    const fileIn = (env: NodeJS.ProcessEnv) => historyFile(env, "linux");
    expect(fileIn({ HOME: "/me" })).toBe("/me/.local/state/tsprof/history");
    expect(fileIn({ HOME: "/me", TSPROF_HISTORY: "/tmp/h" })).toBe("/tmp/h");
    expect(fileIn({ HOME: "/me", TSPROF_HISTORY: "h" })).toBe(path.resolve("h"));
    expect(fileIn({ HOME: "/me", TSPROF_HISTORY: "" })).toBeUndefined();
    expect(fileIn({ HOME: "/me", TSPROF_HISTORY: "off" })).toBeUndefined();
    expect(fileIn({})).toBeUndefined();
  });
});

describe("the history", () => {
  it("is created with the first line, for its owner only, and is read next time", () => {
    const file = path.join(temporary, "state", "tsprof", "history");
    const history = open(file);
    expect(history.lines).toEqual([]);
    expect(readdirSync(temporary)).not.toContain("state");
    for (const line of ["top", "top", "", "  ", "focus=a\tb\nc\u001b[31mü", "x".repeat(20_000)]) {
      history.add(line);
    }
    expect(stored(file)).toEqual(["top", "focus=a bc[31mü"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    const next = open(file);
    expect(next.lines).toEqual(["top", "focus=a bc[31mü"]);
    next.add("focus=a bc[31mü");
    next.add("top");
    expect(stored(file)).toEqual(["top", "focus=a bc[31mü", "top"]);
  });

  it("stores the lines of two shells at the same time, even if they trim", () => {
    const file = fileWith("");
    const shells = [open(file), open(file)];
    const lines = numbers(0, 4500);
    for (const [i, line] of lines.entries()) shells[i % 2].add(line);
    const kept = stored(file);
    expect(kept.length).toBeLessThan(4000);
    expect(kept).toEqual(lines.slice(-kept.length));
    expect(kept.length).toBeGreaterThanOrEqual(1000);
    expect(open(file).lines).toEqual(lines.slice(-1000));
    expect(readdirSync(path.dirname(file))).toEqual(["history"]);
  });

  it("is trimmed once it has twice too many lines, through a link", () => {
    const file = fileWith(`${numbers(0, 1998).join("\n")}\n`);
    const link = path.join(path.dirname(file), "link");
    symlinkSync("history", link);
    const history = open(link);
    history.add("one");
    expect(stored(file)).toHaveLength(1999);
    history.add("two");
    expect(stored(file)).toEqual([...numbers(1000, 1998), "one", "two"]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it("is not trimmed while another shell trims it, unless that one crashed", () => {
    const file = fileWith(`${numbers(0, 2500).join("\n")}\n`);
    const other = `${file}.new`;
    writeFileSync(other, "");
    const history = open(file);
    history.add("one");
    expect(stored(file)).toHaveLength(2501);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(other, longAgo, longAgo);
    open(file).add("two");
    expect(stored(file)).toEqual([...numbers(1502, 2500), "one", "two"]);
  });

  it("takes whatever the file holds", () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) >> 3);
    for (const line of open(fileWith(bytes)).lines) expect(line).not.toMatch(/\p{Cc}/u);

    const huge = fileWith(`${"y".repeat(3 << 20)}\ntop\n\u0007tree`);
    const history = open(huge);
    expect(history.lines).toEqual(["top", "tree"]);
    history.add("peek");
    expect(stored(huge)).toEqual(["top", "tree", "peek"]);
  });

  it("ends a line that was cut before it adds one", () => {
    const file = fileWith("top\ntre");
    open(file).add("peek");
    expect(stored(file)).toEqual(["top", "tre", "peek"]);
  });

  it("reports an error once, and continues", () => {
    const warnings: string[] = [];
    const inFile = path.join(fileWith("x"), "history");
    const history = new ShellHistory(inFile, (line) => warnings.push(line));
    history.add("top");
    history.add("tree");
    expect(warnings).toEqual([`cannot keep the history in ${inFile}: not a directory`]);

    const folder = path.dirname(fileWith(""));
    new ShellHistory(folder, (line) => warnings.push(line)).add("top");
    expect(warnings.slice(1)).toEqual([`cannot keep the history in ${folder}: is a directory`]);
  });

  it("keeps nothing in a device", () => {
    const history = open("/dev/null");
    expect(history.lines).toEqual([]);
    history.add("top");
  });
});
