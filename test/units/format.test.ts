import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixed2, significant2 } from "../../src/units/format.js";

const TABLE = JSON.parse(
  readFileSync(new URL("./fmt-table.json", import.meta.url), "utf8"),
) as readonly (readonly [number: string, fixed2: string, significant2: string])[];

/** Go's `%.2f` and `%.2g` of each number, from fmt.go.txt. */
function formatWithGo(numbers: readonly number[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "tsprof-fmt-"));
  try {
    const program = join(folder, "main.go");
    copyFileSync(new URL("./fmt.go.txt", import.meta.url), program);
    const input = numbers.map((x) => `${x}\n`).join("");
    const go = spawnSync("go", ["run", program], { input, encoding: "utf8" });
    expect(go.stderr).toBe("");
    return go.stdout.trimEnd().split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("numbers formatted like Go's", () => {
  it("has a table of Go's output to compare with", () => {
    expect(TABLE.length).toBeGreaterThan(300);
  });

  it("prints two decimals as in the table", () => {
    const ours = TABLE.map(([number]) => [number, fixed2(Number(number))]);
    expect(ours).toEqual(TABLE.map(([number, fixed]) => [number, fixed]));
  });

  it("prints two significant digits as in the table", () => {
    const ours = TABLE.map(([number]) => [number, significant2(Number(number))]);
    expect(ours).toEqual(TABLE.map(([number, , significant]) => [number, significant]));
  });

  it("rounds exact halves to the even digit", () => {
    expect([0.125, 0.375, 0.625, -0.125, 2.5].map(fixed2)).toEqual([
      "0.12",
      "0.38",
      "0.62",
      "-0.12",
      "2.50",
    ]);
    expect([0.125, 0.375, 0.625, 0.0625].map(significant2)).toEqual([
      "0.12",
      "0.38",
      "0.62",
      "0.062",
    ]);
  });

  it("does not treat 2.675 as a half, since its double is smaller", () => {
    expect(fixed2(2.675)).toBe("2.67");
  });

  it("prints what Go prints for random numbers", () => {
    const usual = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    const eighths = fc.integer({ min: -(2 ** 40), max: 2 ** 40 }).map((n) => n / 8);
    // A tie in the second significant digit, if a double can have one.
    const ties = fc
      .tuple(fc.integer({ min: 10, max: 99 }), fc.integer({ min: -4, max: 0 }))
      .map(([digits, power]) => (digits + 0.5) * 10 ** power);
    const numbers = fc
      // Profiles do not contain -0.
      .sample(
        fc.oneof(usual, share, any, eighths, ties).map((x) => x + 0),
        { numRuns: 3000, seed: 20260711 },
      );
    const ours = numbers.map((x) => `${fixed2(x)} ${significant2(x)}`);
    const go = formatWithGo(numbers);
    const differing = numbers.flatMap((x, i) =>
      ours[i] === go[i] ? [] : [{ x, ours: ours[i], go: go[i] }],
    );
    expect(differing).toEqual([]);
  });

  it("rounds halves to the even digit if hundredths need more than 53 bits", () => {
    // 2^46 + 1/8 is a double, but a hundred times it is not.
    const numbers = [45, 46, 47, 48, 49].flatMap((power) =>
      [1, 3, 5, 7].map((eighths) => 2 ** power + eighths / 8),
    );
    expect(numbers.map(fixed2)).toEqual(
      formatWithGo(numbers).map((line) => line.slice(0, line.indexOf(" "))),
    );
  });
});
