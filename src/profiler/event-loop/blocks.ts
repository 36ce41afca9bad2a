import { Int64Builder } from "../../profile/columns.js";
import type { StringIndex } from "../../profile/indices.js";
import type { Profile } from "../../profile/profile.js";
import { ProfileBuilder } from "../../profile/profile-builder.js";
import { encodeUtf8 } from "../../profile/utf8.js";
import { idleSamples } from "../idle.js";

/** A time in which the event loop did not turn, in milliseconds of `performance.now()`. */
export interface Block {
  readonly start: number;
  readonly end: number;
}

/** The sample types of Go's profile of blocking. */
const CONTENTIONS = { type: "contentions", unit: "count" };
const DELAY = { type: "delay", unit: "nanoseconds" };

/** Returns a profile of blocks without samples. */
export function noBlocks(): Profile {
  return new ProfileBuilder([CONTENTIONS, DELAY]).finish({
    periodType: CONTENTIONS,
    period: 1,
    defaultSampleType: DELAY.type,
  });
}

/**
 * The longest time within a block that is no waiting although V8's last sample shows waiting: on a
 * busy machine, the next sample comes late. A longer time means that the process was stopped.
 */
const MAX_STALE_NANOS = 1e9;

/**
 * Returns the stacks of a CPU profile that ran during blocks. The delay of a stack is its time within
 * the blocks; each block counts for the stack with the most time. The event loop does not wait within
 * a block, so that time of waiting counts for the next stack. The samples of the result include those
 * with the value 0. `startMillis` is the time of the profile's start, and
 * `blocks` are in order.
 */
export function blockSamples(
  profile: Profile,
  startMillis: number,
  blocks: readonly Block[],
): Profile {
  const { samples, observations, durationNanos } = profile;
  const counts = new Float64Array(samples.length);
  const delays = new Float64Array(samples.length);
  const isIdle = idleSamples(profile);
  const times = observations?.time ?? new Float64Array();
  let next = 0;
  for (const { start, end } of blocks) {
    const from = Math.max(0, (start - startMillis) * 1e6);
    const to = (end - startMillis) * 1e6;
    // The last sample before the block lasts into it.
    while (next > 0 && times[next] > from) next--;
    while (next + 1 < times.length && times[next + 1] <= from) next++;
    const within = new Map<number, number>();
    // V8's first sample comes late.
    let stale = Math.max(0, (times[next] ?? to) - from);
    for (; next < times.length && times[next] < to; next++) {
      const until = next + 1 < times.length ? times[next + 1] : Number(durationNanos);
      const nanos = Math.min(until, to) - Math.max(times[next], from);
      if (nanos <= 0) continue;
      const sample = observations?.sample[next] ?? 0;
      if (isIdle(sample)) {
        stale += nanos;
        continue;
      }
      within.set(sample, (within.get(sample) ?? 0) + nanos + Math.min(stale, MAX_STALE_NANOS));
      stale = 0;
    }
    let most = -1;
    for (const [sample, nanos] of within) {
      delays[sample] += nanos;
      if (most < 0 || nanos > (within.get(most) ?? 0)) most = sample;
    }
    if (most >= 0) counts[most]++;
  }
  return withValues(profile, counts, delays);
}

function withValues(profile: Profile, counts: Float64Array, delays: Float64Array): Profile {
  const { strings } = profile;
  const names = [CONTENTIONS.type, CONTENTIONS.unit, DELAY.type, DELAY.unit];
  const [contentions, count, delay, nanoseconds] = names.map(
    (_, at) => (strings.length + at) as StringIndex,
  );
  return {
    ...profile,
    strings: strings.extend(names.map(encodeUtf8)),
    sampleTypes: [
      { type: contentions, unit: count },
      { type: delay, unit: nanoseconds },
    ],
    samples: { ...profile.samples, values: [counts, delays].map(columnOf) },
    observations: undefined,
    periodType: { type: contentions, unit: count },
    period: 1,
    defaultSampleType: delay,
  };
}

function columnOf(values: Float64Array) {
  const column = new Int64Builder();
  for (const value of values) column.push(Math.round(value));
  return column.finish();
}
