import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useLiveTerminals } from "../support/live-terminal.js";
import { ROOT } from "../support/proto.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-editor-"));
const program = path.join(folder, "edit-lines.mjs");
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

/** A terminal that waits for the first line. */
async function start(width?: number, height?: number) {
  const terminal = open(`${process.execPath} ${program}`, width, height);
  await terminal.shows(/^shell>/);
  return terminal;
}

describe("Tab", () => {
  it("puts in the only candidate, and leaves what is behind the cursor", async () => {
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
    // There is a blank already.
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

  it("puts in what all have in common, and lists them when it is pressed again", async () => {
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
    // They do not begin with what was typed, nor is it in what they have in common.
    press("C-u", "top ep", "Tab");
    await shows(/^shell> top ep$/);
    await expect.poll(cursor).toEqual(["shell> top ep".length, 0]);
  });

  it("lists no more than fits into the terminal, and the line below it", async () => {
    const { press, shows, cursor, screen } = await start(60, 16);
    press("top ep");
    await shows(/^shell> top ep$/);
    press("Tab", "Tab");
    const all = await shows(/… and 272 more\nshell> top ep$/);
    const rows = all.split("\n");
    // The line, 10 rows and the count, the line again.
    expect(rows.length).toBe(13);
    expect(rows[1]).toMatch(/^deep\/path\S+….*Steer\.\[31m +work\.Step009$/);
    expect(rows[2]).toBe("");
    expect(rows.every((row) => row.length < 60)).toBe(true);
    await expect.poll(cursor).toEqual(["shell> top ep".length, 12]);
    expect(screen()).toBe(all);
  });
});
