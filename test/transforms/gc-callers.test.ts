import { describe, expect, it } from "vitest";
import { cpuProfileOf } from "../../src/formats/v8/cpu.js";
import { Budget } from "../../src/profile/budget.js";
import type { Profile } from "../../src/profile/profile.js";
import { hasGarbageCollection, withGcCallers } from "../../src/transforms/gc-callers.js";
import { labelSamples } from "../../src/transforms/label-samples.js";
import { mergeAll } from "../../src/transforms/merge/merge-all.js";
import { labelledStacksOf, stacksOf, totalsOf } from "../support/stacks.js";

const NAMES = ["(root)", "main", "work", "(garbage collector)", "(idle)", "(program)"] as const;
const PARENTS = [0, 1, 2, 1, 1, 1];

/** Returns the profile of samples at intervals of 10 µs, each the name of a function. */
function sampled(...samples: (typeof NAMES)[number][]): Profile {
  const nodes = NAMES.map((functionName, i) => ({
    id: i + 1,
    parent: PARENTS[i] || undefined,
    callFrame: {
      functionName,
      url: functionName.startsWith("(") ? "" : "file:///a.js",
      lineNumber: -1,
      columnNumber: -1,
    },
  }));
  const value = {
    nodes,
    startTime: 0,
    endTime: samples.length * 10,
    samples: samples.map((name) => NAMES.indexOf(name) + 1),
    timeDeltas: samples.map((_, i) => (i === 0 ? 0 : 10)),
  };
  return cpuProfileOf(value, new Budget(1e6));
}

function caused(profile: Profile): Profile {
  if (!profile.observations) throw new Error("no times");
  return withGcCallers(profile, profile.observations);
}

describe("withGcCallers", () => {
  const gc = "(garbage collector)";

  it("moves collections below the stack before, except after states of the engine", () => {
    const profile = sampled(gc, "work", gc, gc, "main", gc, "(idle)", gc, "(program)", gc, "work");
    const result = caused(profile);
    expect(stacksOf(result)).toEqual({
      "(garbage collector)": [3, 30_000],
      "main;work": [2, 20_000],
      "main;work;(garbage collector)": [2, 20_000],
      main: [1, 10_000],
      "main;(garbage collector)": [1, 10_000],
      "(idle)": [1, 10_000],
      "(program)": [1, 10_000],
    });
    expect(totalsOf(result)).toEqual(totalsOf(profile));
    expect(result.observations?.time).toEqual(profile.observations?.time);
    // The collection at 20 µs is in the row of main;work;(garbage collector).
    const at = result.observations?.sample[2] ?? 0;
    expect(result.samples.values[0][at]).toBe(2);
  });

  it("removes collections that were moved as a whole, and is the same a second time", () => {
    const result = caused(sampled("work", gc));
    expect(stacksOf(result)).toEqual({
      "main;work": [1, 10_000],
      "main;work;(garbage collector)": [1, 10_000],
    });
    expect(hasGarbageCollection(result)).toBe(false);
    expect(stacksOf(caused(result))).toEqual(stacksOf(result));
  });

  it("looks for causes in the same thread, and keeps labels", async () => {
    const threads = [
      labelSamples(sampled("work", "work", "work", gc), "thread", "a"),
      labelSamples(sampled("main", "main", "(idle)", gc), "thread", "b"),
    ];
    const merged = await mergeAll(
      threads.map((profile, i) => ({ name: String(i), read: async () => profile })),
      1e6,
    );
    if (!merged) throw new Error("nothing was merged");
    const result = caused(merged);
    expect(labelledStacksOf(result)).toEqual({
      "main;work {thread=a}": [3, 30_000],
      "main;work;(garbage collector) {thread=a}": [1, 10_000],
      "main {thread=b}": [2, 20_000],
      "(idle) {thread=b}": [1, 10_000],
      "(garbage collector) {thread=b}": [1, 10_000],
    });
    expect(totalsOf(result)).toEqual(totalsOf(merged));
  });
});
