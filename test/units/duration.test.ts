import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { durationText, parseDuration } from "../../src/units/duration.js";
import { int64 } from "../../src/units/int64.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-duration-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SOURCE = `package main

import (
\t"bufio"
\t"fmt"
\t"os"
\t"strconv"
\t"time"
)

func main() {
\tfor in := bufio.NewScanner(os.Stdin); in.Scan(); {
\t\tnanos, _ := strconv.ParseInt(in.Text(), 10, 64)
\t\tfmt.Println(time.Duration(nanos))
\t}
}
`;

it("durations are formatted like Go's", () => {
  writeFileSync(path.join(folder, "main.go"), SOURCE);
  const binary = path.join(folder, "durations");
  execFileSync("go", ["build", "-o", binary, path.join(folder, "main.go")]);
  const near = [1n, 1_000n, 1_000_000n, 10n ** 9n, 60n * 10n ** 9n, 3600n * 10n ** 9n].flatMap(
    (unit) => [unit - 1n, unit, unit + 1n, unit * 10n, unit + unit / 2n, -unit],
  );
  const any = fc.sample(
    fc.tuple(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.nat(60)),
    { numRuns: 500, seed: 1 },
  );
  const nanos = [0n, ...near, -(2n ** 63n), ...any.map(([value, shift]) => value >> BigInt(shift))];
  const expected = execFileSync(binary, { input: nanos.join("\n"), encoding: "utf8" });
  expect(nanos.map((value) => durationText(int64(value)))).toEqual(expected.trimEnd().split("\n"));
});

it("parses what it formats, and numbers as seconds", () => {
  for (const [text, nanos] of [
    ["1h2m3.5s", 3_723_500_000_000],
    ["1.5ms", 1_500_000],
    ["2µs", 2000],
    ["2us", 2000],
    [".5", 500_000_000],
    ["0", 0],
    ["-3s", -3_000_000_000],
  ] as const) {
    expect(parseDuration(text)).toBe(nanos);
  }
  for (const text of ["", "s", "1x", "1 s", "1s2", "1e3", "--1s", "99999999h"]) {
    expect(parseDuration(text)).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.maxSafeNat(), (nanos) => {
      expect(parseDuration(durationText(nanos))).toBe(nanos);
    }),
  );
});
