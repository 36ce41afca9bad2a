import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { startCpuProfile, withLabels, writeProfile } from "../../src/library/profiler.js";
import type { Profile } from "../../src/profile/profile.js";
import { labelledNanos, waitFor, withoutTime } from "../support/labelled.js";
import { tsprof } from "../support/run.js";
import { stacksOf, totalsOf } from "../support/stacks.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-profiler-"));
afterAll(() => rmSync(folder, { recursive: true }));

const until = (millis: number) => {
  let x = 0;
  for (const end = performance.now() + millis; performance.now() < end; ) {
    for (let i = 0; i < 1000; i++) x += Math.sqrt(i);
  }
  return x;
};
function ten() {
  return until(5);
}
function thirty() {
  return until(15);
}
function sixty() {
  return until(30);
}

/** Nanoseconds in which `name` was on the stack. */
function cum(profile: Profile, name: string): number {
  return Object.entries(stacksOf(profile))
    .filter(([stack]) => stack.split(";").includes(name))
    .reduce((sum, [, [, nanos]]) => sum + Number(nanos), 0);
}

describe("startCpuProfile", () => {
  it("gives functions of known cost their share, within 3 points", async () => {
    const profiling = await startCpuProfile();
    for (let i = 0; i < 20; i++) for (const part of [ten, sixty, thirty]) part();
    const profile = await profiling.stop();
    const parts = [ten, thirty, sixty].map(({ name }) => cum(profile, name));
    const sum = parts.reduce((a, b) => a + b, 0);
    const shares = parts.map((part) => (part / sum) * 100);
    for (const [i, share] of [10, 30, 60].entries()) {
      expect(Math.abs(shares[i] - share)).toBeLessThan(3);
    }
    // Twenty rounds of 50 ms.
    expect(sum).toBeGreaterThan(0.9e9);
    expect(Number(profile.durationNanos)).toBeGreaterThanOrEqual(sum);
    expect(profile.period).toBe(1_000_000);
    expect(Math.abs(Number(profile.timeNanos) / 1e6 - Date.now())).toBeLessThan(60_000);
  });

  it("has the line that was sampled and where the function begins, by paths", async () => {
    const file = path.join(folder, "two words.cjs");
    writeFileSync(
      file,
      `exports.busy = function busy(end) {
  let x = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 1e4; i++) x += Math.sqrt(i);
  }
  return x;
};
exports.nameless = [(end) => exports.busy(end)][0];
`,
    );
    const { nameless } = (await import(file)).default;
    const profiling = await startCpuProfile();
    nameless(performance.now() + 200);
    const profile = await profiling.stop();
    const stacks = Object.keys(stacksOf(profile, true));
    const { functions, strings } = profile;
    const names = Array.from(functions.name, (name) => strings.get(name));
    const row = names.indexOf("busy");
    expect(strings.get(functions.filename[row])).toBe(file);
    expect(functions.startLine[row]).toBe(1);
    expect(stacks.some((stack) => /busy:4$/.test(stack))).toBe(true);
    expect(stacks.some((stack) => stack.includes(";(anonymous) two words.cjs:8:21:8;busy:"))).toBe(
      true,
    );
  });

  it("refuses a second profile, and can be ended once and cancelled", async () => {
    const profiling = await startCpuProfile();
    await expect(startCpuProfile()).rejects.toThrow("is being taken already");
    await profiling.cancel();
    await profiling.cancel();
    await expect(profiling.stop()).rejects.toThrow("has ended before");
    const next = await startCpuProfile({ intervalMicros: 500 });
    expect((await next.stop()).period).toBe(500_000);
    await expect(next.stop()).rejects.toThrow("has ended before");
    for (const intervalMicros of [0, -1, Number.NaN, 1e12]) {
      await expect(startCpuProfile({ intervalMicros })).rejects.toThrow(RangeError);
    }
  });

  it("is shown alike by tsprof and go tool pprof", async () => {
    const profiling = await startCpuProfile();
    for (let i = 0; i < 3; i++) for (const part of [ten, sixty, thirty]) part();
    const file = path.join(folder, "cpu.pb.gz");
    writeFileSync(file, await writeProfile(await profiling.stop()));
    const { stdout } = await promisify(execFile)("go", ["tool", "pprof", "-top", file]);
    const ours = await tsprof(["top", file]);
    expect(ours.stdout).toContain("sixty");
    expect(withoutTime(ours.stdout)).toBe(withoutTime(stdout));
  });
});

describe("withLabels", () => {
  it("splits routes that take turns, over awaits, timers and promises", async () => {
    async function route(millis: number) {
      for (let i = 0; i < 8; i++) {
        until(millis);
        await null;
        until(millis);
        await setTimeout(1);
        until(millis);
        await new Promise<void>((resolve) => {
          process.nextTick(() => {
            until(millis);
            resolve();
          });
        });
        await setImmediate();
        await Promise.all([1, 2].map(() => setTimeout(1).then(() => until(millis / 2))));
      }
    }
    const profiling = await startCpuProfile();
    await Promise.all([
      withLabels({ route: "/a" }, () => route(2)),
      withLabels({ route: "/b", shard: 7 }, () => route(6)),
      route(3),
    ]);
    const profile = await profiling.stop();
    const nanos = labelledNanos(profile, "until");
    const sum = [...nanos.values()].reduce((a, b) => a + b, 0);
    const share = (labels: string) => ((nanos.get(labels) ?? 0) / sum) * 100;
    expect([...nanos.keys()].sort()).toEqual(["", "route=/a", "route=/b shard=7"]);
    expect(Math.abs(share("route=/a") - (2 / 11) * 100)).toBeLessThan(3);
    expect(Math.abs(share("route=/b shard=7") - (6 / 11) * 100)).toBeLessThan(3);
    // What waits is of nobody.
    expect([...labelledNanos(profile, "(idle)").keys()].join()).toBe("");
    expect(totalsOf(profile)[1]).toBeLessThanOrEqual(Number(profile.durationNanos));
  });

  it("nests, goes back at the end and at errors, and returns what the function does", async () => {
    const profiling = await startCpuProfile();
    const returned = withLabels({ a: "1", b: "1" }, () => {
      until(20);
      expect(() =>
        withLabels({ b: "2" }, () => {
          until(40);
          throw new Error("out");
        }),
      ).toThrow("out");
      until(20);
      return 5;
    });
    until(40);
    const profile = await profiling.stop();
    expect(returned).toBe(5);
    const nanos = labelledNanos(profile, "until");
    expect([...nanos.keys()].sort()).toEqual(["", "a=1 b=1", "a=1 b=2"]);
    for (const part of nanos.values()) {
      expect(part).toBeGreaterThan(34e6);
      expect(part).toBeLessThan(50e6);
    }
  });

  it("holds where it began before the profile, and refuses what is no label", async () => {
    const { promise, resolve } = waitFor();
    const done = withLabels({ early: "yes" }, async () => {
      await promise;
      until(30);
    });
    const profiling = await startCpuProfile();
    resolve();
    await done;
    expect(labelledNanos(await profiling.stop(), "until").get("early=yes")).toBeGreaterThan(25e6);
    const wrong = [{ "": "x" }, { x: 1.5 }, { x: Number.NaN }, { x: {} }] as Record<
      string,
      string
    >[];
    for (const labels of wrong) expect(() => withLabels(labels, () => 0)).toThrow(TypeError);
  });
});
