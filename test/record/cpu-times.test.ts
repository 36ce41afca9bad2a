import { describe, expect, it } from "vitest";
import { cpuTimes, sorted } from "../../src/record/cpu-times.js";

/** Samples of 10 µs each from `start` on; `i` is idle. */
function spans(kinds: string, start = 0) {
  return {
    starts: Float64Array.from(kinds, (_, i) => start + 10 * i),
    ends: Float64Array.from(kinds, (_, i) => start + 10 * (i + 1)),
    isIdle: Uint8Array.from(kinds, (kind) => (kind === "i" ? 1 : 0)),
  };
}

describe("cpuTimes", () => {
  it("divides the time between two readings among busy samples, by their wall time", () => {
    const readings = [
      { micros: 0, nanos: 500 },
      { micros: 25, nanos: 3000 },
      { micros: 40, nanos: 4000 },
    ];
    // The third sample has 5 µs in each of the two intervals.
    expect([...cpuTimes(readings, spans("bbbi"))]).toEqual([1000, 1000, 1500, 0]);
  });

  it("gives it to idle samples if there are no others", () => {
    const readings = [
      { micros: 0, nanos: 0 },
      { micros: 20, nanos: 300 },
      { micros: 40, nanos: 900 },
    ];
    expect([...cpuTimes(readings, spans("iiib"))]).toEqual([150, 150, 0, 600]);
  });

  it("leaves out the time before and after the samples, and needs two readings", () => {
    const readings = [0, 100, 120, 200].map((micros) => ({ micros, nanos: micros * 10 }));
    expect([...cpuTimes(readings, spans("bb", 100))]).toEqual([100, 100]);
    expect([...cpuTimes(readings.slice(1, 2), spans("bb", 100))]).toEqual([0, 0]);
    expect([...cpuTimes([], spans(""))]).toEqual([]);
  });

  it("accepts readings of two readers", () => {
    const late = { micros: 20, nanos: 150 };
    const readings = sorted([late, { micros: 10, nanos: 160 }, { micros: 0, nanos: 0 }]);
    expect(readings.map(({ micros }) => micros)).toEqual([0, 10, 20]);
    expect([...cpuTimes(readings, spans("bb"))]).toEqual([160, 0]);
  });
});
