import { cpuProfileOf } from "../formats/v8/cpu.js";
import { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";
import type { LabelTimeline } from "./label-timeline.js";
import { MAX_BYTES } from "./limits.js";

/** V8's CPU profile of this thread, with the facts that V8 does not record. */
export interface OwnCpu {
  readonly v8Profile: unknown;
  readonly timeline: LabelTimeline;
  /** The wall-clock time of the start in nanoseconds. */
  readonly timeNanos: bigint;
  readonly intervalMicros: number;
  /** V8 started between these two times of `performance.now()`. */
  readonly startedAfter: number;
  readonly startedBefore: number;
}

/** Converts a CPU profile of this thread. Its samples have the labels of the timeline. */
export function readOwnCpu(own: OwnCpu): Profile {
  const { v8Profile, timeline, timeNanos, intervalMicros } = own;
  const toMillis = clockOfOwn(own);
  return cpuProfileOf(v8Profile, new Budget(MAX_BYTES), {
    timeNanos,
    intervalMicros,
    labels: (number) => timeline.reader(number, toMillis),
    comments: timeline.endsEarly
      ? ["too many labels, or changes of labels: later samples have no labels"]
      : [],
  });
}

/** Returns the time of `performance.now()` at which V8 started a profile. */
export function startMillis(own: OwnCpu): number {
  return clockOfOwn(own)(startMicros(own));
}

function clockOfOwn(own: OwnCpu): (micros: number) => number {
  return clockOf(startMicros(own), own.startedAfter, own.startedBefore);
}

function startMicros({ v8Profile }: OwnCpu): number {
  return Number((v8Profile as { startTime?: unknown }).startTime);
}

/**
 * Returns a function that converts V8's microseconds to `performance.now()`. On Linux both clocks
 * have the same origin. Elsewhere, assumes that V8 started halfway between `before` and `after`.
 */
function clockOf(startTime: number, before: number, after: number): (micros: number) => number {
  // The pair of readings with the least difference is the most exact.
  let origin = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const now = performance.now();
    origin = Math.min(origin, Number(process.hrtime.bigint()) / 1e6 - now);
  }
  const start = startTime / 1000 - origin;
  const tolerance = 0.01;
  if (start >= before - tolerance && start <= after + tolerance)
    return (micros) => micros / 1000 - origin;
  const middle = (before + after) / 2;
  return (micros) => middle + (micros - startTime) / 1000;
}
