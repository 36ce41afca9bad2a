import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { widthOf } from "../../src/cli/terminal/fit.js";
import { ROOT } from "../support/proto.js";
import { TSPROF, tsprof } from "../support/run.js";

const CPU = "fixtures/go-cpu.pb.gz";

/** A tmux server of its own. */
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-tmux-"));
const tmux = (...args: string[]) =>
  execFileSync("tmux", ["-S", path.join(folder, "socket"), "-f", "/dev/null", ...args], {
    encoding: "utf8",
    cwd: ROOT,
  });

beforeAll(() => {
  tmux("new-session", "-d", "-s", "keep", "-x", "80", "-y", "24", "sleep 600");
});
afterAll(() => {
  tmux("kill-server");
  rmSync(folder, { recursive: true });
});

let sessions = 0;

/** What a terminal shows of a command once it is done; with `colours`, as escape sequences. */
async function show(args: string, { width = 80, env = "", colours = false } = {}): Promise<string> {
  const name = `test${sessions++}`;
  // Whatever runs the tests may have a say about colours of its own.
  const command = `env -u CI -u FORCE_COLOR -u NO_COLOR ${env} ${process.execPath} ${TSPROF} ${args}; echo done-$?; sleep 600`;
  tmux("new-session", "-d", "-s", name, "-x", String(width), "-y", "60", command);
  for (let i = 0; i < 200; i++) {
    const screen = tmux("capture-pane", "-p", ...(colours ? ["-e"] : []), "-t", name);
    const end = screen.indexOf("done-0");
    if (end >= 0) {
      tmux("kill-session", "-t", name);
      return screen.slice(0, end);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no end of ${args}`);
}

const rowsOf = (screen: string) =>
  screen.split("\n").filter((line) => /^ *-?[\d.]+(ms|s|us|ns) /.test(line));

describe("top on a terminal", () => {
  it.each([80, 120, 200])("has the rows of the plain report, within %d columns", async (width) => {
    const args = "top -nodecount=20 -unit=ms";
    const rows = rowsOf(await show(`${args} ${CPU}`, { width }));
    const plain = (await tsprof([...args.split(" "), CPU])).stdout.split("\n").filter(Boolean);
    const expected = plain.slice(plain.findIndex((line) => line.includes("flat%")) + 1);
    expect(rows).toHaveLength(20);
    rows.forEach((row, i) => {
      expect(widthOf(row)).toBeLessThanOrEqual(width);
      // The same numbers, and at 200 columns the same name.
      const numbers = expected[i].trim().split(/\s+/).slice(0, 5);
      expect(row.trim().split(/\s+/).slice(0, 5)).toEqual(numbers);
      if (width === 200) expect(row).toContain(expected[i].slice(48).trim());
    });
  });

  it("shortens long names in the middle", async () => {
    const screen = await show(`top -lines -nodecount=20 ${CPU}`, { width: 70 });
    const long = rowsOf(screen).filter((row) => row.includes("…"));
    expect(long.length).toBeGreaterThan(0);
    // The package at one end and the line at the other are both still there.
    for (const row of long) expect(row).toMatch(/ {2}\w[^…]+….*:\d+( \(.*\))?$/);
  });

  it("has bars where there is room", async () => {
    expect(await show(`top -nodecount=5 ${CPU}`, { width: 120 })).toContain("█");
    expect(await show(`top -nodecount=5 ${CPU}`, { width: 80 })).not.toContain("█");
  });

  it("has colours, and none with NO_COLOR", async () => {
    const args = `top -nodecount=5 ${CPU}`;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are the point
    const sequence = /\u001b\[/;
    expect(await show(args, { colours: true })).toMatch(sequence);
    expect(await show(args, { colours: true, env: "NO_COLOR=1" })).not.toMatch(sequence);
    expect(await show(args, { colours: true, env: "TERM=dumb" })).not.toMatch(sequence);
    expect(await show(args, { colours: true, env: "TERM=dumb FORCE_COLOR=1" })).toMatch(sequence);
  });

  it("says where there is nothing to show", async () => {
    const screen = await show(`top -focus=nosuch ${CPU}`);
    expect(screen).toContain("-focus=nosuch matched no samples");
    expect(screen).toContain("Showing nodes accounting for 0, 0% of");
  });
});
