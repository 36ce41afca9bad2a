import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readProfile } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { int64At } from "../../src/profile/columns.js";
import type { Profile } from "../../src/profile/profile.js";
import { renderCpuprofile } from "../../src/render/cpuprofile.js";
import { renderSpeedscope } from "../../src/render/speedscope.js";
import { buildConvertedTree } from "../../src/report/converted.js";
import { threadsOf } from "../../src/view/threads.js";
import { ROOT } from "../support/proto.js";
import { inputFor } from "../support/report-input.js";
import { frameNames, stacksOf } from "../support/stacks.js";

const seed = Number(process.env.TSPROF_SEED ?? 1);
const readText = (text: string) => readProfile(Buffer.from(text), gunzip, 1 << 28);

const FORMATS = { cpuprofile: renderCpuprofile, speedscope: renderSpeedscope };

async function converted(
  profile: Profile,
  to: keyof typeof FORMATS,
  options: Record<string, string> = {},
): Promise<Profile> {
  const tree = buildConvertedTree(inputFor("convert", profile, { options }), to);
  return readText([...FORMATS[to](tree)].join(""));
}

/** Returns each observation: time and value in ns, thread, and stack. */
function timesOf(profile: Profile): string[] {
  const { observations, defaultSampleType, sampleTypes, strings } = profile;
  if (!observations) return [];
  const row = sampleTypes.findIndex(({ type }) => strings.equal(type, defaultSampleType));
  const { names, ofSample } = threadsOf(profile);
  return Array.from(observations.time, (time, i) => {
    const sample = observations.sample[i];
    const value = int64At(observations.values[row], i);
    return `${time} ${value} ${names[ofSample[sample]]}:${frameNames(profile, sample).join(";")}`;
  });
}

const NODES = [
  { id: 1, callFrame: frame("(root)", -1), children: [2, 3] },
  { id: 2, callFrame: frame("main", 1), children: [4] },
  { id: 3, callFrame: frame("(idle)", -1) },
  { id: 4, callFrame: frame("work", 9), positionTicks: [{ line: 12, ticks: 1 }] },
];

function frame(functionName: string, lineNumber: number) {
  return { functionName, scriptId: "1", url: "", lineNumber, columnNumber: lineNumber };
}

/** The samples of a V8 profile: a node, and the time until the next sample in microseconds. */
const v8Samples = fc.array(fc.tuple(fc.constantFrom(2, 3, 4), fc.integer({ min: 0, max: 5000 })), {
  minLength: 1,
  maxLength: 30,
});

function v8Profile(samples: readonly (readonly [node: number, micros: number])[], first = 700) {
  const micros = samples.map(([, micros]) => micros);
  return readText(
    JSON.stringify({
      nodes: NODES,
      startTime: 1000,
      endTime: 1000 + first + micros.reduce((a, b) => a + b, 0),
      samples: samples.map(([node]) => node),
      timeDeltas: [first, ...micros.slice(0, -1)],
    }),
  );
}

describe("the times of samples", () => {
  it("survive conversion in any order, with values and threads", async () => {
    await fc.assert(
      fc.asyncProperty(
        v8Samples,
        fc.array(fc.constantFrom("cpuprofile" as const, "speedscope" as const), { maxLength: 3 }),
        async (samples, formats) => {
          const profile = await v8Profile(samples);
          const before = timesOf(profile);
          fc.pre(before.length > 0);
          let now = profile;
          for (const to of formats) now = await converted(now, to);
          expect(timesOf(now)).toEqual(before);
        },
      ),
      { seed, numRuns: 60 },
    );
  });

  it("of a real profile survive, too", async () => {
    const file = path.join(ROOT, "fixtures/v8-cpu.cpuprofile");
    const profile = await readText(readFileSync(file, "utf8"));
    const before = timesOf(profile);
    expect(before.length).toBeGreaterThan(1000);
    expect(timesOf(await converted(await converted(profile, "speedscope"), "cpuprofile"))).toEqual(
      before,
    );
  });

  it("survive a filter, with idle time in between", async () => {
    const profile = await v8Profile([
      [4, 10],
      [2, 5],
      [3, 100],
      [4, 20],
    ]);
    const expected = ["700000 10000 :main;work", "815000 20000 :main;work"];
    expect(timesOf(await converted(profile, "speedscope", { focus: "work" }))).toEqual(expected);
    expect(timesOf(await converted(profile, "cpuprofile", { focus: "work" }))).toEqual([
      expected[0],
      "710000 105000 :(idle)",
      expected[1],
    ]);
    expect(timesOf(await converted(profile, "speedscope", { to: "800us" }))).toEqual([
      "700000 10000 :main;work",
      "710000 5000 :main",
      "715000 100000 :(idle)",
    ]);
  });

  it("survive for each of several threads in a speedscope file only", async () => {
    const profiles = [
      { type: "sampled", name: "main", unit: "microseconds", startValue: 5, endValue: 25 },
      { type: "sampled", name: "worker", unit: "microseconds", startValue: 10, endValue: 30 },
    ];
    const profile = await readText(
      JSON.stringify({
        exporter: "test",
        shared: { frames: [{ name: "a" }, { name: "b" }] },
        profiles: profiles.map((profile) => ({
          ...profile,
          samples: [[0], [0, 1]],
          weights: [5, 15],
        })),
      }),
    );
    const expected = [
      "0 5000 main:a",
      "5000 15000 main:a;b",
      "5000 5000 worker:a",
      "10000 15000 worker:a;b",
    ];
    expect(timesOf(profile)).toEqual(expected);
    expect(timesOf(await converted(profile, "speedscope"))).toEqual(expected);
    // Samples of two threads overlap, but the format has only one.
    const merged = await converted(profile, "cpuprofile");
    expect(timesOf(merged)).toEqual([]);
    expect(stacksOf(merged)).toEqual({ a: [2, 10000], "a;b": [2, 30000] });
  });

  it("survive for threads of the same name", async () => {
    const slice = (tid: number, ts: number) => {
      return { ph: "X", name: `f${tid}`, ts, dur: 10, pid: 1, tid };
    };
    const named = (tid: number) => {
      return { ph: "M", name: "thread_name", pid: 1, tid, args: { name: "Worker" } };
    };
    const events = [named(7), named(8), slice(7, 0), slice(8, 5), slice(9, 7)];
    const profile = await readText(JSON.stringify(events));
    const once = await converted(profile, "speedscope");
    expect(timesOf(once)).toEqual([
      "0 10000 Worker (tid 7):f7",
      "5000 10000 Worker (tid 8):f8",
      "7000 10000 thread 9:f9",
    ]);
    expect(timesOf(await converted(once, "speedscope"))).toEqual(timesOf(once));
  });

  it("are not made up in conversions of profiles without times", async () => {
    const file = path.join(ROOT, "fixtures/go-cpu.pb.gz");
    const profile = await readProfile(readFileSync(file), gunzip, 1 << 28);
    for (const to of ["cpuprofile", "speedscope"] as const) {
      expect((await converted(profile, to)).observations).toBeUndefined();
    }
  });

  it("of events are intervals", async () => {
    const events = [
      { type: "O", at: 1, frame: 0 },
      { type: "O", at: 3, frame: 1 },
      { type: "C", at: 4, frame: 1 },
      { type: "C", at: 9, frame: 0 },
    ];
    const profile = await readText(
      JSON.stringify({
        exporter: "test",
        shared: { frames: [{ name: "a" }, { name: "b" }] },
        profiles: [
          { type: "evented", name: "", unit: "milliseconds", startValue: 0, endValue: 9, events },
        ],
      }),
    );
    expect(timesOf(profile)).toEqual([
      "1000000 2000000 :a",
      "3000000 1000000 :a;b",
      "4000000 5000000 :a",
    ]);
    expect([...(profile.observations?.duration ?? [])]).toEqual([2e6, 1e6, 5e6]);
  });
});
