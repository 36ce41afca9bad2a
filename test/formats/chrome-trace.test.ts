import { describe, expect, it } from "vitest";
import { readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { ProfileError } from "../../src/profile/errors.js";
import { readBytes } from "../support/addresses.js";
import { stacksOf } from "../support/stacks.js";

const frame = (functionName: string) => ({ functionName, scriptId: 1, lineNumber: 0 });

/** A trace in the layout of Chrome 116: two threads with samples in chunks. */
const EVENTS = [
  { name: "thread_name", ph: "M", pid: 7, tid: 1, args: { name: "CrRendererMain" } },
  { name: "thread_name", ph: "M", pid: 7, tid: 2, args: { name: "DedicatedWorker thread" } },
  { name: "RunTask", ph: "X", pid: 7, tid: 1, ts: 5, dur: 3 },
  { name: "Profile", ph: "P", id: "0x1", pid: 7, tid: 1, args: { data: { startTime: 1000 } } },
  { name: "Profile", ph: "P", id: "0x2", pid: 7, tid: 2, args: { data: { startTime: 1000 } } },
  {
    name: "ProfileChunk",
    ph: "P",
    id: "0x1",
    pid: 7,
    tid: 9,
    args: {
      data: {
        cpuProfile: {
          nodes: [
            { id: 1, callFrame: frame("(root)") },
            { id: 2, parent: 1, callFrame: frame("main") },
            { id: 3, parent: 2, callFrame: frame("leaf") },
          ],
          samples: [3, 2],
        },
        lines: [12, 0],
        timeDeltas: [5, 10],
      },
    },
  },
  {
    name: "ProfileChunk",
    ph: "P",
    id: "0x2",
    pid: 7,
    tid: 9,
    args: {
      data: {
        cpuProfile: { nodes: [{ id: 1, callFrame: frame("(idle)") }], samples: [1, 1] },
        timeDeltas: [1, 50],
      },
    },
  },
  {
    name: "ProfileChunk",
    ph: "P",
    id: "0x1",
    pid: 7,
    tid: 9,
    args: {
      data: {
        cpuProfile: { nodes: [{ id: 4, parent: 2, callFrame: frame("late") }], samples: [4, 3] },
        lines: [0, 13],
        timeDeltas: [20, 30],
      },
    },
  },
];

const STACKS = {
  "(idle):1": [2, 50_000],
  "main:1": [1, 20_000],
  "main:1;late:1": [1, 30_000],
  "main:1;leaf:12": [1, 10_000],
  "main:1;leaf:13": [1, 0],
};

const read = (text: string) => readBytes(Buffer.from(text));

describe("Chrome traces", () => {
  const text = JSON.stringify(EVENTS);

  it("are read as a list, inside an object, and cut off after an event", async () => {
    expect(stacksOf(await read(text), true)).toEqual(STACKS);
    expect(stacksOf(await read(`{"metadata":{},"traceEvents":${text}}`), true)).toEqual(STACKS);
    expect(stacksOf(await read(`${text.slice(0, -1)},\n`), true)).toEqual(STACKS);
  });

  it("may omit the lines of a chunk if none is known", async () => {
    const chunk = (samples: number[], nodes: object[] = []) => ({
      name: "ProfileChunk",
      ph: "P",
      id: "0x1",
      pid: 7,
      tid: 9,
      args: { data: { cpuProfile: { nodes, samples }, timeDeltas: samples.map(() => 1) } },
    });
    const idle = { id: 9, callFrame: frame("(idle)") };
    const events = [...EVENTS.slice(0, 5), chunk([9, 9], [idle]), ...EVENTS.slice(5), chunk([9])];
    const stacks = stacksOf(await read(JSON.stringify(events)), true);
    for (const stack of ["main:1;leaf:12", "main:1;leaf:13", "main:1", "main:1;late:1"]) {
      expect(stacks[stack][0], stack).toBe(1);
    }
    expect(stacks["(idle):1"][0]).toBe(5);
  });

  it("identify threads by labels", async () => {
    const { labels, strings, samples } = await read(text);
    const seen = new Set<string>();
    for (let row = 0; row < labels.length; row++) {
      const value = strings.get(labels.text[row]) || String(labels.number[row]);
      seen.add(`${strings.get(labels.key[row])}=${value}`);
    }
    expect([...seen].sort()).toEqual([
      "pid=7",
      "thread=CrRendererMain",
      "thread=DedicatedWorker thread",
      "tid=1",
      "tid=2",
    ]);
    expect(labels.length).toBe(3 * samples.length);
  });

  it("may lack chunks, and begin in the middle of another profile with the same id", async () => {
    const chunk = (ts: number, data: object) => ({
      ...{ name: "ProfileChunk", ph: "P", id: "0x1", pid: 7, tid: 9, ts },
      args: { data },
    });
    const start = { name: "Profile", ph: "P", id: "0x1", pid: 7, tid: 1, ts: 100 };
    const nodes = [
      { id: 1, callFrame: frame("(root)") },
      { id: 2, parent: 1, callFrame: frame("main") },
      { id: 5, parent: 4, callFrame: frame("lost") },
    ];
    const earlier = { id: 2, parent: 1, callFrame: frame("earlier") };
    const events = [
      // Chrome may write the beginning of a profile after its chunks.
      chunk(110, {
        cpuProfile: { nodes, samples: [2, 5, 6, 2] },
        timeDeltas: [10, 10, 10, 10],
      }),
      chunk(120, { endTime: 1050 }),
      chunk(90, { cpuProfile: { nodes: [earlier], samples: [2, 3] }, timeDeltas: [10, 10] }),
      chunk(91, { endTime: 95 }),
      { ...start, args: { data: { startTime: 1000 } } },
    ];
    const bytes = Buffer.from(JSON.stringify(events));
    const { profile, warnings } = await readWithFormat(bytes, gunzip, 1 << 26);
    expect(stacksOf(profile)).toEqual({
      earlier: [1, 10_000],
      lost: [1, 10_000],
      main: [2, 20_000],
    });
    expect(warnings).toEqual([
      "skipped 2 samples without a known node; callers are missing in 2 samples",
    ]);
    expect(profile.durationNanos).toBe(50_000);
    const strays = JSON.stringify([chunk(1, { cpuProfile: { samples: [2] }, timeDeltas: [1] })]);
    await expect(read(strays)).rejects.toThrow("no sample refers to a node");
  });

  it("may end inside an event, which is skipped", async () => {
    const cut = Buffer.from(text.slice(0, -20));
    const { profile, warnings } = await readWithFormat(cut, gunzip, 1 << 26);
    expect(stacksOf(profile, true)).toEqual({
      "(idle):1": [2, 50_000],
      "main:1": [1, 0],
      "main:1;leaf:12": [1, 10_000],
    });
    expect(warnings).toEqual(["the trace ends inside an event, which was skipped"]);
  });

  it("with missing or damaged samples are refused", async () => {
    for (const [damaged, why] of [
      [JSON.stringify(EVENTS.slice(0, 2)), /no CPU samples/],
      [JSON.stringify([...EVENTS, 5]), /not an object/],
      [text.replace('"parent":1', '"parent":3'), /form a cycle/],
      [text.replace(":", " "), /malformed Chrome trace/],
    ] as const) {
      await expect(read(damaged)).rejects.toThrow(ProfileError);
      await expect(read(damaged)).rejects.toThrow(why);
    }
  });
});
