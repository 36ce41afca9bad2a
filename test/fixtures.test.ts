import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { useOneProcess } from "./support/one-process.js";
import { ROOT } from "./support/proto.js";
import { tsprof } from "./support/run.js";

const FIXTURES = path.join(ROOT, "fixtures");
const EXPECTED = path.join(FIXTURES, "expected");

interface Case {
  name: string;
  profile: string;
  args: string[];
  expected: string;
}

const cases: Case[] = JSON.parse(readFileSync(path.join(EXPECTED, "cases.json"), "utf8"));

describe("the fixtures", () => {
  it("are small enough to read", () => {
    for (const name of readdirSync(FIXTURES)) {
      expect(statSync(path.join(FIXTURES, name)).size, name).toBeLessThan(100_000);
    }
  });

  it("have an expected report for each case, and a case for each report", () => {
    const reports = readdirSync(EXPECTED).filter((name) => name.endsWith(".txt"));
    expect(cases.map(({ expected }) => expected).sort()).toEqual(reports.sort());
    for (const { profile } of cases) expect(existsSync(path.join(FIXTURES, profile))).toBe(true);
  });
});

describe("reports of the fixtures equal those of go tool pprof", () => {
  const inOneProcess = useOneProcess();

  async function expectExpected({ profile, args, expected }: Case, run = inOneProcess) {
    const { code, stdout } = await run([...args, profile], { cwd: FIXTURES });
    expect(stdout).toBe(readFileSync(path.join(EXPECTED, expected), "utf8"));
    expect(code).toBe(0);
  }

  it.each(cases)("$name: $args", (one) => expectExpected(one));

  const commands = new Map(cases.map((one) => [one.args[0].split("=")[0], one]));
  it.each([...commands.values()])("in a process of their own too: $args", (one) =>
    expectExpected(one, tsprof),
  );
});
