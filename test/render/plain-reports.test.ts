import { describe, expect, it } from "vitest";
import { oddProfile } from "../support/odd-profile.js";
import { ODD_REPORTS } from "../support/odd-reports.js";
import { runProgram, TSPROF } from "../support/run.js";

describe("a profile with what is seldom is printed as pprof prints it", () => {
  it.each(ODD_REPORTS)("$args", async ({ args, report }) => {
    const { stdout } = await runProgram(
      process.execPath,
      [TSPROF, ...args.split(" "), "-symbolize=none", "-"],
      { input: oddProfile },
    );
    expect(stdout).toBe(report);
  });
});
