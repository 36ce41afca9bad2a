import { execFile } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { pprofHandler } from "../../../src/library/http.js";
import { readProfile, text } from "../../../src/library/node.js";
import {
  blockProfile,
  startBlockProfile,
  stopBlockProfile,
  withLabels,
  writeProfile,
} from "../../../src/library/profiler.js";
import type { Profile } from "../../../src/profile/profile.js";
import { blockSamples } from "../../../src/profiler/event-loop/blocks.js";
import { typesOf } from "../../support/addresses.js";
import { ask, listening } from "../../support/ask.js";
import { v8CpuProfile } from "../../support/block-samples.js";
import { labelledNanos } from "../../support/labelled.js";
import { usePriority } from "../../support/priority.js";
import { flatAndCum, stacksOf, totalsOf } from "../../support/stacks.js";
import "../../support/whole-stacks.js";

usePriority();
afterEach(stopBlockProfile);
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-block-"));
afterAll(() => rmSync(folder, { recursive: true }));

function spin(millis: number) {
  let x = 0;
  for (const end = performance.now() + millis; performance.now() < end; ) {
    for (let i = 0; i < 1000; i++) x += Math.sqrt(i);
  }
  return x;
}
function long() {
  return spin(400);
}
function short() {
  return spin(5);
}
function native() {
  return pbkdf2Sync("a", "b", 400_000, 64, "sha512");
}

function commentsOf(profile: Profile): string[] {
  return profile.comments.map((comment) => profile.strings.get(comment));
}

describe("blockSamples", () => {
  it("gives stacks their time within the blocks, and each block to its longest stack", () => {
    // A sample per 10 ms: a a b i i a b b b i, from 1000 ms on.
    const profile = v8CpuProfile("a a b (idle) (idle) a b b b (idle)", 10);
    const blocked = (...blocks: [start: number, end: number][]) => {
      const parts = blocks.map(([start, end]) => ({ start: 1000 + start, end: 1000 + end }));
      return stacksOf(blockSamples(profile, 1000, parts));
    };
    expect(blocked()).toEqual({});
    expect(blocked([0, 30])).toEqual({ a: [1, 20e6], b: [0, 10e6] });
    // Time of waiting counts for the next stack.
    expect(blocked([0, 90])).toEqual({ a: [1, 50e6], b: [0, 40e6] });
    expect(blocked([20, 100])).toEqual({ a: [0, 30e6], b: [1, 40e6] });
    expect(blocked([15, 45])).toEqual({ a: [0, 5e6], b: [1, 10e6] });
    expect(blocked([5, 12], [14, 18], [50, 55])).toEqual({ a: [3, 16e6] });
    expect(blocked([-50, 5], [95, 300])).toEqual({ a: [1, 5e6] });
    expect(blocked([31, 49])).toEqual({});
  });
});

describe("a profile of what blocks the event loop", () => {
  it("has the stacks of long turns only, with labels, in Go's sample types", async () => {
    await startBlockProfile();
    await expect(startBlockProfile()).rejects.toThrow("being profiled already");
    await setTimeout(100);
    const started = performance.now();
    withLabels({ route: "/long" }, long);
    await setTimeout(30);
    native();
    await setTimeout(30);
    const blocked = performance.now() - started;
    for (let i = 0; i < 10; i++) {
      short();
      await setTimeout(1);
    }
    const profile = await blockProfile();
    expect(typesOf(profile)).toEqual(["contentions/count", "delay/nanoseconds"]);
    expect(commentsOf(profile)).toEqual(["what blocked the event loop for more than 50 ms"]);
    const delays = flatAndCum(profile, 1);
    expect(delays.long[1]).toBeGreaterThan(100e6);
    expect(delays.native[1]).toBeGreaterThan(50e6);
    expect(delays.long[1] + delays.native[1]).toBeLessThan(blocked * 1e6 + 20e6);
    expect(Object.keys(delays)).not.toContain("(idle)");
    expect(labelledNanos(profile, "long").get("route=/long")).toBeGreaterThan(100e6);
    const contentions = flatAndCum(profile, 0);
    expect(contentions.long[1] + contentions.native[1]).toBeGreaterThanOrEqual(1);
    // It contains the sum of all, also after more blocks.
    long();
    await setTimeout(30);
    const more = flatAndCum(await blockProfile(), 1);
    expect(more.long[1]).toBeGreaterThan(delays.long[1] + 100e6);
    expect(more.native[1]).toBe(delays.native[1]);

    const file = path.join(folder, "block.pb.gz");
    writeFileSync(file, await writeProfile(profile));
    const { stdout } = await promisify(execFile)("go", ["tool", "pprof", "-top", file]);
    expect(stdout).toContain("Type: delay");
    await stopBlockProfile();
    await stopBlockProfile();
    await expect(blockProfile()).rejects.toThrow("startBlockProfile was not called");
  });

  it.each([
    ["thresholdMillis must be from 10 to 2147483647, not 1", { thresholdMillis: 1 }],
    ["intervalMicros must be from 100", { intervalMicros: 1 }],
  ])("is refused with wrong options: %s", async (message, options) => {
    await expect(startBlockProfile(options)).rejects.toThrow(message);
    await expect(blockProfile({ durationMillis: 1, ...options })).rejects.toThrow(message);
  });

  it("is served over HTTP, for some seconds or as the difference", async () => {
    const port = await listening(pprofHandler());
    /** Blocks once while a profile is collected. */
    const blockedOnce = async (query: string) => {
      const answered = ask(port, `/debug/pprof/block?${query}`);
      await setTimeout(400);
      long();
      return answered;
    };
    const brief = await blockedOnce("seconds=2");
    expect(brief.headers["content-disposition"]).toContain('filename="block"');
    const profile = await readProfile(brief.body);
    expect(commentsOf(profile)).toEqual([
      "what blocked the event loop for more than 50 ms",
      "covers only 2 s: the program does not profile blocks all the time (startBlockProfile)",
    ]);
    expect(flatAndCum(profile, 1).long[1]).toBeGreaterThan(100e6);

    const first = ask(port, "/debug/pprof/block?seconds=1");
    await setTimeout(300);
    const second = await ask(port, "/debug/pprof/block?seconds=1");
    expect(second.status).toBe(503);
    expect(Number(second.headers["retry-after"])).toBeGreaterThan(0);
    expect((await first).status).toBe(200);

    await startBlockProfile();
    native();
    await setTimeout(30);
    const since = await readProfile((await ask(port, "/debug/pprof/block")).body);
    expect(flatAndCum(since, 1).native[1]).toBeGreaterThan(50e6);
    const { status, text: top } = await ask(port, "/debug/pprof/block?debug=1");
    expect(status).toBe(200);
    expect(top).toContain("native");
    const delta = await blockedOnce("seconds=1");
    expect(delta.headers["content-disposition"]).toContain('filename="block-delta"');
    const changed = await readProfile(delta.body);
    expect(text(changed, { report: "top" })).toContain("long");
    expect(flatAndCum(changed, 1).native).toBeUndefined();
    expect(Number(totalsOf(changed)[1])).toBeGreaterThan(100e6);
  });
});
