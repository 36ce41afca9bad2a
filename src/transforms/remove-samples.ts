import { Int64Builder, type Int64Column, int64At } from "../profile/columns.js";
import { NO_SAMPLE, renumberObservations } from "../profile/observations.js";
import type { Profile } from "../profile/profile.js";
import { ProfileMerger } from "./merge/merger.js";

/**
 * Returns the profile without the samples for which `isRemoved` returns true. Throws a ProfileError
 * if the result needs more than `limit` bytes.
 */
export function removeSamples(
  profile: Profile,
  isRemoved: (sample: number) => boolean,
  limit: number,
): Profile {
  const { samples, observations } = profile;
  const removed = Uint8Array.from({ length: samples.length }, (_, sample) =>
    isRemoved(sample) ? 1 : 0,
  );
  if (!removed.includes(1)) return profile;
  const merger = new ProfileMerger(limit);
  merger.add({
    ...profile,
    samples: {
      ...samples,
      values: samples.values.map((column) => withZeros(column, removed)),
    },
    observations:
      observations &&
      renumberObservations(observations, (sample) => (removed[sample] ? NO_SAMPLE : sample)),
  });
  return merger.finish();
}

function withZeros(column: Int64Column, rows: Uint8Array): Int64Column {
  const values = new Int64Builder();
  for (let row = 0; row < column.length; row++) values.push(rows[row] ? 0 : int64At(column, row));
  return values.finish();
}
