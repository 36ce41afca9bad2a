/** Times of a thread in milliseconds of its `performance.now()`. */
export interface ClockReadings {
  /** Before and after V8 started. */
  readonly before: number;
  readonly after: number;
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
 * `before` and `after`.
 */
export function clockOf(
  startTime: number,
  { before, after, origin }: ClockReadings,
): (micros: number) => number {
  const start = startTime / 1000 - origin;
  const tolerance = 0.01;
  if (start >= before - tolerance && start <= after + tolerance)
    return (micros) => micros / 1000 - origin;
  const middle = (before + after) / 2;
  return (micros) => middle + (micros - startTime) / 1000;
}
