import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { formatExactTime, formatLocalTime } from "../../src/platform/time-zone.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-zones-"));
afterAll(() => rmSync(folder, { recursive: true }));

const before = process.env.TZ;
afterEach(() => {
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
});

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
\t\tfmt.Println(time.Unix(0, nanos).Format("2006-01-02 15:04:05 MST"))
\t\tfmt.Println(time.Unix(0, nanos))
\t}
}
`;

/** Moments of every kind: summer, winter, near changes, long ago, after the tables end. */
const moments = [
  -1n,
  0n,
  -2_000_000_000_000_000_000n,
  -900_000_000_000_000_000n,
  1_700_000_000_000_000_000n,
  1_720_000_000_123_456_789n,
  1_774_745_999_000_000_000n,
  1_774_746_000_000_000_000n,
  1_793_494_800_000_000_000n,
  2_300_000_000_000_000_000n,
  2_315_000_000_000_000_000n,
  4_000_000_000_000_000_000n,
];

describe("local time is what Go prints", () => {
  const program = path.join(folder, "main.go");
  writeFileSync(program, SOURCE);
  const binary = path.join(folder, "format");
  execFileSync("go", ["build", "-o", binary, program]);

  it.each([
    "UTC",
    "",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "Etc/GMT+5",
    ":Asia/Tokyo",
    "/usr/share/zoneinfo/Europe/Berlin",
    "No/Such_Zone",
  ])("in the zone %j", (zone) => {
    const expected = execFileSync(binary, {
      env: { ...process.env, TZ: zone },
      input: moments.join("\n"),
      encoding: "utf8",
    });
    process.env.TZ = zone;
    const ours = moments.flatMap((nanos) => [formatLocalTime(nanos), formatExactTime(nanos)]);
    expect(ours).toEqual(expected.trimEnd().split("\n"));
  });
});
