import type { Options } from "../options/table.js";
import { int64At } from "../profile/columns.js";
import type { StringIndex } from "../profile/indices.js";
import { isNumberLabel, isStringLabel } from "../profile/labels.js";
import type { Profile } from "../profile/profile.js";
import { type FormatTime, profileLines } from "../render/legend.js";
import { wholeLegend } from "../report/legend.js";
import { hasNegative } from "../report/profile-warnings.js";
import { formatValue } from "../report/value-format.js";
import { abs, type Int64 } from "../units/int64.js";
import { scaledLabel } from "../units/scale.js";
import { exactTagFilter } from "../view/exact-filters.js";
import { labelUnits } from "../view/label-units.js";
import { baseSamples, type SampleValue, selectSampleValue } from "../view/sample-value.js";
import { wholeProfile } from "../view/view.js";

/** Facts about a profile that a page needs before the first report. */
export interface ProfileSummary {
  readonly sampleTypes: readonly { readonly type: string; readonly unit: string }[];
  /** The index of the sample type that reports use by default. */
  readonly defaultSampleType: number;
  /** The lines about the profile at the top of reports. */
  readonly legend: readonly string[];
  /** A URL in the profile that explains it: http or https, or empty. */
  readonly docUrl: string;
  /** Whether the profile is a comparison (`-diff_base`), with positive and negative values. */
  readonly isComparison: boolean;
  /** Whether the times of samples are known, so that there is a timeline. */
  readonly hasTimes: boolean;
  readonly tags: readonly TagChoice[];
  readonly counts: {
    readonly samples: number;
    readonly locations: number;
    readonly functions: number;
    readonly mappings: number;
  };
  /** Warnings about missing information such as symbols, one line each. */
  readonly warnings: readonly string[];
}

/** A tag with its values, highest cost first, at most 100 of them. */
export interface TagChoice {
  readonly key: string;
  readonly isNumeric: boolean;
  readonly values: readonly TagValueChoice[];
  /** The number of all values. */
  readonly count: number;
}

export interface TagValueChoice {
  /** The value as reports print it, which may be rounded. */
  readonly name: string;
  /** A `tagfocus` filter that matches exactly the samples with this value. */
  readonly filter: string;
}

/** Summarizes a profile. `warnings` come from reading it. Texts are as in the profile. */
export function summarize(
  profile: Profile,
  options: Options,
  { warnings, formatTime }: { warnings: readonly string[]; formatTime: FormatTime },
): ProfileSummary {
  const { strings, sampleTypes, samples, locations, functions, mappings, docUrl } = profile;
  // Ignore -sample_index: an invalid name must not keep the page from opening.
  const value = selectSampleValue(profile, "", false);
  const { legend, total, format } = wholeLegend(profile, {
    ...options,
    sample_index: "",
    mean: false,
  });
  const url = strings.get(docUrl);
  return {
    sampleTypes: sampleTypes.map(({ type, unit }) => ({
      type: strings.get(type),
      unit: strings.get(unit),
    })),
    defaultSampleType: value.index,
    legend: profileLines(legend, formatTime, formatValue(format, total)),
    docUrl: /^https?:\/\//i.test(url) ? url : "",
    isComparison: baseSamples(wholeProfile(profile)) !== undefined || hasNegative(profile),
    hasTimes: profile.observations !== undefined,
    tags: tagChoices(profile, value),
    counts: {
      samples: samples.length,
      locations: locations.length,
      functions: functions.length,
      mappings: mappings.length,
    },
    warnings: [...warnings, ...missingNames(profile)],
  };
}

const MAX_VALUES_PER_TAG = 100;

interface KeySums {
  readonly texts: Map<StringIndex, number>;
  readonly numbers: Map<Int64, number>;
}

/** Returns the tags by key. Their costs only sort the values, so they may be rounded. */
function tagChoices(profile: Profile, { values }: SampleValue): TagChoice[] {
  const { samples, labels, strings } = profile;
  const byKey = new Map<StringIndex, KeySums>();
  for (let sample = 0; sample < samples.length; sample++) {
    const size = Number(abs(int64At(values, sample)));
    const end = samples.labelOffsets[sample + 1];
    for (let row = samples.labelOffsets[sample]; row < end; row++) {
      const isText = isStringLabel(labels, row);
      if (!isText && !isNumberLabel(labels, row)) continue;
      const key = labels.key[row];
      let sums = byKey.get(key);
      if (!sums) {
        sums = { texts: new Map(), numbers: new Map() };
        byKey.set(key, sums);
      }
      if (isText) addTo(sums.texts, labels.text[row], size);
      else addTo(sums.numbers, int64At(labels.number, row), size);
    }
  }
  const { units } = labelUnits(profile);
  const choices = Array.from(byKey, ([index, { texts, numbers }]): TagChoice => {
    const key = strings.get(index);
    const isNumeric = texts.size === 0;
    const unit = units.get(key) ?? "";
    return {
      key,
      isNumeric,
      values: isNumeric
        ? heaviest(numbers).map((number) => {
            const name = scaledLabel(number, unit, "auto");
            const exact = { least: number, greatest: number, unit };
            return { name, filter: exactTagFilter({ key, name, numbers: exact }) };
          })
        : heaviest(texts).map((text) => {
            const name = strings.get(text);
            return { name, filter: exactTagFilter({ key, name }) };
          }),
      count: isNumeric ? numbers.size : texts.size,
    };
  });
  return choices.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function addTo<K>(sums: Map<K, number>, key: K, size: number): void {
  sums.set(key, (sums.get(key) ?? 0) + size);
}

function heaviest<K>(sums: ReadonlyMap<K, number>): K[] {
  const sorted = [...sums].sort(([, a], [, b]) => b - a);
  return sorted.slice(0, MAX_VALUES_PER_TAG).map(([value]) => value);
}

/** Warns if many locations have no function name, because reports show addresses then. */
function missingNames({ locations, lines, functions, strings }: Profile): string[] {
  let unnamed = 0;
  for (let location = 0; location < locations.length; location++) {
    const first = locations.lineOffsets[location];
    const isNamed =
      first < locations.lineOffsets[location + 1] &&
      strings.bytes(functions.name[lines.function[first]]).length > 0;
    if (!isNamed) unnamed++;
  }
  const share = unnamed / locations.length;
  if (!(share >= 0.05)) return [];
  return [
    share === 1
      ? "no location in this profile has a function name; reports show addresses and binaries"
      : `${Math.floor(share * 100)}% of the locations in this profile have no function name`,
  ];
}
