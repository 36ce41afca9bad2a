import type { Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import { type Int64, truncate } from "../units/int64.js";
import { scale } from "../units/scale.js";
import { basePath } from "../view/paths.js";
import { type SampleValue, selectSampleValue, totalValue } from "../view/sample-value.js";
import { wholeProfile } from "../view/view.js";
import type { ValueFormat } from "./value-format.js";

export type LegendOptions = Pick<Options, "sample_index" | "mean" | "unit" | "divide_by">;

/** The description of a profile above a report. Unknown texts are empty. */
export interface ProfileLegend {
  /** The name of the main binary, without its folder. */
  readonly file: string;
  readonly buildId: string;
  /** The comments of the profile. Comments for machines, which begin with `#`, are left out. */
  readonly comments: readonly string[];
  readonly sampleType: string;
  readonly docUrl: string;
  readonly timeNanos: Int64;
  readonly durationNanos: Int64;
  /** The total in nanoseconds; undefined if it is not a time or 0. */
  readonly totalNanos: Int64 | undefined;
}

export function profileLegend(profile: Profile, value: SampleValue, total: Int64): ProfileLegend {
  const { strings, mappings } = profile;
  const text = (index: (typeof mappings.file)[0]) => strings.get(index);
  const main = mappings.length > 0 ? text(mappings.file[0]) : "";
  const nanos = scale(total, value.unit, "nanoseconds");
  return {
    file: main === "" ? "" : basePath(main),
    buildId: mappings.length > 0 ? text(mappings.buildId[0]) : "",
    comments: profile.comments.map(text).filter((comment) => !comment.startsWith("#")),
    sampleType: value.type,
    docUrl: text(profile.docUrl),
    timeNanos: profile.timeNanos,
    durationNanos: profile.durationNanos,
    totalNanos: nanos.unit === "ns" && nanos.value !== 0 ? truncate(nanos.value) : undefined,
  };
}

/** Makes the legend with the total of all samples, whatever filters are set. Throws UserError. */
export function wholeLegend(
  profile: Profile,
  { sample_index, mean, unit, divide_by }: LegendOptions,
): { legend: ProfileLegend; total: Int64; format: ValueFormat } {
  const value = selectSampleValue(profile, sample_index, mean);
  const total = totalValue(wholeProfile(profile), value);
  const format = { from: value.unit, to: unit, ratio: 1 / divide_by };
  return { legend: profileLegend(profile, value, total), total, format };
}
