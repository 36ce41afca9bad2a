import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readWithFormat } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { typesOf } from "../support/addresses.js";
import { ROOT } from "../support/proto.js";
import { flatAndCum, labelledStacksOf, stacksOf, totalsOf } from "../support/stacks.js";

interface TraceEvent {
  readonly name?: string;
  readonly cat?: string;
  readonly ph: string;
  readonly ts?: number | string;
  readonly dur?: number;
  readonly pid?: number;
  readonly tid?: number | string;
  readonly args?: object;
}

const readText = (text: string, limit = 1 << 26) =>
  readWithFormat(Buffer.from(text), gunzip, limit);

const read = (events: readonly TraceEvent[], limit?: number) =>
  readText(JSON.stringify(events), limit);

const stacks = async (events: readonly TraceEvent[]) => stacksOf((await read(events)).profile);

const thread = { pid: 1, tid: 1 };
const begin = (name: string, ts: number, more = {}) => ({ ...thread, ph: "B", name, ts, ...more });
const end = (ts: number, more = {}) => ({ ...thread, ph: "E", ts, ...more });
const slice = (name: string, ts: number, dur: number, more = {}) => ({
  ...{ ...thread, ph: "X", name, ts, dur },
  ...more,
});

const recorded = (name: string) =>
  gunzipSync(readFileSync(path.join(ROOT, "fixtures/recorded", name)));

describe("slices of traces", () => {
  it("have calls, and the time in which they are innermost", async () => {
    const { profile, warnings, format } = await read([
      begin("main", 100),
      begin("load", 100.5),
      end(103.25),
      begin("load", 104),
      end(105),
      end(110),
      begin("main", 120),
      end(121),
    ]);
    expect(format.name).toBe("Chrome trace");
    expect(warnings).toEqual([]);
    expect(typesOf(profile)).toEqual(["calls/count", "wall/nanoseconds"]);
    expect(profile.strings.get(profile.defaultSampleType)).toBe("wall");
    expect(stacksOf(profile)).toEqual({ main: [2, 7250], "main;load": [2, 3750] });
    expect(profile.durationNanos).toBe(21_000);
  });

  it("may be complete events in any order, with times as text", async () => {
    const nested = [slice("a", 0, 10), slice("b", 2, 5), slice("c", 3, 1), slice("b", 8, 2)];
    const expected = { a: [1, 3000], "a;b": [2, 6000], "a;b;c": [1, 1000] };
    expect(await stacks(nested)).toEqual(expected);
    expect(await stacks([...nested].reverse())).toEqual(expected);
    expect(await stacks(nested.map((event) => ({ ...event, ts: String(event.ts) })))).toEqual(
      expected,
    );
  });

  it("have the times and durations in which they are innermost", async () => {
    const { observations } = (await read([begin("a", 5), slice("b", 6, 2), end(9)])).profile;
    expect(observations && [...observations.time]).toEqual([0, 1000, 3000]);
    expect([...(observations?.duration ?? [])]).toEqual([1000, 2000, 1000]);
    expect(observations?.values.map((column) => [...column])).toEqual([
      [1, 1, 0],
      [1000, 2000, 1000],
    ]);
  });

  it("nest across begin, end and complete events", async () => {
    expect(
      await stacks([slice("inner", 2, 3), begin("outer", 0), begin("within", 3), end(4), end(9)]),
    ).toEqual({ outer: [1, 6000], "outer;inner": [1, 2000], "outer;inner;within": [1, 1000] });
  });

  it("may be empty, and begin when others end", async () => {
    const marks = [begin("a", 5), begin("b", 5), end(5), end(5), begin("c", 5), end(9)];
    expect(await stacks(marks)).toEqual({ a: [1, 0], "a;b": [1, 0], c: [1, 4000] });
    const complete = [slice("a", 0, 5), slice("b", 5, 4), slice("c", 9, 0)];
    expect(await stacks(complete)).toEqual({ a: [1, 5000], b: [1, 4000], c: [1, 0] });
  });

  it("of equal times are nested in the order in which the writer writes", async () => {
    const [outer, inner, other] = [slice("outer", 1, 4), slice("inner", 1, 4), slice("o", 2, 1)];
    expect(Object.keys(await stacks([outer, inner, other]))).toContain("outer;inner;o");
    expect(Object.keys(await stacks([other, inner, outer]))).toContain("outer;inner;o");
  });

  it("may overlap, and then each has its whole time", async () => {
    const { profile } = await read([slice("a", 0, 10), slice("b", 5, 10), slice("c", 12, 8)]);
    expect(stacksOf(profile)).toEqual({
      a: [1, 5000],
      "a;b": [1, 5000],
      b: [0, 2000],
      "b;c": [1, 3000],
      c: [0, 5000],
    });
    expect(totalsOf(profile)).toEqual([3, 20_000]);
    expect(flatAndCum(profile, 1)).toEqual({
      a: [5000, 10_000],
      b: [7000, 10_000],
      c: [8000, 8000],
    });
  });

  it("overlap by rounding without effect on the stacks", async () => {
    const late = [slice("a", 0, 10), slice("b", 4, 6.001), slice("c", 9.9995, 3)];
    expect(await stacks(late)).toEqual({ a: [1, 4000], "a;b": [1, 6000], c: [1, 3000] });
  });

  it("without an end last until the end of the trace or of the caller", async () => {
    const open = await read([begin("a", 0), begin("b", 1), begin("c", 2), end(4, { name: "b" })]);
    expect(stacksOf(open.profile)).toEqual({ a: [1, 1000], "a;b": [1, 1000], "a;b;c": [1, 2000] });
    expect(open.warnings).toEqual(["2 slices without an end last until the caller or trace ends"]);
  });

  it("without a beginning or time are skipped and counted", async () => {
    const { profile, warnings } = await read([
      end(1, { name: "lost" }),
      begin("a", 2),
      end(3, { name: "other" }),
      end(5, { name: "a" }),
      { ph: "X", name: "no time", ...thread },
      { ph: "X", name: "negative", ts: 1, dur: -1, ...thread },
    ]);
    expect(stacksOf(profile)).toEqual({ a: [1, 3000] });
    expect(warnings).toEqual([
      "skipped 2 events without a valid time; skipped 2 ends of slices without a beginning",
    ]);
  });

  it("have the labels of their threads, and names of threads", async () => {
    const { profile } = await read([
      { ph: "M", name: "thread_name", ...thread, args: { name: "Main" } },
      slice("a", 0, 4),
      slice("a", 1, 2, { tid: 2 }),
      slice("b", 1, 1, { tid: "worker", pid: 9 }),
    ]);
    expect(labelledStacksOf(profile)).toEqual({
      "a {pid=1 thread=Main tid=1}": [1, 4000],
      "a {pid=1 thread=thread 2 tid=2}": [1, 2000],
      "b {pid=9 thread=thread worker}": [1, 1000],
    });
  });

  it("can be named like the events that name threads", async () => {
    const { profile } = await read([slice("thread_name", 0, 4)]);
    expect(stacksOf(profile)).toEqual({ thread_name: [1, 4000] });
  });

  it("have categories as labels if there are several", async () => {
    const { profile } = await read([
      slice("a", 0, 4, { cat: "check" }),
      slice("b", 1, 1, { cat: "emit" }),
      slice("c", 2, 1),
    ]);
    expect(Object.keys(labelledStacksOf(profile, ["category"]))).toEqual([
      "a {category=check}",
      "a;b {category=emit}",
      "a;c {category=check}",
    ]);
  });

  it("of Bazel have labels for the target and mnemonic of actions and what is inside", async () => {
    const action = { target: "//app:main", mnemonic: "CppCompile" };
    const { profile } = await read([
      slice("Compiling main.cc", 0, 9, { cat: "action processing", args: action }),
      slice("subprocess.run", 2, 5, { cat: "local action execution" }),
      { ph: "C", name: "CPU usage", ts: 3, ...thread, args: { cpu: "1.5" } },
    ]);
    expect(Object.keys(labelledStacksOf(profile, ["mnemonic", "target"]))).toEqual([
      "Compiling main.cc {mnemonic=CppCompile target=//app:main}",
      "Compiling main.cc;subprocess.run {mnemonic=CppCompile target=//app:main}",
    ]);
  });

  it("have the files and lines of names and arguments", async () => {
    const { profile } = await read([
      slice("Shop.<lambda> (/app (copy)/shop.py:12)", 0, 1),
      slice("checkSourceFile", 1, 1, { args: { path: "/app/a.ts" } }),
      slice("checkSourceFile", 2, 1, { args: { path: "/app/b.ts" } }),
      slice("Source", 3, 1, { args: { detail: "./list.h" } }),
      slice("ParseDeclaration", 4, 1, { args: { detail: "/app/list.h:7:3" } }),
      slice("InstantiateFunction", 5, 1, { args: { detail: "std::sort<int>" } }),
      slice("span", 6, 1, { ".file": "src/lib.rs", ".line": 5 }),
      slice("odd (name:x)", 7, 1, { args: null }),
      { ph: "X", ts: 8, dur: 1 },
    ]);
    const { functions, strings } = profile;
    expect(
      Array.from({ length: functions.length }, (_, row) => [
        strings.get(functions.name[row]),
        strings.get(functions.filename[row]),
        functions.startLine[row],
      ]),
    ).toEqual([
      ["Shop.<lambda>", "/app (copy)/shop.py", 12],
      ["checkSourceFile", "/app/a.ts", 0],
      ["checkSourceFile", "/app/b.ts", 0],
      ["Source", "./list.h", 0],
      ["ParseDeclaration", "/app/list.h", 7],
      ["InstantiateFunction std::sort<int>", "", 0],
      ["span", "src/lib.rs", 5],
      ["odd (name:x)", "", 0],
      ["(unnamed)", "", 0],
    ]);
  });

  it("are read from both forms, also without an end or with a comma at the end", async () => {
    const text = JSON.stringify([slice("a", 0, 4), slice("b", 1, 1, { args: { x: ["}"] } })]);
    const expected = { a: [1, 3000], "a;b": [1, 1000] };
    const list = text.slice(0, -1);
    for (const whole of [
      text,
      list,
      `${list},`,
      `${list},\n]\n`,
      `\ufeff${list}\n`,
      `{"traceEvents":${text}}\n\0`,
      `{"displayTimeUnit":"ns","traceEvents":${list},\n]}`,
      `{"traceEvents":${text},"otherData":{"version":"1"}}`,
      `{"traceEvents":${list}`,
      `{"traceEvents":${list},\n`,
    ]) {
      const { profile, warnings } = await readText(whole);
      expect(stacksOf(profile), whole).toEqual(expected);
      expect(warnings).toEqual([]);
    }
    for (const cut of [`${list},{"name":"c","args":{"x":1}`, `{"traceEvents":${list},{"na`]) {
      const { profile, warnings } = await readText(cut);
      expect(stacksOf(profile), cut).toEqual(expected);
      expect(warnings).toEqual(["the trace ends inside an event, which was skipped"]);
    }
  });

  it("must exist: other events alone are refused", async () => {
    const others = ["b", "e", "n", "i", "C", "s", "f", "M"].map((ph) => ({ ph, ts: 1, ...thread }));
    await expect(read(others)).rejects.toThrow(
      /no slices \(B, E, X\); it has only async events, instant events, counters and flows$/,
    );
    await expect(read([{ ph: "M", ...thread }])).rejects.toThrow(/no slices \(B, E, X\)$/);
    await expect(read([end(1), end(2)])).rejects.toThrow(/no slices \(B, E, X\)$/);
    await expect(read([slice("a", 0, 1), slice("a", 1e300, 1)])).rejects.toThrow(/out of range/);
    await expect(readText('[{"ph":"X",]')).rejects.toThrow(/^malformed Chrome trace: /);
  });

  it("are read in linear time, or refused", async () => {
    const deep = Array.from({ length: 5000 }, (_, i) => slice("f", i, 20_000 - 2 * i));
    const { profile } = await read(deep, 1 << 30);
    expect(totalsOf(profile)).toEqual([5000, 20_000_000]);
    const overlapping = Array.from({ length: 20_000 }, (_, i) => slice("f", 2 * i, 40_000));
    await expect(read(overlapping, 1 << 26)).rejects.toThrow(/needs more than 64 MB/);
  }, 60_000);
});

/** A slice of a recording with its position in the list of events. */
interface Interval {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Returns the numbers of slices and their times by name and thread, computed from the raw events. */
function tallyOf(events: readonly TraceEvent[]) {
  const open = new Map<string, Interval[]>();
  const all: Interval[][] = [];
  const byThread = new Map<string, Interval[]>();
  for (const { name = "", ph, ts, dur = 0, pid, tid } of events) {
    const key = `${pid} ${tid}`;
    const add = (interval: Interval) => {
      const list = byThread.get(key) ?? [];
      if (list.length === 0) {
        byThread.set(key, list);
        all.push(list);
      }
      list.push(interval);
    };
    if (ph === "X" && !name.startsWith("Total ")) {
      add({ name, start: Number(ts), end: Number(ts) + dur });
    } else if (ph === "B") {
      open.set(key, [...(open.get(key) ?? []), { name, start: Number(ts), end: 0 }]);
    } else if (ph === "E") {
      const { start = 0 } = open.get(key)?.pop() ?? {};
      add({ name, start, end: Number(ts) });
    }
  }
  const calls = new Map<string, number>();
  const inclusive = new Map<string, number>();
  let total = 0;
  for (const list of all) {
    total += covered(list);
    for (const name of new Set(list.map((interval) => interval.name))) {
      const own = list.filter((interval) => interval.name === name);
      calls.set(name, (calls.get(name) ?? 0) + own.length);
      inclusive.set(name, (inclusive.get(name) ?? 0) + covered(own));
    }
  }
  return { calls, inclusive, total };
}

/** Returns the length of the union of intervals. */
function covered(intervals: readonly Interval[]): number {
  let length = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { start, end: stop } of [...intervals].sort((a, b) => a.start - b.start)) {
    length += Math.max(0, stop - Math.max(start, last));
    last = Math.max(last, stop);
  }
  return length;
}

describe("recordings", () => {
  const eventsOf = (bytes: Uint8Array): TraceEvent[] => {
    const value = JSON.parse(Buffer.from(bytes).toString());
    return Array.isArray(value) ? value : value.traceEvents;
  };

  it.each([
    ["py-viztracer.json.gz", 5],
    ["ts-trace.json.gz", 0.5],
    ["cpp-time-trace.json.gz", 0],
  ])("%s has the calls and times of the raw events", async (name, tolerance) => {
    const bytes = recorded(name);
    const { profile, warnings } = await readWithFormat(bytes, gunzip, 1 << 28);
    expect(warnings).toEqual([]);
    // Names of functions contain arguments, or lack positions.
    const plain = (text: string) => text.replace(/ .*/s, "");
    const events = eventsOf(bytes).map((event) => ({
      ...event,
      name: event.name?.startsWith("Total ") ? event.name : plain(event.name ?? ""),
    }));
    const { calls, inclusive, total } = tallyOf(events);
    const sums = { calls: new Map<string, number>(), inclusive: new Map<string, number>() };
    for (const [stack, values] of Object.entries(stacksOf(profile))) {
      const names = stack.split(";").map(plain);
      const leaf = names[names.length - 1];
      sums.calls.set(leaf, (sums.calls.get(leaf) ?? 0) + Number(values[0]));
      for (const each of new Set(names)) {
        sums.inclusive.set(each, (sums.inclusive.get(each) ?? 0) + Number(values[1]));
      }
    }
    expect(Object.fromEntries(sums.calls)).toEqual(Object.fromEntries(calls));
    for (const [each, micros] of inclusive) {
      expect(Math.abs((sums.inclusive.get(each) ?? 0) - micros * 1000), each).toBeLessThanOrEqual(
        tolerance * (calls.get(each) ?? 0),
      );
    }
    expect(Math.abs(Number(totalsOf(profile)[1]) - total * 1000)).toBeLessThan(1 + tolerance * 50);
  });
});
