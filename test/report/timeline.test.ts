import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Options } from "../../src/options/table.js";
import { Budget } from "../../src/profile/budget.js";
import { indexColumn } from "../../src/profile/columns.js";
import { ObservationBuilder } from "../../src/profile/observations.js";
import type { Profile } from "../../src/profile/profile.js";
import { ProfileBuilder } from "../../src/profile/profile-builder.js";
import {
  selectedTotal,
  type TimelineReport,
  type TimelineRequest,
  timeline,
} from "../../src/report/timeline.js";
import { top } from "../../src/report/top.js";
import { inputFor } from "../support/report-input.js";

/** A stack, root first, separated by `;`; its thread may be empty. */
interface Observed {
  readonly time: number;
  readonly stack: string;
  readonly thread?: string;
  readonly value?: number;
  readonly duration?: number;
}

/** Makes a profile with one sample per stack and thread. `unit` is the unit of the second type. */
function profileOf(observed: readonly Observed[], unit = "nanoseconds"): Profile {
  const builder = new ProfileBuilder(
    [
      { type: "samples", unit: "count" },
      { type: "wall", unit },
    ],
    new Budget(),
  );
  const locations = new Map<string, number>();
  const locationOf = (name: string) => {
    let location = locations.get(name);
    if (location === undefined) {
      const file = name.startsWith("(") ? "" : `/srv/app/${name}.js`;
      const fn = builder.addFunction({ name, filename: file });
      location = builder.addLocation({ lines: [{ function: fn }] });
      locations.set(name, location);
    }
    return location;
  };
  const keyOf = ({ stack, thread = "" }: Observed) => `${thread}|${stack}`;
  const samples = [...new Set(observed.map(keyOf))];
  for (const key of samples) {
    const [thread, stack] = key.split("|");
    const own = observed.filter((one) => keyOf(one) === key);
    const names = stack === "" ? [] : stack.split(";").reverse();
    builder.addSample(
      indexColumn(Uint32Array.from(names, locationOf)),
      [own.length, own.reduce((sum, { value = 0 }) => sum + value, 0)],
      thread === "" ? [] : [{ key: "thread", text: thread }],
    );
  }
  const observations = new ObservationBuilder(2);
  for (const one of observed) {
    const { time, duration = 0, value = 0 } = one;
    observations.push(samples.indexOf(keyOf(one)), time, duration, [1, value]);
  }
  builder.setObservations(observations.finish());
  return builder.finish();
}

const NO_LIMIT: TimelineRequest = { limit: 1e9 };

function make(
  profile: Profile,
  options: Partial<Options> = {},
  request: TimelineRequest = NO_LIMIT,
): TimelineReport {
  return timeline(inputFor("flame", profile, { options }), request);
}

/** Returns the boxes of each lane, row by row, as `name start-end`. */
function boxesOf({ lanes, functions }: TimelineReport): Record<string, string[][]> {
  return Object.fromEntries(
    lanes.map(({ name, offsets, starts, ends, boxFunctions }) => [
      name,
      Array.from({ length: offsets.length - 1 }, (_, row) =>
        Array.from({ length: offsets[row + 1] - offsets[row] }, (_, i) => {
          const box = offsets[row] + i;
          const { name: fn } = functions[boxFunctions[box]];
          return `${fn.replace(/ .*/, "")} ${starts[box]}-${ends[box]}`;
        }),
      ),
    ]),
  );
}

/** Computes the boxes of one lane in the simplest way. Observations are sorted by time. */
function simpleBoxes(observed: readonly (Observed & { end: number })[]): string[][] {
  const drawn = observed.filter(({ time, end, stack }) => end > time && stack !== "");
  const rows: string[][] = [];
  const depth = Math.max(0, ...drawn.map(({ stack }) => stack.split(";").length));
  for (let row = 0; row < depth; row++) {
    const boxes: { start: number; end: number; path: string }[] = [];
    let before: (typeof drawn)[number] | undefined;
    for (const one of drawn) {
      const path = one.stack
        .split(";")
        .slice(0, row + 1)
        .join(";");
      const isDeep = one.stack.split(";").length > row;
      const last = boxes.at(-1);
      const touches = before !== undefined && before.end === one.time && last?.end === one.time;
      if (isDeep && last && touches && last.path === path) last.end = one.end;
      else if (isDeep) boxes.push({ start: one.time, end: one.end, path });
      before = one;
    }
    rows.push(boxes.map(({ start, end, path }) => `${path.split(";").pop()} ${start}-${end}`));
  }
  return rows;
}

/** Multiples of ten, so that different times never touch by rounding. */
const tens = (max: number) => fc.integer({ min: 0, max }).map((number) => number * 10);

const observations = fc.array(
  fc.record({
    time: tens(40),
    stack: fc
      .array(fc.constantFrom("a", "b", "c", "(idle)"), { maxLength: 5 })
      .map((names) => names.join(";")),
    thread: fc.constantFrom("main", "worker"),
    value: tens(6),
    duration: fc.constantFrom(0, 0, 10, 30),
  }),
  { minLength: 1, maxLength: 30 },
);

/** Sorts observations by time, and adds their ends by the rules of durations and values. */
function withEnds(observed: readonly Observed[], thread: string) {
  const own = observed.filter((one) => one.thread === thread).sort((a, b) => a.time - b.time);
  return own.map((one, i) => {
    const { time, duration = 0, value = 0 } = one;
    const next = own[i + 1]?.time ?? Number.POSITIVE_INFINITY;
    if (duration === 0 && value > 0 && value * 3 >= (next - time) * 2) return { ...one, end: next };
    return { ...one, end: Math.min(time + (duration || value), next) };
  });
}

describe("a timeline", () => {
  it("has the boxes of a simple computation", () => {
    fc.assert(
      fc.property(observations, (observed) => {
        const boxes = boxesOf(make(profileOf(observed)));
        for (const thread of ["main", "worker"]) {
          const wanted = simpleBoxes(withEnds(observed, thread));
          expect(boxes[thread] ?? []).toEqual(wanted);
        }
      }),
    );
  });

  it("returns the boxes of a part as they are in the whole", () => {
    fc.assert(
      fc.property(observations, tens(40), tens(10), (observed, from, length) => {
        const profile = profileOf(observed);
        const part = make(profile, {}, { limit: 1e9, from, to: from + length + 10 });
        const whole = make(profile);
        part.lanes.forEach((lane, number) => {
          const { starts, ends } = whole.lanes[number];
          const isIn = (box: number) => starts[box] < part.to && ends[box] > from;
          const count = Array.from(starts, (_, box) => isIn(box)).filter(Boolean).length;
          expect(lane.starts.length).toBe(count);
        });
        expect(part.functions).toEqual(whole.functions);
        expect(part.activity).toEqual(whole.activity);
      }),
    );
  });

  it("stays below a limit, and keeps the time during which threads were observed", () => {
    const observed = Array.from({ length: 5000 }, (_, i) => ({
      time: i * 10,
      stack: `a;${"bcd"[i % 3]};e`,
      value: i % 7 === 0 ? 4 : 10,
    }));
    const profile = profileOf(observed);
    const covered = ({ lanes: [{ starts, ends, offsets }] }: TimelineReport) =>
      ends.subarray(0, offsets[1]).reduce((sum, end, box) => sum + end - starts[box], 0);
    const exact = make(profile);
    expect(exact.resolution).toBe(0);
    const rough = make(profile, {}, { limit: 1000 });
    expect(rough.resolution).toBeGreaterThan(10);
    expect(rough.lanes[0].starts.length).toBeLessThanOrEqual(1000);
    expect(covered(rough)).toBe(covered(exact));
    expect(rough.times).toEqual(exact.times);
    const part = make(profile, {}, { limit: 1000, from: 100, to: 2000 });
    expect(part.resolution).toBe(0);
    expect(() => make(profile, {}, { limit: 2 })).toThrow("too deep for a timeline");
  });

  it("lets observations last for their duration, their value, or until the next one", () => {
    const at = (time: number, more: Partial<Observed> = {}) => ({
      time,
      stack: `f${time}`,
      ...more,
    });
    expect(boxesOf(make(profileOf([at(0, { duration: 30, value: 50 }), at(100)])))).toEqual({
      "all samples": [["f0 0-30"]],
    });
    // The only sample type that is a time is not the selected one.
    const byValue = profileOf([at(0, { value: 30 }), at(100, { value: 7 })]);
    const boxes = { "all samples": [["f0 0-30", "f100 100-107"]] };
    expect(boxesOf(make(byValue, { sample_index: "samples" }))).toEqual(boxes);
    const micros = profileOf([at(0, { value: 3 }), at(5000, { value: 7 })], "microseconds");
    expect(boxesOf(make(micros))).toEqual({
      "all samples": [["f0 0-3000", "f5000 5000-12000"]],
    });
    // Two thirds of the time until the next one are enough.
    const late = [at(0, { value: 20 }), at(30, { value: 19 }), at(60, { value: 20 })];
    expect(boxesOf(make(profileOf(late)))).toEqual({
      "all samples": [["f0 0-30", "f30 30-49", "f60 60-80"]],
    });
    // Without times, at most twice the median gap of 10.
    const times = [0, 10, 20, 30, 500, 510].map((time) => at(time));
    expect(boxesOf(make(profileOf(times, "count")))).toEqual({
      "all samples": [
        ["f0 0-10", "f10 10-20", "f20 20-30", "f30 30-50", "f500 500-510", "f510 510-530"],
      ],
    });
  });

  it("shows the whole recording, whatever filters select", () => {
    const profile = profileOf([
      { time: 100, stack: "main;work", value: 100 },
      { time: 200, stack: "main;rest;sleep", value: 100 },
      { time: 300, stack: "main;work", value: 100 },
    ]);
    expect(make(profile, { focus: "work" })).toMatchObject({ start: 0, end: 400 });
    expect(boxesOf(make(profile, { focus: "work" }))).toEqual({
      "all samples": [
        ["main 100-200", "main 300-400"],
        ["work 100-200", "work 300-400"],
      ],
    });
    expect(boxesOf(make(profile, { hide: "rest", show_from: "sleep|work" }))).toEqual({
      "all samples": [["work 100-200", "sleep 200-300", "work 300-400"]],
    });
    expect(boxesOf(make(profile, { focus: "nothing" }))).toEqual({ "all samples": [] });
  });

  it("joins calls within a package", () => {
    const profile = profileOf([{ time: 0, stack: "a;b", value: 10 }]);
    expect(make(profile, { granularity: "packages" }).lanes[0].starts).toHaveLength(1);
  });

  it("measures how busy each thread is", () => {
    const report = make(
      profileOf([
        { time: 0, stack: "a", thread: "worker", value: 100 },
        { time: 0, stack: "(idle)", thread: "main", value: 50 },
        { time: 50, stack: "(garbage collector)", thread: "main", value: 10 },
        { time: 60, stack: "(program)", thread: "main", value: 15 },
        { time: 90, stack: "a", thread: "main", value: 10 },
      ]),
    );
    expect(report.lanes).toMatchObject([
      { name: "main", busy: 0.35, gc: 0.1 },
      { name: "worker", busy: 1, gc: 0 },
    ]);
    const sum = (column: Float64Array) => column.reduce((a, b) => a + b) / column.length;
    expect(sum(report.activity.gc)).toBeCloseTo(0.1);
    expect(sum(report.activity.program)).toBeCloseTo(0.15);
    expect(sum(report.activity.code)).toBeCloseTo(1.1);
    const times = Object.fromEntries(
      report.functions.map(({ name }, fn) => [name.replace(/ \S*js.*/, ""), report.times[fn]]),
    );
    expect(times).toMatchObject({ a: 110, "(idle)": 50, "(garbage collector)": 10 });
  });

  it("gives threads of a process neighbouring lanes, the main thread first", () => {
    const builder = new ProfileBuilder([{ type: "wall", unit: "nanoseconds" }], new Budget());
    const fn = builder.addFunction({ name: "f" });
    const location = builder.addLocation({ lines: [{ function: fn }] });
    const observed = new ObservationBuilder(1);
    const threads = [
      { pid: 1, tid: 1, thread: "main", value: 5 },
      { pid: 2, tid: 2, thread: "main", value: 10 },
      { pid: 1, tid: 4, thread: "", value: 90 },
      { pid: 2, tid: 5, thread: "worker 1", value: 20 },
      { pid: 1, tid: 6, thread: "pool", value: 95 },
    ];
    threads.forEach(({ pid, tid, thread, value }, sample) => {
      builder.addSample(
        indexColumn(Uint32Array.of(location)),
        [value],
        [
          { key: "process", text: "app.js" },
          { key: "pid", number: pid, unit: "id" },
          ...(thread === "" ? [] : [{ key: "thread", text: thread }]),
          { key: "tid", number: tid, unit: "id" },
        ],
      );
      observed.push(sample, 0, 0, [value]);
    });
    builder.setObservations(observed.finish());
    const { lanes } = make(builder.finish());
    expect(lanes.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
      "main: app.js, pid 1, tid 1",
      "pool: app.js, pid 1, tid 6",
      "thread 4: app.js, pid 1",
      "main: app.js, pid 2, tid 2",
      "worker 1: app.js, pid 2, tid 5",
    ]);
  });

  it("needs times, and can be as deep as the stacks", () => {
    const { observations: _, ...without } = profileOf([{ time: 0, stack: "a" }]);
    expect(() => make(without)).toThrow(
      "a timeline needs the times of samples, which this profile does not have",
    );
    const deep = Array.from({ length: 100_000 }, (_, i) => `f${i % 10}`).join(";");
    const report = make(profileOf([{ time: 0, stack: deep, value: 5 }]));
    expect(report.lanes[0].offsets).toHaveLength(100_001);
  });

  it("has the same sum for a range as top", () => {
    fc.assert(
      fc.property(observations, tens(40), (observed, from) => {
        const options = { from: `${from}ns`, to: `${from + 100}ns` };
        const input = inputFor("top", profileOf(observed), { options });
        const { shownTotal, total } = top(input);
        const sums = selectedTotal(input);
        expect(sums.total).toBe(total);
        // Samples without frames have no row.
        if (observed.every(({ stack }) => stack !== "")) expect(sums.selected).toBe(shownTotal);
      }),
    );
  });
});
