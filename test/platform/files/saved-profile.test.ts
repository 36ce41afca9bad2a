import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { savedPrefix, savingFolder } from "../../../src/platform/files/saved-profile.js";

const temporary = mkdtempSync(path.join(os.tmpdir(), "tsprof-saved-"));
afterAll(() => rmSync(temporary, { recursive: true }));

describe("the name of a saved profile", () => {
  it.each<[string, string[], string]>([
    ["/usr/bin/server", ["samples", "cpu"], "pprof.server.samples.cpu."],
    ["", ["samples", "cpu"], "pprof.samples.cpu."],
    ["server", [], "pprof.server."],
    ["/usr/bin/dir/", ["n"], "pprof.dir.n."],
    ["/", ["n"], "pprof..n."],
    ["../../etc/passwd", ["../../x", "a/b"], "pprof.passwd..._.._x.a_b."],
    ["/a/\u001b]0;x\u0007", ["\0", "\u202ex"], "pprof._]0;x_._._x."],
  ])("of %s and %j", (binary, types, prefix) => {
    expect(savedPrefix(binary, types)).toBe(prefix);
  });

  it("is never longer than file systems take, and not cut within a letter", () => {
    const prefix = savedPrefix("ü".repeat(500), Array<string>(1000).fill("type"));
    expect(Buffer.byteLength(`${prefix}9999.pb.gz`)).toBeLessThanOrEqual(255);
    expect(prefix).toMatch(/^pprof\.ü+\.$/);
  });
});

describe("the folder for saved profiles", () => {
  it("is the first that can be used", () => {
    const warnings: string[] = [];
    const file = path.join(temporary, "file");
    writeFileSync(file, "");
    const home = path.join(temporary, "home");
    mkdirSync(home);
    chmodSync(home, 0o755);
    const env = { PPROF_TMPDIR: path.join(file, "x"), HOME: home };
    expect(savingFolder(env, (line) => warnings.push(line))).toBe(path.join(home, "pprof"));
    expect(statSync(path.join(home, "pprof")).mode & 0o777).toBe(0o700);
    expect(warnings).toEqual([expect.stringMatching(/file\/x: ENOTDIR$/)]);
    expect(savingFolder({ ...env, PPROF_TMPDIR: path.join(home, "own") }, fail)).toBe(
      path.join(home, "own"),
    );
    expect(savingFolder({}, fail)).toBe(os.tmpdir());
  });
});

function fail(line: string): void {
  throw new Error(line);
}
