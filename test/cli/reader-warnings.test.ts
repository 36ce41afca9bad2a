import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { useOneProcess } from "../support/one-process.js";

const tsprof = useOneProcess();
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-warnings-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("prints once for each source what its reader skipped", async () => {
  const files = ["a.cpuprofile", "b.cpuprofile"].map((name) => path.join(folder, name));
  const node = { id: 1, callFrame: { functionName: "f" } };
  for (const file of files) {
    writeFileSync(file, JSON.stringify({ nodes: [node], samples: [1, 2], timeDeltas: [5, 5] }));
  }
  const lines = files.map((file) => `tsprof: ${file}: skipped 1 sample without a known node\n`);
  const merged = await tsprof(["top", files[0], files[1], files[0]]);
  expect(merged).toMatchObject({ code: 0, stderr: lines.join("") });
  expect(merged.stdout).toContain(" f\n");
  const based = await tsprof(["top", `-base=${files[0]}`, files[1]]);
  expect(based.stderr).toBe(lines.toReversed().join(""));
  const info = await tsprof(["info", files[0]]);
  expect(info).toMatchObject({ code: 0, stderr: lines[0] });
});
