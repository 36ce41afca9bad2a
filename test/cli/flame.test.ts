import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { useOneProcess } from "../support/one-process.js";

const tsprof = useOneProcess();

const temporary = mkdtempSync(path.join(os.tmpdir(), "tsprof-flame-cli-"));
afterAll(() => rmSync(temporary, { recursive: true }));

describe("tsprof flame", () => {
  it("writes a self-contained picture, the same each time", async () => {
    const args = ["flame", "fixtures/go-cpu.pb.gz"];
    const { code, stdout, stderr } = await tsprof(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg /);
    expect(stdout).toMatch(/<\/script>\n<\/svg>\n$/);
    expect(stdout).toContain("<title>orders: cpu, 6.32s</title>");
    expect((await tsprof(["-flame", args[1]])).stdout).toBe(stdout);
  });

  it("takes the options of other reports, and files for its output", async () => {
    const output = path.join(temporary, "diff.svg");
    const result = await tsprof([
      "flame",
      "-diff_base=fixtures/go-cpu-slow.pb.gz",
      "-focus=nearest",
      `-output=${output}`,
      "fixtures/go-cpu-fast.pb.gz",
    ]);
    expect(result).toMatchObject({ code: 0, stdout: "" });
    const svg = readFileSync(output, "utf8");
    expect(svg).toMatch(/<title>dispatch: cpu, [\d.]+m?s in the base, [\d.]+m?s now \(/);
    expect(svg).toContain("Active filters: focus=nearest");
  });

  it("reports errors in one line", async () => {
    const result = await tsprof(["flame", "-mean", "fixtures/go-heap.pb.gz"]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toBe(
      "tsprof: a flame graph needs sums of values, not means; leave out -mean\n",
    );
  });
});
