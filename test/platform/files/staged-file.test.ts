import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { replaceFile, StagedFile } from "../../../src/platform/files/staged-file.js";

const rename = vi.hoisted(() => ({ failure: undefined as string | undefined }));
vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const renameSync: typeof fs.renameSync = (from, to) => {
    if (rename.failure === undefined) return fs.renameSync(from, to);
    throw Object.assign(new Error("no"), { code: rename.failure });
  };
  return { ...fs, renameSync };
});

const base = mkdtempSync(path.join(os.tmpdir(), "tsprof-staged-"));
afterAll(() => rmSync(base, { recursive: true }));
let folder: string;
beforeEach(() => {
  rename.failure = undefined;
  folder = mkdtempSync(path.join(base, "case-"));
});
const place = (name: string) => path.join(folder, name);
const read = (name: string) => readFileSync(place(name), "utf8");

describe("replacing a file", () => {
  it("keeps its permissions, and leaves nothing else behind", () => {
    writeFileSync(place("out"), "old and longer");
    chmodSync(place("out"), 0o640);
    replaceFile(place("out"), "new", 0o600);
    expect(read("out")).toBe("new");
    expect(statSync(place("out")).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  it("goes through links, also those that lead nowhere yet", () => {
    mkdirSync(place("far"));
    writeFileSync(place("far/old"), "old");
    symlinkSync("far/old", place("link"));
    symlinkSync("far/fresh", place("dangling"));
    replaceFile(place("link"), "1", 0o600);
    replaceFile(place("dangling"), "2", 0o600);
    expect([read("far/old"), read("far/fresh")]).toEqual(["1", "2"]);
    expect(readdirSync(folder).sort()).toEqual(["dangling", "far", "link"]);
  });

  it("works for names as long as they can be", () => {
    replaceFile(place("n".repeat(255)), "x", 0o600);
    expect(readdirSync(folder)).toEqual(["n".repeat(255)]);
  });

  it.each(["EBUSY", "EXDEV", "EACCES"])("overwrites a file that renaming fails for: %s", (code) => {
    writeFileSync(place("mounted"), "a long old text");
    rename.failure = code;
    replaceFile(place("mounted"), "new", 0o600);
    expect(read("mounted")).toBe("new");
    expect(readdirSync(folder)).toEqual(["mounted"]);
  });

  it("names the file in errors, and leaves the old one and no other", () => {
    writeFileSync(place("out"), "old");
    rename.failure = "EIO";
    const replace = () => replaceFile(place("out"), "new", 0o600);
    expect(replace).toThrow(expect.objectContaining({ code: "EIO", path: place("out") }));
    expect(read("out")).toBe("old");
    expect(readdirSync(folder)).toEqual(["out"]);
    expect(() => replaceFile(place("no/such"), "x", 0o600)).toThrow(
      expect.objectContaining({ code: "ENOENT", path: place("no/such") }),
    );
  });
});

describe("a staged file", () => {
  it("is gone after it was discarded", () => {
    const staged = new StagedFile(place("out"), undefined);
    staged.write(Buffer.from("half"));
    expect(readdirSync(folder)).toHaveLength(1);
    staged.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("takes only a name that neither a file nor a link has", () => {
    writeFileSync(place("1"), "mine");
    symlinkSync(place("nowhere"), place("2"));
    const staged = new StagedFile(place("1"), undefined, 0o600);
    staged.write(Buffer.from("new"));
    expect(["1", "2", "3"].map((name) => staged.takeFreeName(place(name)))).toEqual([
      false,
      false,
      true,
    ]);
    expect([read("1"), read("3")]).toEqual(["mine", "new"]);
    expect(statSync(place("3")).mode & 0o777).toBe(0o600);
    expect(existsSync(place("nowhere"))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(["1", "2", "3"]);
  });
});
