import { describe, expect, it } from "vitest";
import { readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { ProfileError } from "../../src/profile/errors.js";
import { typesOf } from "../support/addresses.js";
import { stacksOf } from "../support/stacks.js";

const sample = (ts: number, sf: unknown, tid = "6") => ({
  ...{ cpu: "-1", name: "", ts: String(ts), pid: 5, tid, weight: "1", sf },
});

const position = (line: number, funcLine: number) => ({
  ...{ line: String(line), column: "3", funcLine: String(funcLine), funcColumn: "1" },
  category: "JavaScript",
});

/** A profile in the layout of Hermes' ChromeTraceSerializer, which writes numbers as text. */
const PROFILE = {
  traceEvents: [
    { name: "process_name", ph: "M", cat: "__metadata", pid: 5, ts: "0", args: { name: "app" } },
    { name: "thread_name", ph: "M", pid: 5, tid: "6", ts: "0", args: { name: "mqt_js" } },
    { name: "mqt_js", cat: "mqt_js", ph: "X", dur: 0, pid: 5, ts: "0", tid: "6", args: {} },
  ],
  samples: [
    ...[sample(5000, 3), sample(1000, 3), sample(2000, 2), sample(7000, 5)],
    sample(1500, 4, "9"),
  ],
  stackFrames: {
    "1": { name: "[root]", category: "root" },
    "2": { name: "main(/app/(tabs)/index.js:4:3)", ...position(4, 2), parent: 1 },
    "3": { name: "(/app/(tabs)/index.js:9:3)", ...position(9, 8), parent: 2 },
    "4": { name: "[GC Young Gen]", category: "Metadata", parent: 1 },
    "5": { name: "[Native] now", category: "Native", parent: 3 },
  },
};

const read = (value: unknown, limit = 1 << 26) =>
  readWithFormat(Buffer.from(JSON.stringify(value)), gunzip, limit);

const anonymous = "(anonymous) index.js:8:1:9";

describe("Hermes profiles", () => {
  it("have the time until the next sample of the thread, and the lines of all frames", async () => {
    const { profile, format, warnings } = await read(PROFILE);
    expect(format.name).toBe("Hermes profile");
    expect(warnings).toEqual([]);
    expect(typesOf(profile)).toEqual(["samples/count", "wall/nanoseconds"]);
    expect(stacksOf(profile, true)).toEqual({
      "[GC Young Gen]:0": [1, 0],
      "main:4": [1, 3_000_000],
      [`main:4;${anonymous}`]: [2, 3_000_000],
      [`main:4;${anonymous};[Native] now:0`]: [1, 0],
    });
    expect(profile.durationNanos).toBe(6_000_000);
    expect([...(profile.observations?.time ?? [])]).toEqual([0, 500_000, 1e6, 4e6, 6e6]);
    const files = Array.from({ length: profile.functions.length }, (_, row) =>
      profile.strings.get(profile.functions.filename[row]),
    );
    expect(files.sort()).toEqual(["", "", "/app/(tabs)/index.js", "/app/(tabs)/index.js"]);
  });

  it("identify threads by labels", async () => {
    const { labels, strings } = (await read(PROFILE)).profile;
    const seen = new Set<string>();
    for (let row = 0; row < labels.length; row++) {
      const value = strings.get(labels.text[row]) || String(labels.number[row]);
      seen.add(`${strings.get(labels.key[row])}=${value}`);
    }
    expect([...seen].sort()).toEqual([
      "pid=5",
      "thread=mqt_js",
      "thread=thread 9",
      "tid=6",
      "tid=9",
    ]);
  });

  it("are read with any order of the keys, and without trace events", async () => {
    const { traceEvents, samples, stackFrames } = PROFILE;
    const stacks = stacksOf((await read(PROFILE)).profile);
    for (const value of [
      { samples, stackFrames },
      { samples, stackFrames, traceEvents },
      { stackFrames, samples },
    ]) {
      expect(stacksOf((await read(value)).profile)).toEqual(stacks);
    }
  });

  it("may refer to missing frames, which one warning counts", async () => {
    const { "2": main, "3": inner, "5": native } = PROFILE.stackFrames;
    const samples = [sample(1000, 3), sample(2000, 8), sample(3000, "__proto__"), sample(4000, 5)];
    const { profile, warnings } = await read({ samples, stackFrames: { "3": inner, "5": native } });
    expect(Object.keys(stacksOf(profile, true))).toEqual([
      anonymous,
      `${anonymous};[Native] now:0`,
    ]);
    expect(warnings).toEqual([
      "skipped 2 samples without a known node; callers are missing in 2 samples",
    ]);
    await expect(read({ samples: [sample(1, 3)], stackFrames: { "2": main } })).rejects.toThrow(
      "malformed Hermes profile: no sample refers to a node",
    );
  });

  it("may be deep, and are refused if their stacks do not fit in memory", async () => {
    const depth = 20_000;
    const frames = Array.from({ length: depth }, (_, i) => [i, { name: "f", parent: i - 1 }]);
    const stackFrames = { ...Object.fromEntries(frames), 0: { name: "f" } };
    const { profile } = await read({ samples: [sample(1, depth - 1)], stackFrames });
    expect(profile.samples.stackLocations.length).toBe(depth);
    const samples = Array.from({ length: depth }, (_, i) => sample(i, i));
    await expect(read({ samples, stackFrames })).rejects.toThrow(/needs more than 64 MB/);
  });

  it("are refused in one line if damaged", async () => {
    const { samples, stackFrames } = PROFILE;
    const cases: [object, RegExp][] = [
      [{ samples, stackFrames: [] }, /stackFrames is not an object/],
      [{ samples, stackFrames: { ...stackFrames, "2": 5 } }, /a stack frame is not an object/],
      [{ samples, stackFrames: { ...stackFrames, "2": { name: 5 } } }, /not a string/],
      [{ samples, stackFrames: { ...stackFrames, "2": { name: "f", parent: 3 } } }, /form a cycle/],
      [{ samples, stackFrames: { ...stackFrames, "2": { line: "x" } } }, /a line is not a number/],
      [{ samples: [...samples, 5], stackFrames }, /a sample is not an object/],
      [{ samples: [...samples, sample(1e300, 3)], stackFrames }, /out of range/],
      [{ samples: [...samples, { sf: 3 }], stackFrames }, /ts of a sample is not a number/],
    ];
    for (const [value, why] of cases) {
      await expect(read(value)).rejects.toThrow(ProfileError);
      await expect(read(value)).rejects.toThrow(why);
    }
  });
});

describe("profiles that Hermes writes for V8's tools", () => {
  const node = (
    id: number,
    name: string,
    url: string,
    at: [number, number],
    children: number[],
  ) => {
    const [lineNumber, columnNumber] = at;
    const callFrame = { functionName: name, scriptId: 0, url, lineNumber, columnNumber };
    return { id, callFrame, hitCount: 1, ...(children.length > 0 && { children }) };
  };
  /** A profile in the layout of Hermes' ProfilerProfileSerializer. */
  const profile = {
    samples: [5, 3, 4, 6],
    timeDeltas: [0, 10, 20, 30],
    nodes: [
      node(1, "[root]", "[root]", [0, 0], [2, 6]),
      node(2, "global(/app/(tabs)/i.js:4:3)", "/app/(tabs)/i.js", [4, 3], [3, 4]),
      node(3, "(/app/(tabs)/i.js:9:7)", "/app/(tabs)/i.js", [9, 7], [5]),
      node(4, "work", "unknown", [0, 0], []),
      node(5, "[Native] now", "[native]", [0, 0], []),
      node(6, "[GC Young Gen]", "[suspended]", [0, 0], []),
    ],
    startTime: 100,
    endTime: 160,
  };

  it("have names without positions, and the lines that were running", async () => {
    const { profile: found, format } = await read(profile);
    expect(format.name).toBe("V8 CPU profile");
    const inner = "(anonymous) i.js:9:7:9";
    expect(stacksOf(found, true)).toEqual({
      "[GC Young Gen]:0": [1, 0],
      [`global:4;${inner}`]: [1, 20_000],
      [`global:4;${inner};[Native] now:0`]: [1, 10_000],
      "global:4;work:0": [1, 30_000],
    });
    const { functions, strings } = found;
    const files = Array.from({ length: functions.length }, (_, row) =>
      strings.get(functions.filename[row]),
    ).filter(Boolean);
    expect(files).toEqual(["/app/(tabs)/i.js", "/app/(tabs)/i.js"]);
  });
});
