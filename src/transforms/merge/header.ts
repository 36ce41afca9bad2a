import type { Profile, ValueType } from "../../profile/profile.js";
import { add, compare } from "../../units/int64.js";
import type { StringMapper } from "./string-mapper.js";

/** The fields of a profile besides its tables. */
export type MergedHeader = Omit<
  Profile,
  | "strings"
  | "samples"
  | "observations"
  | "labels"
  | "mappings"
  | "locations"
  | "lines"
  | "functions"
>;

/**
 * Combines the header of a profile with the header of those `before` it: the earliest time, the sum
 * of durations, the largest period, all comments without duplicates, and other fields from the
 * first profile that has them.
 */
export function mergeHeader(
  before: MergedHeader | undefined,
  profile: Profile,
  strings: StringMapper,
): MergedHeader {
  const valueType = ({ type, unit }: ValueType): ValueType => ({
    type: strings.at(type),
    unit: strings.at(unit),
  });
  const { timeNanos, durationNanos, period } = profile;
  const comments = profile.comments.map((comment) => strings.at(comment));
  if (!before) {
    return {
      sampleTypes: profile.sampleTypes.map(valueType),
      dropFrames: strings.at(profile.dropFrames),
      keepFrames: strings.at(profile.keepFrames),
      timeNanos,
      durationNanos,
      periodType: valueType(profile.periodType),
      period,
      comments: [...new Set(comments)],
      defaultSampleType: strings.at(profile.defaultSampleType),
      docUrl: strings.at(profile.docUrl),
    };
  }
  // As in pprof, a profile without a time resets the earlier times.
  const isEarlier = before.timeNanos === 0 || compare(timeNanos, before.timeNanos) < 0;
  const isLonger = before.period === 0 || compare(period, before.period) > 0;
  return {
    ...before,
    timeNanos: isEarlier ? timeNanos : before.timeNanos,
    durationNanos: add(before.durationNanos, durationNanos),
    period: isLonger ? period : before.period,
    comments: [...new Set([...before.comments, ...comments])],
    defaultSampleType: before.defaultSampleType || strings.at(profile.defaultSampleType),
    docUrl: before.docUrl || strings.at(profile.docUrl),
  };
}
