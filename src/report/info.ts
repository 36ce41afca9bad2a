import { int64At, isZeroAt } from "../profile/columns.js";
import { isStringLabel } from "../profile/labels.js";
import type { Profile } from "../profile/profile.js";
import { RunInterner } from "../profile/run-interner.js";
import { compareUtf8 } from "../profile/utf8.js";
import { add, type Int64 } from "../units/int64.js";
import { selectSampleValue } from "../view/sample-value.js";
import { wholeProfile } from "../view/view.js";
import { type CategoryValue, sumCategories } from "./categories.js";
import { guessProducer, type Producer } from "./producer.js";
import { profileWarnings } from "./profile-warnings.js";

export interface InfoValue {
  readonly type: string;
  readonly unit: string;
  readonly total: Int64;
  /** The number of samples with a value other than 0. */
  readonly samples: number;
  /** Whether reports show this sample type by default. */
  readonly isDefault: boolean;
}

export interface InfoLabel {
  readonly key: string;
  readonly kind: "text" | "number";
  /** The number of different values. */
  readonly values: number;
  /** The number of labels with this key. */
  readonly labels: number;
}

export interface InfoMapping {
  readonly file: string;
  readonly buildId: string;
}

/** When samples were observed, in nanoseconds since the recording began. */
export interface InfoTimes {
  readonly first: number;
  readonly last: number;
  readonly observations: number;
}

/** The facts that `tsprof info` shows about a profile. */
export interface ProfileInfo {
  readonly values: readonly InfoValue[];
  /** Nanoseconds since 1970. This and the next fields are 0 or empty if they are not known. */
  readonly timeNanos: Int64;
  readonly durationNanos: Int64;
  /** Undefined if the times of samples are unknown. */
  readonly times: InfoTimes | undefined;
  readonly period: Int64;
  readonly periodType: string;
  readonly periodUnit: string;
  readonly samples: number;
  readonly distinctStacks: number;
  /** The default sample type by category; undefined without functions of scripts. */
  readonly categories: readonly CategoryValue[] | undefined;
  /** The number of locations on the deepest stack. Inlined calls share a location. */
  readonly maxDepth: number;
  readonly locations: number;
  readonly functions: number;
  readonly mappings: readonly InfoMapping[];
  readonly labels: readonly InfoLabel[];
  readonly comments: readonly string[];
  readonly docUrl: string;
  /** The probable producer; undefined if there is no evidence. */
  readonly producer: Producer | undefined;
  /** Missing or suspicious data, one line each. */
  readonly warnings: readonly string[];
}

/** Collects the facts. `format` names the file format, such as `profile.proto`. */
export function collectProfileInfo(profile: Profile, format: string): ProfileInfo {
  const { strings, samples, locations, functions, mappings, periodType } = profile;
  const producer = guessProducer(profile, format);
  const stacks = countStacks(profile);
  const values = valuesOf(profile);
  return {
    values,
    timeNanos: profile.timeNanos,
    durationNanos: profile.durationNanos,
    times: timesOf(profile),
    period: profile.period,
    periodType: strings.get(periodType.type),
    periodUnit: strings.get(periodType.unit),
    samples: samples.length,
    distinctStacks: stacks.distinct,
    categories: categoriesOf(profile),
    maxDepth: stacks.maxDepth,
    locations: locations.length,
    functions: functions.length,
    mappings: Array.from({ length: mappings.length }, (_, row) => ({
      file: strings.get(mappings.file[row]),
      buildId: strings.get(mappings.buildId[row]),
    })),
    labels: labelsOf(profile),
    comments: profile.comments.map((comment) => strings.get(comment)),
    docUrl: strings.get(profile.docUrl),
    producer,
    warnings: profileWarnings(profile, { ...stacks, producer: producer?.name }),
  };
}

function categoriesOf(profile: Profile): readonly CategoryValue[] | undefined {
  if (profile.sampleTypes.length === 0) return undefined;
  return sumCategories(wholeProfile(profile), selectSampleValue(profile, "", false));
}

function timesOf({ observations }: Profile): InfoTimes | undefined {
  if (!observations) return undefined;
  const { time, length } = observations;
  return { first: time[0], last: time[length - 1], observations: length };
}

function valuesOf({ sampleTypes, samples, strings, defaultSampleType }: Profile): InfoValue[] {
  const names = sampleTypes.map(({ type }) => strings.get(type));
  const named = defaultSampleType === 0 ? -1 : names.indexOf(strings.get(defaultSampleType));
  const shown = named < 0 ? names.length - 1 : named;
  return sampleTypes.map(({ unit }, row) => {
    let total: Int64 = 0;
    let count = 0;
    for (let sample = 0; sample < samples.length; sample++) {
      if (isZeroAt(samples.values[row], sample)) continue;
      total = add(total, int64At(samples.values[row], sample));
      count++;
    }
    const isDefault = row === shown;
    return { type: names[row], unit: strings.get(unit), total, samples: count, isDefault };
  });
}

/** Counts the distinct stacks and the deepest ones among them. */
function countStacks({ samples }: Profile): Pick<ProfileInfo, "maxDepth"> & {
  distinct: number;
  /** The number of distinct stacks that are as deep as the deepest. */
  deepest: number;
} {
  const stacks = new RunInterner();
  const { stackOffsets, stackLocations } = samples;
  let run = new Uint32Array(64);
  let maxDepth = 0;
  let deepest = 0;
  for (let sample = 0; sample < samples.length; sample++) {
    const start = stackOffsets[sample];
    const depth = stackOffsets[sample + 1] - start;
    if (depth > run.length) run = new Uint32Array(depth * 2);
    for (let i = 0; i < depth; i++) run[i] = stackLocations[start + i];
    const before = stacks.length;
    if (stacks.intern(run, depth) < before || depth < maxDepth) continue;
    deepest = depth > maxDepth ? 1 : deepest + 1;
    maxDepth = depth;
  }
  return { distinct: stacks.length, maxDepth, deepest };
}

function labelsOf({ labels, strings }: Profile): InfoLabel[] {
  const found = new Map<
    string,
    { key: string; kind: InfoLabel["kind"]; labels: number; values: Set<string | Int64> }
  >();
  for (let row = 0; row < labels.length; row++) {
    const key = strings.get(labels.key[row]);
    const kind = isStringLabel(labels, row) ? "text" : "number";
    const name = `${kind} ${key}`;
    const known = found.get(name) ?? { key, kind, labels: 0, values: new Set<string | Int64>() };
    found.set(name, known);
    known.labels++;
    const text = labels.text[row];
    known.values.add(text !== 0 ? strings.get(text) : int64At(labels.number, row));
  }
  return [...found.values()]
    .map((label) => ({ ...label, values: label.values.size }))
    .sort((a, b) => compareUtf8(a.key, b.key) || compareUtf8(a.kind, b.kind));
}
