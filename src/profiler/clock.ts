/** V8 started between these two times of `performance.now()`. */
export interface StartTimes {
  readonly startedAfter: number;
  readonly startedBefore: number;
}

/** Readings of the clocks of a thread, in milliseconds. */
export interface ClockReadings extends StartTimes {
  /** The zero of `performance.now()` on the system's monotonic clock. */
  readonly origin: number;
}

/** Returns {@link ClockReadings.origin} of this thread. */
export function readOrigin(): number {
  // The pair of readings with the least difference is the most exact.
  let origin = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const now = performance.now();
    origin = Math.min(origin, Number(process.hrtime.bigint()) / 1e6 - now);
  }
  return origin;
}

/**
 * Returns a function that converts V8's microseconds to `performance.now()` of the profiled thread.
 * On Linux, V8 uses the system's monotonic clock. Elsewhere, assumes that V8 started halfway between
 * `startedAfter` and `startedBefore`.
 */
export function clockOf(
  startTime: number,
  { startedAfter, startedBefore, origin }: ClockReadings,
): (micros: number) => number {
  const start = startTime / 1000 - origin;
  const tolerance = 0.01;
  if (start >= startedAfter - tolerance && start <= startedBefore + tolerance)
    return (micros) => micros / 1000 - origin;
  const middle = (startedAfter + startedBefore) / 2;
  return (micros) => middle + (micros - startTime) / 1000;
}
