import { cpuProfileOf } from "../formats/v8/cpu.js";
import { Budget } from "../profile/budget.js";
import type { Profile } from "../profile/profile.js";
import { clockOf, readOrigin, type StartTimes } from "./clock.js";
import type { LabelTimeline } from "./label-timeline.js";
import { MAX_BYTES } from "./limits.js";

/** V8's CPU profile of this thread, with the facts that V8 does not record. */
export interface OwnCpu extends StartTimes {
  readonly v8Profile: unknown;
  readonly timeline: LabelTimeline;
  /** The wall-clock time of the start in nanoseconds. */
  readonly timeNanos: bigint;
  readonly intervalMicros: number;
}

/** Converts a CPU profile of this thread. Its samples have the labels of the timeline. */
export function readOwnCpu(own: OwnCpu): Profile {
  const { v8Profile, timeline, timeNanos, intervalMicros } = own;
  const toMillis = clockOfOwn(own);
  return cpuProfileOf(v8Profile, new Budget(MAX_BYTES), {
    timeNanos,
    intervalMicros,
    labels: (number) => timeline.reader(number, toMillis),
    comments: timeline.comments(),
  });
}

/** Returns the time of `performance.now()` at which V8 started a profile. */
export function startMillis(own: OwnCpu): number {
  return clockOfOwn(own)(startMicros(own));
}

function clockOfOwn(own: OwnCpu): (micros: number) => number {
  return clockOf(startMicros(own), { ...own, origin: readOrigin() });
}

function startMicros({ v8Profile }: OwnCpu): number {
  return Number((v8Profile as { startTime?: unknown }).startTime);
}
