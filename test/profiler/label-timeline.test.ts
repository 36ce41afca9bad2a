import { expect, it } from "vitest";
import type { NewLabel } from "../../src/profile/profile-builder.js";
import { LabelRecorder, type Labels } from "../../src/profiler/label-timeline.js";

const none: readonly NewLabel[] = [];

/** Returns the labels that a timeline has at some times of `performance.now()`. */
function labelsAt(timeline: ReturnType<LabelRecorder["start"]>, times: readonly number[]) {
  const numbered: (readonly NewLabel[])[] = [];
  const read = timeline.reader(
    (labels) => numbered.push(labels) - 1,
    (micros) => micros / 1000,
  );
  return { labels: times.map((time) => numbered[read(time * 1000)]), numbered };
}

/** Sets labels, and returns a time at which they are set. */
function enter(recorder: LabelRecorder, labels: Labels | undefined): number {
  recorder.enter(labels && { labels });
  return nextTime();
}

/** Returns the present time, later than all before and earlier than all after. */
function nextTime(): number {
  const wait = () => {
    const before = performance.now();
    while (performance.now() === before);
  };
  wait();
  const time = performance.now();
  wait();
  return time;
}

it("limits the sets of labels, and numbers only those with samples", () => {
  const recorder = new LabelRecorder();
  const timeline = recorder.start(undefined);
  const afterFirst = enter(recorder, { request: "first" });
  for (let i = 0; i < 200_000; i++) recorder.enter({ labels: { request: i } });
  expect(timeline.endsEarly).toBe(true);
  expect(recorder.isActive).toBe(false);
  const { labels, numbered } = labelsAt(timeline, [afterFirst, performance.now() + 1]);
  expect(labels).toEqual([[{ key: "request", text: "first" }], none]);
  expect(numbered).toHaveLength(2);
});

it("serves several profiles, each from its own start to its end", () => {
  const recorder = new LabelRecorder();
  const first = recorder.start(undefined);
  const inA = enter(recorder, { route: "/a" });
  const second = recorder.start({ labels: { route: "/a" } });
  const stillInA = nextTime();
  // More changes than fit into one chunk.
  for (let i = 0; i < 10_000; i++) recorder.enter({ labels: { route: `/${i % 7}` } });
  const inSeveral = enter(recorder, { route: "/b", shard: 7 });
  recorder.stop(first);
  const out = enter(recorder, undefined);
  recorder.stop(second);

  const a = [{ key: "route", text: "/a" }];
  const b = [
    { key: "route", text: "/b" },
    { key: "shard", number: 7 },
  ];
  expect(labelsAt(first, [inA, inSeveral]).labels).toEqual([a, b]);
  expect(labelsAt(second, [stillInA, inSeveral, out, stillInA]).labels).toEqual([a, b, none, a]);
});

it("does not confuse labels that contain separators", () => {
  const recorder = new LabelRecorder();
  const timeline = recorder.start(undefined);
  const sets: Labels[] = [{ a: "1 1 b2" }, { a: "1", b: "2" }, { a: 1, b: 2 }, { a: "1", b: 2 }];
  const times = sets.map((labels) => enter(recorder, labels));
  const { labels } = labelsAt(timeline, times);
  const asObjects = labels.map((set) =>
    Object.fromEntries(
      set.map((label) => [label.key, "text" in label ? label.text : label.number]),
    ),
  );
  expect(asObjects).toEqual(sets);
});
