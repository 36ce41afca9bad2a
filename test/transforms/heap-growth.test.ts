import { describe, expect, it } from "vitest";
import type { Profile } from "../../src/profile/profile.js";
import { heapGrowth } from "../../src/transforms/heap-growth.js";
import { drawProfile, profileOf } from "../support/text-profile.js";

const GO = {
  types: ["alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes"],
};
const V8 = { types: ["inuse_objects/count", "inuse_space/bytes"] };

const LIMIT = 2 ** 30;

function lines(profile: Profile): string[] {
  return drawProfile(profile).sort();
}

describe("heapGrowth", () => {
  it("shows what Go's programs allocated and freed, without what came and went", () => {
    // Of 60 objects allocated by `churn`, at most the 10 in use can be new: 4 of the old 6 were not.
    const before = profileOf(
      "main;leak 5 50 5 50\nmain;churn 40 400 6 60\nmain;gone 3 30 3 30",
      GO,
    );
    const after = profileOf(
      "main;leak 9 90 9 90\nmain;churn 100 1000 10 100\nmain;gone 3 30 0 0",
      GO,
    );
    const growth = heapGrowth(before, after, LIMIT);
    expect(growth.sampleTypes.map(({ type }) => growth.strings.get(type))).toEqual([
      "inuse_objects",
      "inuse_space",
    ]);
    expect(growth.strings.get(growth.defaultSampleType)).toBe("inuse_space");
    expect(lines(growth)).toEqual([
      "main;churn -6 -60 {change=freed}",
      "main;churn 10 100 {change=allocated}",
      "main;gone -3 -30 {change=freed}",
      "main;leak 4 40 {change=allocated}",
    ]);
  });

  it("shows the whole memory of other profiles, and the time between them", () => {
    const before = profileOf("main;a 5 50", { ...V8, timeNanos: 1000, durationNanos: 7 });
    const after = profileOf("main;a 8 80\nmain;b 1 10", { ...V8, timeNanos: 3500 });
    const growth = heapGrowth(before, after, LIMIT);
    expect(lines(growth)).toEqual([
      'main;a -5 -50 {change="in use before"}',
      'main;a 8 80 {change="in use after"}',
      'main;b 1 10 {change="in use after"}',
    ]);
    expect([growth.timeNanos, growth.durationNanos]).toEqual([1000, 2500]);
  });

  it("refuses profiles without the memory in use", () => {
    const cpu = profileOf("main 1", { types: ["samples/count"] });
    expect(() => heapGrowth(cpu, cpu, LIMIT)).toThrow(
      "the sample types samples do not include inuse_space",
    );
  });
});
