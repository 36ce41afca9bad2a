import { type IndexColumn, indexColumn } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import type { Profile, ValueType } from "../profile/profile.js";
import { StringPool } from "../profile/string-pool.js";
import { StringMapper } from "./merge/string-mapper.js";

/** Keeps only used strings, in order of use: a shared file must not hold what filters removed. */
export function compactStrings(profile: Profile): Profile {
  const pool = new StringPool();
  const strings = new StringMapper(profile.strings, pool);
  const column = (from: IndexColumn<StringIndex>) => {
    const to = new Uint32Array(from.length);
    for (let row = 0; row < to.length; row++) to[row] = strings.at(from[row]);
    return indexColumn<StringIndex>(to);
  };
  const valueType = ({ type, unit }: ValueType): ValueType => ({
    type: strings.at(type),
    unit: strings.at(unit),
  });
  const { labels, mappings, functions } = profile;
  return {
    ...profile,
    sampleTypes: profile.sampleTypes.map(valueType),
    labels: {
      ...labels,
      key: column(labels.key),
      text: column(labels.text),
      unit: column(labels.unit),
    },
    mappings: { ...mappings, file: column(mappings.file), buildId: column(mappings.buildId) },
    functions: {
      ...functions,
      name: column(functions.name),
      systemName: column(functions.systemName),
      filename: column(functions.filename),
    },
    dropFrames: strings.at(profile.dropFrames),
    keepFrames: strings.at(profile.keepFrames),
    periodType: valueType(profile.periodType),
    comments: profile.comments.map((comment) => strings.at(comment)),
    defaultSampleType: strings.at(profile.defaultSampleType),
    docUrl: strings.at(profile.docUrl),
    strings: pool.finish(),
  };
}
