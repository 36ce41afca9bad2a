import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useLiveTerminals } from "../support/live-terminal.js";
import { ROOT } from "../support/proto.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-editor-"));
const program = path.join(folder, "edit-lines.mjs");
/** The program waits until this file exists, if requested. */
const waited = path.join(folder, "waited");
const open = useLiveTerminals();

beforeAll(async () => {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["test/support/programs/edit-lines.ts"],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    // string-width is CommonJS.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts a terminal that waits for the first line. */
async function start(width?: number, height?: number) {
  const terminal = open(`${process.execPath} ${program} ${waited}`, width, height);
  await terminal.shows(/^shell>/);
  return terminal;
}

describe("Tab", () => {
  it("inserts the only candidate, and leaves the text behind the cursor", async () => {
    const { press, shows, cursor } = await start();
    press("pee");
    await shows(/^shell> pee$/);
    press("Tab");
    await expect.poll(cursor).toEqual(["shell> peek ".length, 0]);
    press("HandleF -x", "Left", "Left", "Left");
    await expect.poll(cursor).toEqual(["shell> peek HandleF".length, 0]);
    press("Tab");
    const wanted = String.raw`shell> peek net/http.\(\*ServeMux\).HandleFunc`;
    expect(await shows(/HandleFunc/)).toBe(`${wanted} -x`);
    // A blank is already there.
    await expect.poll(cursor).toEqual([wanted.length, 0]);
    press("C-u", "C-k", "foc");
    await shows(/^shell> foc$/);
    press("Tab");
    await shows(/^shell> focus=$/);
    press("main.");
    await shows(/main\.$/);
    press("Tab", "Enter");
    await shows(/got "focus=main\.main"/);
  });

  it("inserts the common beginning, and lists the candidates when pressed again", async () => {
    const { press, shows, cursor } = await start();
    press("t");
    await shows(/^shell> t$/);
    press("Tab", "Tab");
    expect(await shows(/tags\s[\s\S]*shell>/)).toBe(
      [
        "shell> t",
        ...["top     What top shows", "tree    What tree shows", "traces  What traces shows"],
        ...["tags    What tags shows", "shell> t"],
      ].join("\n"),
    );
    press("C-l", "op ServeMux");
    await shows(/^shell> top ServeMux$/);
    press("Tab");
    await shows(/^shell> top net\/http\.\S+\.Handle$/);
    press("Tab");
    await shows(/HandleFunc\nshell> top net\/http\.\S+\.Handle$/);
    press("C-l", "C-u", "top and");
    await shows(/^shell> top and$/);
    // The names do not begin with the typed text, and their common beginning does not contain it.
    press("C-u", "top ep", "Tab");
    await shows(/^shell> top ep$/);
    await expect.poll(cursor).toEqual(["shell> top ep".length, 0]);
  });

  it("lists only candidates that fit, with the line below", async () => {
    const { press, shows, cursor } = await start(60, 16);
    press("top ep");
    await shows(/^shell> top ep$/);
    press("Tab", "Tab");
    const all = await shows(/… and 281 more\nshell> top ep$/);
    const rows = all.split("\n");
    // The line, ten rows of two and the count, the line again.
    expect(rows.length).toBe(13);
    expect(rows[1]).toBe("deep/path/…h/work.Steer.[31m  work.Step009");
    expect(rows[10]).toBe("work.Step008                  work.Step018");
    expect(cursor()).toEqual(["shell> top ep".length, 12]);
  });
});

describe("the keys", () => {
  it("recall lines that begin with the typed text, or contain it", async () => {
    const { press, paste, shows } = await start();
    paste("top one\ntree\ntree\n secret\nhistory\n");
    // Repeated lines and lines that begin with a blank are not in the history.
    await shows(/\["top one","tree","history"\]\nshell>$/);
    press("C-l", "top", "Up");
    await shows(/^shell> top one$/);
    press("Up");
    await shows(/^shell> top from before$/);
    press("Down");
    await shows(/^shell> top one$/);
    press("C-u", "C-r", "from");
    await shows(/^search: from → top from before$/);
    press("C-r");
    await shows(/^search: from → tree from before$/);
    press("x");
    await shows(/^not found: fromx → tree from before$/);
    press("BSpace", "C-g");
    await shows(/^shell>$/);
    press("C-r", "one", "End", " two", "Enter");
    await shows(/^shell> top one two\ngot "top one two"\nshell>$/);
  });

  it("clear the line with Ctrl-C, and end with Ctrl-D on an empty line", async () => {
    const { press, shows } = await start();
    press("Up", "Up");
    await shows(/^shell> tree from before$/);
    press("C-d", "Home", "C-d", "C-c");
    await shows(/^shell> ree from before\^C\nshell>$/);
    // The search begins with the newest line again.
    press("Up", "C-a", "C-k", "C-d");
    await shows(/\^C\nshell>\s+end\ndone-0$/);
  });

  it("act as signals, or wait, between lines", async () => {
    const { press, shows } = await start();
    press("run", "Enter");
    await shows(/running$/);
    press("C-c");
    await shows(/interrupted\nshell>$/);
    press("wait", "Enter");
    await shows(/waiting$/);
    press("top ahead", "Enter", "top next");
    await shows(/top next$/);
    writeFileSync(waited, "");
    await shows(/shell> top ahead\ngot "top ahead"\nshell> top next$/);
  });
});

describe("the line", () => {
  it("wraps, and is drawn over itself when the terminal is resized", async () => {
    const { press, paste, resize, shows, cursor, title } = await start(60, 30);
    // A narrower terminal moves some lines up.
    paste("before\n".repeat(8));
    await shows(/(got "before"\nshell>[^>]*){8}$/);
    const words = Array.from({ length: 20 }, (_, i) => `w${i}`).join(" ");
    press(words);
    const line = `shell> ${words}`;
    const wrapped = (width: number) =>
      [...line.matchAll(new RegExp(`.{1,${width}}`, "g"))].map(([row]) => row.trimEnd());
    await shows(/w19$/);
    for (const width of [30, 17, 80, 50]) {
      resize(width, 30);
      // The terminal also wraps the line itself, so the screen may not show our drawing yet.
      await expect.poll(title).toBe(`drawn ${width}`);
      const rows = ['got "before"', ...wrapped(width)];
      const screen = await shows(new RegExp(`(^|\\n)${rows.join("\\n")}$`));
      const row = screen.split("\n").length - 1;
      await expect.poll(cursor).toEqual([line.length % width, row]);
    }
    press("C-a");
    paste("pasted into the line ");
    press("x", "Enter");
    await shows(/got "pasted into the line xw0/);
  });

  it("may be one of a thousand pasted lines, and leaves no listeners", async () => {
    const { paste, shows } = await start();
    paste("count\n");
    await shows(/count\nshell>$/);
    paste(`${Array.from({ length: 1000 }, (_, i) => `top ${i}`).join("\n")}\ncount\n`);
    const end = await shows(/changed: .*\nshell>$/);
    expect(end).toContain('shell> top 998\ngot "top 998"\nshell> top 999\ngot "top 999"\n');
    expect(end).toContain("\n1000 lines; changed: nothing\n");
  });
});
