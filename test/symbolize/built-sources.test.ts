import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { BuiltSources } from "../../src/symbolize/built-sources.js";
import { KnownBinaries } from "../../src/symbolize/known-binaries.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-built-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("sources are those that debug information names, or the user's binaries hold", () => {
  const program = path.join(folder, "program");
  writeFileSync(program, "\x7fELF\0/src/main.go\0/src/other.go\0");
  const known = new KnownBinaries();
  known.add(program, "program");
  known.add(path.join(folder, "gone"), "gone");
  known.addSource("/src/found.c");
  const sources = new BuiltSources(known);
  const names = ["/src/main.go", "/src/other.go", "/src/found.c", "/src/secret.go"];
  expect(names.map((name) => sources.has(name))).toEqual([true, true, true, false]);
});
