import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { startCpuProfile, withLabels, writeProfile } from "../../src/library/profiler.js";
import type { Profile } from "../../src/profile/profile.js";
import { labelledNanos, waitFor, withoutTime } from "../support/labelled.js";
import { usePriority } from "../support/priority.js";
import { tsprof } from "../support/run.js";
import { stacksOf, totalsOf } from "../support/stacks.js";
import "../support/whole-stacks.js";

usePriority();
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-profiler-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Nanoseconds that were spent, by whom: a busy machine makes it more than was asked for. */
const spent = new Map<string, number>();
beforeEach(() => spent.clear());

function until(millis: number, by = "") {
  let x = 0;
  const start = performance.now();
  while (performance.now() < start + millis) {
    for (let i = 0; i < 1000; i++) x += Math.sqrt(i);
  }
  spent.set(by, (spent.get(by) ?? 0) + (performance.now() - start) * 1e6);
  return x;
}
function ten() {
  return until(40, "ten");
}
function thirty() {
  return until(120, "thirty");
}
function sixty() {
  return until(240, "sixty");
}

/**
 * Tests of shares of time may run again: on a busy machine, V8's sampling thread waits for a
 * processor and takes too few samples. No condition shows that beforehand.
 */
const STARVED = { retry: 3 };

/** A profile that is past V8's own beginning, in which it samples late. */
async function started() {
  const profiling = await startCpuProfile();
  await setTimeout(150);
  return profiling;
}

/** What each has of the whole, in per cent. */
function shares(nanos: ReadonlyMap<string, number>): Map<string, number> {
  const whole = [...nanos.values()].reduce((a, b) => a + b, 0);
  return new Map([...nanos].map(([name, part]) => [name, (part / whole) * 100]));
}

function expectShares(sampled: ReadonlyMap<string, number>): void {
  const real = shares(spent);
  expect([...sampled.keys()].sort()).toEqual([...real.keys()].sort());
  for (const [name, share] of shares(sampled)) {
    expect(Math.abs(share - (real.get(name) ?? 0)), name).toBeLessThan(3);
  }
}

/** Nanoseconds in which `name` was on the stack. */
function cum(profile: Profile, name: string): number {
  return Object.entries(stacksOf(profile))
    .filter(([stack]) => stack.split(";").includes(name))
    .reduce((sum, [, [, nanos]]) => sum + Number(nanos), 0);
}

describe("startCpuProfile", () => {
  it("gives functions of known cost their share, within 3 points", STARVED, async () => {
    const profiling = await started();
    for (let i = 0; i < 3; i++) for (const part of [ten, sixty, thirty]) part();
    const profile = await profiling.stop();
    const sampled = new Map([ten, thirty, sixty].map(({ name }) => [name, cum(profile, name)]));
    expectShares(sampled);
    const sum = [...sampled.values()].reduce((a, b) => a + b, 0);
    // Three rounds of 400 ms.
    expect(sum).toBeGreaterThan(1.1e9);
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
exports.run = function run(end) { [0].forEach(() => exports.busy(end)); };
`,
    );
    const { run } = (await import(file)).default;
    const profiling = await startCpuProfile();
    run(performance.now() + 200);
    const profile = await profiling.stop();
    const stacks = Object.keys(stacksOf(profile, true));
    const { functions, strings } = profile;
    const names = Array.from(functions.name, (name) => strings.get(name));
    const row = names.indexOf("busy");
    expect(strings.get(functions.filename[row])).toBe(file);
    expect(functions.startLine[row]).toBe(1);
    expect(stacks.some((stack) => /busy:4$/.test(stack))).toBe(true);
    expect(stacks.some((stack) => stack.includes(";(anonymous) two words.cjs:8:47:8;busy:"))).toBe(
      true,
    );
  });

  it("refuses a second profile, and can be stopped once and cancelled", async () => {
    const profiling = await startCpuProfile();
    await expect(startCpuProfile()).rejects.toThrow("is being collected already");
    await profiling.cancel();
    await profiling.cancel();
    await expect(profiling.stop()).rejects.toThrow("was stopped before");
    const next = await startCpuProfile({ intervalMicros: 500 });
    expect((await next.stop()).period).toBe(500_000);
    await expect(next.stop()).rejects.toThrow("was stopped before");
    for (const intervalMicros of [0, -1, Number.NaN, 1e12]) {
      await expect(startCpuProfile({ intervalMicros })).rejects.toThrow(RangeError);
    }
  });

  it("is shown alike by tsprof and go tool pprof", async () => {
    const profiling = await startCpuProfile();
    for (const part of [ten, sixty, thirty]) part();
    const file = path.join(folder, "cpu.pb.gz");
    writeFileSync(file, await writeProfile(await profiling.stop()));
    const { stdout } = await promisify(execFile)("go", ["tool", "pprof", "-top", file]);
    const ours = await tsprof(["top", file]);
    expect(ours.stdout).toContain("sixty");
    expect(withoutTime(ours.stdout)).toBe(withoutTime(stdout));
  });
});

describe("withLabels", () => {
  it("separates interleaved routes, over awaits, timers and promises", STARVED, async () => {
    async function route(by: string, millis: number) {
      for (let i = 0; i < 4; i++) {
        until(millis, by);
        await null;
        until(millis, by);
        await setTimeout(1);
        until(millis, by);
        await new Promise<void>((resolve) => {
          process.nextTick(() => {
            until(millis, by);
            resolve();
          });
        });
        await setImmediate();
        await Promise.all([1, 2].map(() => setTimeout(1).then(() => until(millis / 2, by))));
      }
    }
    const profiling = await started();
    const [a, b] = ["route=/a", "route=/b shard=7"];
    await Promise.all([
      withLabels({ route: "/a" }, () => route(a, 10)),
      withLabels({ route: "/b", shard: 7 }, () => route(b, 30)),
      route("", 15),
    ]);
    const profile = await profiling.stop();
    expectShares(labelledNanos(profile, "until"));
    // What waits is of nobody.
    expect([...labelledNanos(profile, "(idle)").keys()].join()).toBe("");
    expect(totalsOf(profile)[1]).toBeLessThanOrEqual(Number(profile.durationNanos));
  });

  it("nests, ends with the function or its error, and returns its result", STARVED, async () => {
    const profiling = await started();
    const returned = withLabels({ a: "1", b: "1" }, () => {
      until(60, "a=1 b=1");
      expect(() =>
        withLabels({ b: "2" }, () => {
          until(120, "a=1 b=2");
          throw new Error("out");
        }),
      ).toThrow("out");
      until(60, "a=1 b=1");
      return 5;
    });
    until(120);
    const profile = await profiling.stop();
    expect(returned).toBe(5);
    expectShares(labelledNanos(profile, "until"));
  });

  it("applies from the next await on if it started before the profile", STARVED, async () => {
    const { promise, resolve } = waitFor();
    const done = withLabels({ early: "yes" }, async () => {
      await promise;
      // Node 24 does not tell that what waited before goes on.
      until(30);
      await setTimeout(1);
      until(90);
    });
    const profiling = await started();
    resolve();
    await done;
    const nanos = labelledNanos(await profiling.stop(), "until").get("early=yes");
    expect(nanos).toBeGreaterThan(75e6);
  });

  it("refuses invalid labels", () => {
    const wrong = [{ "": "x" }, { x: 1.5 }, { x: Number.NaN }, { x: {} }] as Record<
      string,
      string
    >[];
    for (const labels of wrong) expect(() => withLabels(labels, () => 0)).toThrow(TypeError);
  });
});
