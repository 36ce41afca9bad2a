import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { ProfileError } from "../../src/profile/errors.js";
import { readBytes, typesOf } from "../support/addresses.js";
import { ROOT } from "../support/proto.js";
import { flatAndCum, stacksOf, totalsOf } from "../support/stacks.js";

interface RawProfile {
  readonly frames: Record<string, { name: string; samples: number; total_samples: number }>;
  readonly raw: number[];
  readonly raw_timestamp_deltas: number[];
}

const recorded = (name: string): Buffer =>
  gunzipSync(readFileSync(path.join(ROOT, "fixtures/recorded", `rb-stackprof-${name}.json.gz`)));

const read = (value: unknown, limit = 1 << 26) =>
  readWithFormat(Buffer.from(JSON.stringify(value)), gunzip, limit);

const frame = (name: string, line: number, more: object = {}) => ({
  ...{ name, file: "/app/shop.rb", line, total_samples: 0, samples: 0 },
  ...more,
});

const FRAMES = {
  1: frame("<main>", 1),
  2: frame("Shop#run", 5, { lines: { 6: [3, 0], 7: [1, 0] } }),
  3: frame("Shop#price", 10, { samples: 4, lines: { 11: [3, 3], 12: [1, 1] } }),
  4: { name: "Array#each", file: "<cfunc>", line: null, total_samples: 2, samples: 0 },
};

const header = (mode: string, interval: number | null = 1000) => ({
  ...{ version: 1.2, mode, interval, samples: 4, gc_samples: 0, missed_samples: 0, metadata: {} },
  frames: FRAMES,
});

const RAW = [3, 1, 2, 3, 2, 4, 1, 4, 2, 3, 1, 1, 1, 1];
const DELTAS = [1500, 1000, 2000, 900];

describe("stackprof profiles with raw stacks", () => {
  it("have the measured wall time", async () => {
    const { profile, warnings, format } = await read({
      ...{ ...header("wall"), raw: RAW, raw_timestamp_deltas: DELTAS },
      raw_sample_timestamps: [5_001_500, 5_002_600, 5_004_600, 5_005_500],
    });
    expect(format.name).toBe("stackprof profile");
    expect(warnings).toEqual([]);
    expect(typesOf(profile)).toEqual(["samples/count", "wall/nanoseconds"]);
    expect(profile.strings.get(profile.defaultSampleType)).toBe("wall");
    expect(stacksOf(profile, true)).toEqual({
      "<main>:1": [1, 900_000],
      "<main>:1;Array#each:0;Shop#run:5;Shop#price:11": [1, 2_000_000],
      "<main>:1;Shop#run:5;Shop#price:11": [2, 2_500_000],
    });
    expect([...(profile.observations?.time ?? [])]).toEqual([
      1_500_000, 2_600_000, 4_600_000, 5_500_000,
    ]);
    expect(profile.durationNanos).toBe(5_500_000);
  });

  it("have CPU time in whole intervals", async () => {
    const { profile } = await read({ ...header("cpu"), raw: RAW, raw_timestamp_deltas: DELTAS });
    expect(typesOf(profile)).toEqual(["samples/count", "cpu/nanoseconds"]);
    expect(totalsOf(profile)).toEqual([4, 4_000_000]);
    expect(profile.period).toBe(1_000_000);
    expect([...(profile.observations?.time ?? [])].at(-1)).toBe(5_400_000);
  });

  it("count objects, or the samples that a program takes", async () => {
    const objects = (await read({ ...header("object", 100), raw: RAW })).profile;
    expect(typesOf(objects)).toEqual(["samples/count", "objects/count"]);
    expect(totalsOf(objects)).toEqual([4, 400]);
    const custom = (await read({ ...header("custom", null), raw: RAW })).profile;
    expect(typesOf(custom)).toEqual(["samples/count"]);
    expect(totalsOf(custom)).toEqual([4]);
  });

  it("have the lines of all frames in new versions", async () => {
    const raw_lines = [3, 2, 6, 12, 2, 4, 2, 0, 7, 11, 1, 1, 3, 1];
    const { profile } = await read({ ...header("cpu"), raw: RAW, raw_lines });
    expect(Object.keys(stacksOf(profile, true))).toEqual([
      "<main>:2;Array#each:0;Shop#run:7;Shop#price:11",
      "<main>:2;Shop#run:6;Shop#price:12",
      "<main>:3",
    ]);
  });

  it("have whole intervals for samples without a timestamp", async () => {
    const { profile, warnings } = await read({
      ...{ ...header("wall"), raw: RAW, raw_timestamp_deltas: [1500, 1000] },
    });
    expect(totalsOf(profile)).toEqual([4, 4_500_000]);
    expect(warnings).toEqual([
      "the numbers of samples and of timestamps differ, so that times are incomplete",
    ]);
  });
});

describe("stackprof profiles without raw stacks", () => {
  it("have the samples of each method and call", async () => {
    const frames = {
      a: frame("main", 1, { edges: { b: 10, d: 5 } }),
      b: frame("each", 0, { file: "<cfunc>", edges: { c: 14 } }),
      c: frame("block", 4, { samples: 6, edges: { b: 4, d: 4 }, lines: { 5: [14, 6] } }),
      d: frame("leaf", 9, { samples: 9, lines: { 10: [9, 7], 11: [9, 2] } }),
    };
    const { profile, warnings } = await read({ ...header("wall", 10_000), frames });
    expect(warnings).toEqual([]);
    expect(totalsOf(profile)).toEqual([15, 150_000_000]);
    expect(flatAndCum(profile)).toEqual({
      main: [0, 15],
      each: [0, 10],
      block: [6, 10],
      leaf: [9, 9],
    });
    const lines = Object.entries(stacksOf(profile, true)).filter(([stack]) =>
      stack.endsWith("leaf:10"),
    );
    expect(lines.reduce((sum, [, [samples]]) => sum + Number(samples), 0)).toBe(7);
    expect(profile.observations).toBeUndefined();
  });

  it("keep all samples if edges are missing or wrong", async () => {
    const frames = {
      a: frame("main", 1, { edges: { b: 3, lost: 2 } }),
      b: frame("b", 2, { samples: 1, edges: { b: 7 } }),
      c: frame("c", 3, { samples: 4, edges: { c: 9 } }),
    };
    const { profile } = await read({ ...header("cpu"), frames });
    expect(totalsOf(profile)[0]).toBe(5);
  });

  it("are read if they have an extreme number of calls, or refused", async () => {
    const ring = (count: number) => {
      const entries = Array.from({ length: count }, (_, i) => {
        const edges = { [`f${(i + 1) % count}`]: 1e9, [`f${i}`]: 1e9 };
        return [`f${i}`, frame(`f${i}`, i, { samples: 3, edges })];
      });
      return { ...header("cpu"), frames: Object.fromEntries(entries) };
    };
    const { profile } = await read(ring(200), 1 << 29);
    expect(totalsOf(profile)[0]).toBe(600);
    await expect(read(ring(5000), 1 << 26)).rejects.toThrow(/needs more than/);
  });
});

describe("recordings of stackprof", () => {
  it.each(["wall", "object"])("%s have the samples of each method", async (mode) => {
    for (const name of [`${mode}-raw`, mode]) {
      const bytes = recorded(name);
      const { profile, warnings } = await readWithFormat(bytes, gunzip, 1 << 28);
      expect(warnings).toEqual([]);
      const { frames, raw, raw_timestamp_deltas: deltas } = JSON.parse(`${bytes}`) as RawProfile;
      const expected: Record<string, [number, number]> = {};
      for (const { name, samples, total_samples: total } of Object.values(frames)) {
        // The two methods `<main>` are on the same stacks.
        const [flat] = expected[name] ?? [0];
        expected[name] = [flat + samples, total];
      }
      expect(flatAndCum(profile), name).toEqual(expected);
      if (mode !== "wall" || !raw) continue;
      const micros = deltas.reduce((a, b) => a + b, 0);
      expect(totalsOf(profile)).toEqual([deltas.length, micros * 1000]);
      expect(profile.observations?.length).toBe(deltas.length);
    }
  });
});

describe("damaged stackprof profiles", () => {
  it("are refused in one line", async () => {
    const cases: [object, RegExp][] = [
      [{ ...header("cpu"), frames: [] }, /frames is not an object/],
      [{ ...header("cpu"), frames: { 1: 5 } }, /a frame is not an object/],
      [{ ...header("cpu"), frames: { 1: frame("f", 1, { samples: -1 }) } }, /is negative/],
      [{ ...header("cpu"), frames: { 1: frame("f", 1, { lines: 5 }) } }, /lines is not an object/],
      [{ ...header("cpu", null), raw: RAW }, /interval is not a number/],
      [{ ...header("cpu", 0), raw: RAW }, /interval is out of range/],
      [{ ...header("cpu"), raw: [2, 1] }, /raw ends inside a stack/],
      [{ ...header("cpu"), raw: [-3, 1] }, /raw ends inside a stack/],
      [{ ...header("cpu"), raw: [1, 9, 1] }, /a frame that does not exist/],
      [{ ...header("cpu"), raw: [1, 1, -1] }, /is negative/],
      [{ ...header("wall"), raw: RAW, raw_timestamp_deltas: [1e300, 1, 1, 1] }, /out of range/],
    ];
    for (const [value, why] of cases) {
      await expect(read(value)).rejects.toThrow(ProfileError);
      await expect(read(value)).rejects.toThrow(why);
    }
  });

  it("in Ruby's own format are named", async () => {
    const dump = Uint8Array.from([4, 8, ...Buffer.from("{\r:\fversionf\b1.2:\tmode:\bcpu")]);
    await expect(readBytes(dump)).rejects.toThrow(/`stackprof --json FILE`/);
  });
});
