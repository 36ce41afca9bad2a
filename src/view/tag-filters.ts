import { int64At } from "../profile/columns.js";
import type { SampleIndex } from "../profile/indices.js";
import { isNumberLabel, isStringLabel } from "../profile/labels.js";
import type { Profile } from "../profile/profile.js";
import { encodeUtf8 } from "../profile/utf8.js";
import { type Int64, int64 } from "../units/int64.js";
import { scale } from "../units/scale.js";
import { type CompilePattern, type Pattern, StringMatcher } from "./matcher.js";
import type { View } from "./view.js";

export type TagFilter = (sample: SampleIndex) => boolean;

/** A tag filter, and whether its text was parsed as a range of numbers. */
export interface CompiledTagFilter {
  test: TagFilter;
  isRange: boolean;
}

/**
 * Compiles the text of `tagfocus` or `tagignore`. With the prefix `key=`, only labels with that key
 * count. The rest is a range of numbers if it has that form (`32kb`, `:64kb`, `4mb:`, `12kb:64mb`;
 * both ends are included), or else a list of patterns separated by commas. Without a key, each
 * pattern must match some `key:value`; with a key, one pattern must match a value.
 *
 * `units` is the result of {@link labelUnits}. Throws the errors of `compile`.
 */
export function compileTagFilter(
  text: string,
  profile: Profile,
  units: Map<string, string>,
  compile: CompilePattern,
): CompiledTagFilter {
  const equals = text.indexOf("=");
  const key = equals > 0 ? text.slice(0, equals) : undefined;
  const value = text.slice(equals + 1);
  const range = parseRange(value);
  if (range) return { test: rangeFilter(profile, key, range, units), isRange: true };
  const patterns = value.split(",").map(compile);
  const test =
    key === undefined ? anyKeyFilter(profile, patterns) : oneKeyFilter(profile, key, patterns);
  return { test, isRange: false };
}

type Range = (value: Int64, unit: string) => boolean;

function parseRange(text: string): Range | undefined {
  const [first, second] = [...text.matchAll(/([+-]?[0-9]+)([A-Za-z]+)?/g)];
  if (!first) return undefined;
  const low = scaleBound(first, first[2] ?? "");
  const { unit } = low;
  const within = (test: (value: number) => boolean): Range => {
    return (value, from) => {
      const scaled = scale(value, from, unit);
      return scaled.unit === unit && test(scaled.value);
    };
  };
  if (!second) {
    if (text === first[0]) return within((value) => value === low.value);
    if (text === `${first[0]}:`) return within((value) => value >= low.value);
    if (text === `:${first[0]}`) return within((value) => value <= low.value);
    return undefined;
  }
  if (text !== `${first[0]}:${second[0]}`) return undefined;
  const high = scaleBound(second, unit);
  if (high.unit !== unit) return undefined;
  return within((value) => value >= low.value && value <= high.value);
}

function scaleBound(match: RegExpMatchArray, to: string) {
  const bound = BigInt(match[1].replace("+", ""));
  if (BigInt.asIntN(64, bound) !== bound) throw new Error(`${match[1]} is not a 64-bit number`);
  return scale(int64(bound), match[2] ?? "", to);
}

function rangeFilter(
  profile: Profile,
  key: string | undefined,
  range: Range,
  units: Map<string, string>,
): TagFilter {
  const { labels, strings } = profile;
  return anyLabel(profile, (row) => {
    if (!isNumberLabel(labels, row)) return false;
    const name = strings.get(labels.key[row]);
    if (key !== undefined && name !== key) return false;
    return range(int64At(labels.number, row), units.get(name) ?? "");
  });
}

function anyKeyFilter(profile: Profile, patterns: Pattern[]): TagFilter {
  const { labels, strings } = profile;
  const tests = patterns.map((pattern) => {
    const answers = new Map<number, boolean>();
    return anyLabel(profile, (row) => {
      if (!isStringLabel(labels, row)) return false;
      const pair = labels.key[row] * strings.length + labels.text[row];
      let answer = answers.get(pair);
      if (answer === undefined) {
        answer = pattern.test(
          encodeUtf8(`${strings.get(labels.key[row])}:${strings.get(labels.text[row])}`),
        );
        answers.set(pair, answer);
      }
      return answer;
    });
  });
  return (sample) => tests.every((test) => test(sample));
}

function oneKeyFilter(profile: Profile, key: string, patterns: Pattern[]): TagFilter {
  const { labels, strings } = profile;
  const matchers = patterns.map((pattern) => new StringMatcher(profile, pattern));
  return anyLabel(profile, (row) => {
    return (
      isStringLabel(labels, row) &&
      strings.get(labels.key[row]) === key &&
      matchers.some((matcher) => matcher.string(labels.text[row]))
    );
  });
}

function anyLabel({ samples }: Profile, test: (row: number) => boolean): TagFilter {
  return (sample) => {
    const end = samples.labelOffsets[sample + 1];
    for (let row = samples.labelOffsets[sample]; row < end; row++) if (test(row)) return true;
    return false;
  };
}

/** Keeps the samples that pass `focus` and not `ignore`. Returns whether each matched a sample. */
export function filterByTags(
  view: View,
  focus: TagFilter | undefined,
  ignore: TagFilter | undefined,
): { view: View; matched: { focus: boolean; ignore: boolean } } {
  if (!focus && !ignore) return { view, matched: { focus: true, ignore: true } };
  const samples = view.samples.slice();
  const matched = { focus: !focus, ignore: !ignore };
  for (let sample = 0 as SampleIndex; sample < samples.length; sample++) {
    if (!samples[sample]) continue;
    const focused = focus?.(sample) ?? true;
    const ignored = ignore?.(sample) ?? false;
    if (focused) matched.focus = true;
    if (ignored) matched.ignore = true;
    if (!focused || ignored) samples[sample] = 0;
  }
  return { view: { ...view, samples }, matched };
}

/** Hides the labels whose key does not match `show` or matches `hide`. */
export function filterTagKeys(
  view: View,
  show: Pattern | undefined,
  hide: Pattern | undefined,
): { view: View; matched: { show: boolean; hide: boolean } } {
  if (!show && !hide) return { view, matched: { show: true, hide: true } };
  const { profile } = view;
  const { labels, samples } = profile;
  const showMatch = show && new StringMatcher(profile, show);
  const hideMatch = hide && new StringMatcher(profile, hide);
  const hiddenLabelKeys = new Uint8Array(profile.strings.length);
  const matched = { show: !show, hide: !hide };
  for (let sample = 0; sample < samples.length; sample++) {
    if (!view.samples[sample]) continue;
    const end = samples.labelOffsets[sample + 1];
    for (let row = samples.labelOffsets[sample]; row < end; row++) {
      if (!isStringLabel(labels, row) && !isNumberLabel(labels, row)) continue;
      const key = labels.key[row];
      const shown = showMatch?.string(key) ?? true;
      const hidden = hideMatch?.string(key) ?? false;
      if (shown) matched.show = true;
      if (hidden) matched.hide = true;
      if (!shown || hidden) hiddenLabelKeys[key] = 1;
    }
  }
  return { view: { ...view, hiddenLabelKeys }, matched };
}
