import type { SampleSpans } from "../formats/v8/cpu-samples.js";

/** The CPU time that a thread has used since its start. */
export interface CpuReading {
  /** The time in microseconds of V8's clock. */
  readonly micros: number;
  readonly nanos: number;
}

export function sorted(readings: CpuReading[]): CpuReading[] {
  return readings.sort((a, b) => a.micros - b.micros || a.nanos - b.nanos);
}

/**
 * Divides the CPU time of a thread among its samples. The time between two readings goes to the
 * samples in between, in proportion to their wall time, and to samples that wait for events only if
 * there are no others. Readings must be {@link sorted}. The sums are exact, but a sample has only a mean of some milliseconds.
 */
export function cpuTimes(readings: readonly CpuReading[], spans: SampleSpans): Float64Array {
  const { starts, ends, isIdle } = spans;
  const times = new Float64Array(starts.length);
  let first = 0;
  for (let i = 1; i < readings.length; i++) {
    const [from, to] = [readings[i - 1].micros, readings[i].micros];
    // The two readers may have read in another order than their clocks.
    const nanos = Math.max(0, readings[i].nanos - readings[i - 1].nanos);
    while (first < starts.length && ends[first] <= from) first++;
    const overlap = (at: number) => Math.min(ends[at], to) - Math.max(starts[at], from);
    let busy = 0;
    let all = 0;
    let end = first;
    for (; end < starts.length && starts[end] < to; end++) {
      all += overlap(end);
      if (!isIdle[end]) busy += overlap(end);
    }
    const sum = busy > 0 ? busy : all;
    if (sum <= 0) continue;
    for (let at = first; at < end; at++) {
      if (busy === 0 || !isIdle[at]) times[at] += (nanos * overlap(at)) / sum;
    }
  }
  return times;
}
