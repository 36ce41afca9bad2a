import { Int64Builder, int64At } from "../profile/columns.js";
import { ObservationBuilder } from "../profile/observations.js";
import type { ObservationTable, Profile } from "../profile/profile.js";
import type { Int64 } from "../units/int64.js";
import { areConvertible } from "../units/scale.js";
import { scaleValue } from "./scale-values.js";

/** From `from` up to, but without `to`; in nanoseconds since the recording began. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** A profile whose values are from a range of time. */
export interface InRange {
  readonly profile: Profile;
  /** 1 for each sample that was observed in the range. */
  readonly samples: Uint8Array;
}

/**
 * Returns the profile with the values that were observed in `range`. Observations at a point in time
 * count if that point is in the range. Intervals count with the part that is in the range, and
 * their values that are not times count where the interval begins. The values of samples without a
 * known time become 0.
 */
export function selectTimeRange(
  profile: Profile,
  observations: ObservationTable,
  { from, to }: TimeRange,
): InRange {
  const { sampleTypes, strings, samples } = profile;
  const isTime = sampleTypes.map(({ unit }) => areConvertible(strings.get(unit), "ns"));
  const { sample, time, duration } = observations;
  const observed = new Uint8Array(samples.length);
  const sums = samples.values.map(() => zeros(samples.length));
  const within = new ObservationBuilder(sums.length);
  const row = sums.map((): Int64 => 0);
  for (let i = 0; i < observations.length; i++) {
    const start = time[i];
    const length = duration?.[i] ?? 0;
    const begins = start >= from && start < to;
    if (!begins && !(start < from && start + length > from)) continue;
    const partStart = Math.max(start, from);
    const part = Math.min(start + length, to) - partStart;
    for (let type = 0; type < row.length; type++) {
      const value = int64At(observations.values[type], i);
      if (length > 0 && isTime[type]) row[type] = scaleValue(value, part / length);
      else row[type] = begins ? value : 0;
      sums[type].addAt(sample[i], row[type]);
    }
    observed[sample[i]] = 1;
    within.push(sample[i], partStart, part, row);
  }
  return {
    profile: {
      ...profile,
      samples: { ...samples, values: sums.map((column) => column.finish()) },
      observations: within.finish(),
    },
    samples: observed,
  };
}

function zeros(length: number): Int64Builder {
  const builder = new Int64Builder();
  for (let row = 0; row < length; row++) builder.push(0);
  return builder;
}
