import { describe, expect, it } from "vitest";
import { oddProfile } from "../support/odd-profile.js";
import { ODD_REPORTS } from "../support/odd-reports.js";
import { runProgram, TSPROF } from "../support/run.js";

describe("a profile with rare content is printed like pprof", () => {
  it.each(ODD_REPORTS)("$args", async ({ args, report }) => {
    const { stdout } = await runProgram(
      process.execPath,
      [TSPROF, ...args.split(" "), "-symbolize=none", "-"],
      { input: oddProfile },
    );
    expect(stdout).toBe(report);
  });
});
