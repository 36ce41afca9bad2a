import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import {
  allocs,
  heapProfile,
  startHeapSampling,
  stopHeapSampling,
  writeProfile,
} from "../../src/library/profiler.js";
import { typesOf } from "../support/addresses.js";
import { withoutTime } from "../support/labelled.js";
import { tsprof } from "../support/run.js";
import { flatAndCum } from "../support/stacks.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-heap-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(stopHeapSampling);

const MEGABYTE = 2 ** 20;

/** Arrays of small objects, a megabyte each. */
function megabytes(count: number): unknown[] {
  return Array.from({ length: count }, () => new Array(MEGABYTE / 8).fill(1.5));
}
function holds(count: number) {
  return megabytes(count);
}
function holdsSmall(count: number) {
  return Array.from({ length: count }, (_, i) => ({ a: i, b: i + 1, c: null }));
}
function drops(count: number) {
  for (let i = 0; i < count; i++) megabytes(1);
}

describe("heapProfile", () => {
  it("shows the memory in use, but not what was freed", async () => {
    await startHeapSampling({ intervalBytes: 64 * 1024 });
    const held = holds(32);
    drops(150);
    const profile = await heapProfile();
    expect(typesOf(profile)).toEqual(["inuse_objects/count", "inuse_space/bytes"]);
    expect(profile.strings.get(profile.defaultSampleType)).toBe("inuse_space");
    expect(profile.period).toBe(64 * 1024);
    const rows = flatAndCum(profile, 1);
    expect(held.length).toBe(32);
    expect(rows.holds[1] / MEGABYTE).toBeGreaterThan(30);
    expect(rows.holds[1] / MEGABYTE).toBeLessThan(35);
    expect(rows.drops?.[1] ?? 0).toBeLessThan(120 * MEGABYTE);
    const file = path.join(folder, "heap.pb.gz");
    writeFileSync(file, await writeProfile(profile));
    const pprof = (args: string[]) => promisify(execFile)("go", ["tool", "pprof", ...args, file]);
    for (const args of [["-top"], ["-top", "-sample_index=inuse_objects"]]) {
      const ours = await tsprof(["top", ...args.slice(1), file]);
      expect(ours.stdout).toContain("holds");
      expect(withoutTime(ours.stdout)).toBe(withoutTime((await pprof(args)).stdout));
    }
  });

  it("shows all memory outside of the heap, even if it was allocated before", async () => {
    const before = Buffer.alloc(64 * MEGABYTE);
    await startHeapSampling();
    const first = await heapProfile({ collectsGarbage: true });
    const after = Buffer.alloc(32 * MEGABYTE);
    const second = await heapProfile({ collectsGarbage: true });
    expect(before.length + after.length).toBe(96 * MEGABYTE);
    const [one, two] = [first, second].map(
      (profile) => flatAndCum(profile, 1)["(array buffers)"][1] / MEGABYTE,
    );
    expect(one).toBeGreaterThanOrEqual(64);
    expect(Math.round(two - one)).toBe(32);
    expect(flatAndCum(second, 0)["(array buffers)"]?.[1] ?? 0).toBe(0);
    expect(flatAndCum(second, 1)["(external memory)"][1]).toBeGreaterThan(0);
  });

  it("counts objects, not samples", async () => {
    await startHeapSampling({ intervalBytes: 32 * 1024 });
    const held = holdsSmall(400_000);
    const profile = await heapProfile();
    expect(held.length).toBe(400_000);
    const [, objects] = flatAndCum(profile, 0).holdsSmall;
    expect(objects).toBeGreaterThan(400_000 / 1.5);
    expect(objects).toBeLessThan(400_000 * 1.5);
  });

  it("samples for one profile only, until a signal aborts it", async () => {
    const pending = heapProfile({ durationMillis: 50, intervalBytes: 16 * 1024 });
    const held = holds(8);
    await expect(heapProfile({ durationMillis: 1 })).rejects.toThrow("being collected already");
    await expect(startHeapSampling()).rejects.toThrow("sampled already");
    const rows = flatAndCum(await pending, 1);
    expect(held.length).toBe(8);
    expect(rows.holds[1] / MEGABYTE).toBeCloseTo(8, -0.5);
    const controller = new AbortController();
    const aborted = heapProfile({ durationMillis: 60_000, signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(aborted).rejects.toThrow("gone");
    await startHeapSampling();
  });

  it("reports which profiles are not available", async () => {
    await expect(heapProfile()).rejects.toThrow("does not run");
    await expect(allocs({ durationMillis: -1 })).rejects.toThrow(RangeError);
    await expect(startHeapSampling({ intervalBytes: 0 })).rejects.toThrow(RangeError);
    await startHeapSampling();
    await expect(allocs()).rejects.toThrow("only the memory in use");
    await stopHeapSampling();
    await startHeapSampling({ keepsFreed: true });
    await expect(heapProfile()).rejects.toThrow("which memory is in use");
  });
});

describe("allocs", () => {
  it("shows all that was allocated", async () => {
    await startHeapSampling({ intervalBytes: 64 * 1024, keepsFreed: true });
    drops(60);
    const profile = await allocs();
    expect(typesOf(profile)).toEqual(["alloc_objects/count", "alloc_space/bytes"]);
    const megabytes = flatAndCum(profile, 1).drops[1] / MEGABYTE;
    expect(megabytes).toBeGreaterThan(57);
    expect(megabytes).toBeLessThan(64);
  });
});
