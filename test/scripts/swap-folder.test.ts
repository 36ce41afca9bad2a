import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "../support/proto.js";

const FILES = 40;
const MODULE = pathToFileURL(path.join(ROOT, "scripts/swap-folder.mjs")).href;

/** A process that fills a new folder, and ends as it is told: its files hold its name. */
const WRITER = `
  import { writeFileSync } from "node:fs";
  import { newFolder } from "${MODULE}";
  const [, target, name, end] = process.argv;
  const { folder, place } = newFolder(target);
  for (let i = 0; i < ${FILES}; i++) writeFileSync(folder + "/" + i, name);
  if (end === "fail") throw new Error("on purpose");
  if (end === "hang") { console.log("ready"); setInterval(() => {}, 1000); }
  else place();
`;

const parent = mkdtempSync(path.join(os.tmpdir(), "tsprof-swap-"));
afterAll(() => rmSync(parent, { recursive: true }));
const target = path.join(parent, "dist");

beforeEach(() => {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  for (let i = 0; i < FILES; i++) writeFileSync(path.join(target, String(i)), "old");
});

function writer(name: string, end: "place" | "fail" | "hang") {
  const args = ["--input-type=module", "-e", WRITER, target, name, end];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
}

/** What the files of the folder hold: one thing, where the folder is whole. */
function contents(): string[] {
  const names = readdirSync(target);
  expect(names).toHaveLength(FILES);
  return [...new Set(names.map((name) => readFileSync(path.join(target, name), "utf8")))];
}

describe("a folder that is made anew", () => {
  it("is the old one until it is whole, and there is nothing beside it then", async () => {
    const child = writer("new", "place");
    const sizes: number[] = [];
    const looks = setInterval(() => {
      try {
        sizes.push(readdirSync(target).length);
      } catch {
        // For an instant it has no name.
      }
    }, 1);
    const [code] = await once(child, "exit");
    clearInterval(looks);
    expect({ code, contents: contents(), beside: readdirSync(parent) }).toEqual({
      code: 0,
      contents: ["new"],
      beside: ["dist"],
    });
    expect(sizes.length).toBeGreaterThan(5);
    expect(new Set(sizes)).toEqual(new Set([FILES]));
  });

  it("stays the old one where that fails, or is ended", async () => {
    const failing = writer("new", "fail");
    const ended = writer("new", "hang");
    await once(ended.stdout, "data");
    ended.kill("SIGTERM");
    const codes = [failing, ended].map(async (child) => {
      if (child.exitCode === null) await once(child, "exit");
      return child.exitCode;
    });
    expect(await Promise.all(codes)).toEqual([1, 1]);
    expect({ contents: contents(), beside: readdirSync(parent) }).toEqual({
      contents: ["old"],
      beside: ["dist"],
    });
  });

  it("is one of them where several are made at once", async () => {
    const names = ["a", "b", "c", "d"];
    const codes = names.map(async (name) => (await once(writer(name, "place"), "exit"))[0]);
    expect(await Promise.all(codes)).toEqual(names.map(() => 0));
    const found = contents();
    expect(found).toHaveLength(1);
    expect(names).toContain(found[0]);
    expect(readdirSync(parent)).toEqual(["dist"]);
  });

  it("takes away what was left by a process that was killed, and not what one is at", async () => {
    const killed = writer("killed", "hang");
    const busy = writer("busy", "hang");
    await Promise.all([killed, busy].map((child) => once(child.stdout, "data")));
    killed.kill("SIGKILL");
    await once(killed, "exit");
    expect(readdirSync(parent)).toHaveLength(3);
    await once(writer("new", "place"), "exit");
    expect(readdirSync(parent).sort()).toEqual(["dist", `dist.new-${busy.pid}`]);
    busy.kill("SIGTERM");
    await once(busy, "exit");
    expect(readdirSync(parent)).toEqual(["dist"]);
  });
});
