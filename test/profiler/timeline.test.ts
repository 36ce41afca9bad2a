import { expect, it } from "vitest";
import type { NewLabel } from "../../src/profile/profile-builder.js";
import { LabelTimeline } from "../../src/profiler/timeline.js";

it("limits the sets of labels, and numbers only those with samples", () => {
  const timeline = new LabelTimeline();
  timeline.enter({ request: "first" });
  const afterFirst = performance.now();
  for (let i = 0; i < 200_000; i++) timeline.enter({ request: i });
  expect(timeline.endsEarly).toBe(true);

  const numbered: (readonly NewLabel[])[] = [];
  const read = timeline.reader(
    (labels) => numbered.push(labels),
    (micros) => micros / 1000,
  );
  read(afterFirst * 1000);
  read(performance.now() * 1000 + 1000);
  expect(numbered).toEqual([[{ key: "request", text: "first" }], []]);
});
