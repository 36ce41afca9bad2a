import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runGraphviz } from "../../../src/platform/programs/local-graphviz.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-dot-"));
const { PATH } = process.env;
afterAll(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true, force: true });
});

describe("runGraphviz", () => {
  it("passes any text to the program, and returns its output", async () => {
    const dot = Buffer.from('digraph "a`$(touch x)\'" { }\n');
    const picture = Buffer.from(await runGraphviz(dot, "ps")).toString();
    expect(picture).toMatch(/^%!PS-Adobe.*%%EOF\s*$/s);
    expect(picture).toContain("a`$(touch x)'");
  });

  it("ends a program that takes too long", async () => {
    writeFileSync(path.join(folder, "dot"), "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
    process.env.PATH = `${folder}:${PATH}`;
    const start = performance.now();
    await expect(runGraphviz(Buffer.from("digraph {}"), "gif", 300)).rejects.toThrow(
      "Graphviz took more than 0.3 s; draw fewer functions with -nodecount=50",
    );
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
