import { usageError } from "../errors/user-error.js";
import type { Options } from "../options/table.js";
import { type Int64Column, isZeroAt } from "../profile/columns.js";
import { memoized, RecentlyUsed } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { hasGarbageCollection, withGcCallers } from "../transforms/gc-callers.js";
import { addTagFrames } from "../transforms/tag-frames.js";
import { type InRange, selectTimeRange, type TimeRange } from "../transforms/time-range.js";
import { parseDuration } from "../units/duration.js";
import type { Int64 } from "../units/int64.js";
import { identityFor } from "./identity.js";
import { labelUnits } from "./label-units.js";
import type { CompilePattern, Pattern, PrintedNamesOf } from "./matcher.js";
import { filterByName, pruneFrom, showFrom } from "./name-filters.js";
import type { OwnPackages } from "./packages.js";
import { printedNamesOf } from "./printed-names.js";
import { type SampleValue, selectSampleValue, totalValue } from "./sample-value.js";
import {
  type CompiledTagFilter,
  compileTagFilter,
  filterByTags,
  filterTagKeys,
} from "./tag-filters.js";
import { type View, wholeProfile } from "./view.js";

/** The part of a profile that a report is about. */
export interface Selection {
  readonly view: View;
  readonly value: SampleValue;
  /** The total for percentages: of the view with `relative_percentages`, else of the profile. */
  readonly total: Int64;
  /** The active filters, as `name=text`. */
  readonly activeFilters: readonly string[];
  /** The filters and tag frames that matched nothing, as `-name=text`. */
  readonly unmatched: readonly string[];
  /** By key: the unit of a numeric label. */
  readonly labelUnits: ReadonlyMap<string, string>;
  /** Warnings for the user, one line each. */
  readonly warnings: readonly string[];
}

const NAME_PATTERNS = ["focus", "ignore", "hide", "show", "show_from", "prune_from"] as const;
const TAG_FILTERS = ["tagfocus", "tagignore"] as const;
const TAG_PATTERNS = ["tagshow", "taghide"] as const;

/** The filters that reports list. As in pprof, they omit `prune_from`, `tagroot` and `tagleaf`. */
const LISTED_FILTERS = [
  "from",
  "to",
  "focus",
  "ignore",
  "hide",
  "show",
  "show_from",
  "tagfocus",
  "tagignore",
  "tagshow",
  "taghide",
] as const;

/** Whether the options or the profile contain a pattern, which needs the RE2 engine. */
export function usesPatterns(options: Options, profile: Profile): boolean {
  const given = [...NAME_PATTERNS, ...TAG_FILTERS, ...TAG_PATTERNS].some(
    (name) => options[name] !== "",
  );
  return given || (profile.dropFrames !== 0 && !options.all_frames);
}

/** Selects the part of a profile that a report is about. Throws a {@link UserError}. */
export function selectView(
  profile: Profile,
  options: Options,
  compile: CompilePattern,
  ownPackages?: OwnPackages,
): Selection {
  const warnings = new Warnings();
  const { units, ignored } = labelUnits(profile);
  for (const [key, others] of ignored) {
    warnings.add(
      `for tag ${key} used unit ${units.get(key)}, also encountered unit(s) ${others.join(", ")}`,
    );
  }
  const framed = withTagFrames(withGc(profile, options, warnings), options, warnings);
  const whole = wholeProfile(framed);
  const { identity, granularity, trim_path, source_path } = options;
  const texts = [...NAME_PATTERNS, ...TAG_FILTERS, ...TAG_PATTERNS].map((name) => options[name]);
  const key = JSON.stringify([...texts, identity, granularity, trim_path, source_path]);
  const range = timeRange(options);
  const inRange = range && withinRange(framed, range);
  const { profile: shown, samples } = inRange ?? { profile: framed, samples: whole.samples };
  if (range) warnings.addUnless(samples.includes(1), ...rangeText(options));
  const { view, found } = filteredViews(shown).get(key, () => {
    const found = new Warnings();
    const filter = new Filter(shown, options, units, compile, found, ownPackages);
    return { view: filter.apply({ ...wholeProfile(shown), samples }), found };
  });
  warnings.addAll(found);
  const value = selectSampleValue(shown, options.sample_index, options.mean);
  const wholeValue = selectSampleValue(framed, options.sample_index, options.mean);
  if (range && !hasTimes(framed, wholeValue)) {
    warnings.add(`the sample type ${value.type} has no times, which -from and -to need`);
  }
  return {
    view,
    value,
    total: options.relative_percentages ? totalValue(view, value) : totalValue(whole, wholeValue),
    activeFilters: LISTED_FILTERS.filter((name) => options[name] !== "").map(
      (name) => `${name}=${options[name]}`,
    ),
    unmatched: warnings.unmatched,
    labelUnits: units,
    warnings: warnings.lines,
  };
}

/** Returns the profile with garbage collection where -gc shows it. */
function withGc(profile: Profile, { gc }: Options, warnings: Warnings): Profile {
  if (gc === "own") return profile;
  const { caused, problem } = collections(profile);
  if (problem !== undefined) warnings.add(`-gc=${gc} has no effect: ${problem}`);
  return caused;
}

const collections = memoized((profile: Profile): { caused: Profile; problem?: string } => {
  const { observations } = profile;
  if (!hasGarbageCollection(profile)) {
    return { caused: profile, problem: "the profile has no garbage collection of V8" };
  }
  if (!observations) return { caused: profile, problem: "the profile has no times of samples" };
  return { caused: withGcCallers(profile, observations) };
});

/** Returns the range of -from and -to; undefined without them. Throws a {@link UserError}. */
function timeRange({ from, to }: Options): TimeRange | undefined {
  if (from === "" && to === "") return undefined;
  const range = {
    from: from === "" ? Number.NEGATIVE_INFINITY : nanosOf("from", from),
    to: to === "" ? Number.POSITIVE_INFINITY : nanosOf("to", to),
  };
  if (range.from < range.to) return range;
  throw usageError(`-from=${from} must be before the end of the range, ${to}`);
}

function nanosOf(option: string, text: string): number {
  const nanos = parseDuration(text);
  if (nanos !== undefined) return nanos;
  throw usageError(`-${option} must be a time such as 1.5s or 2m30s, not ${JSON.stringify(text)}`);
}

/** Returns the last of the two options, and the texts of both, for a warning. */
function rangeText({ from, to }: Options): [option: string, text: string] {
  if (to === "") return ["from", from];
  return from === "" ? ["to", to] : ["from", `${from} -to=${to}`];
}

function withinRange(profile: Profile, range: TimeRange): InRange {
  const { observations } = profile;
  if (!observations) {
    throw usageError("-from and -to need the times of samples, which this profile does not have");
  }
  const key = `${range.from} ${range.to}`;
  return selectedRanges(profile).get(key, () => selectTimeRange(profile, observations, range));
}

/** Tests whether samples of a sample type have times, which can be missing for some types. */
function hasTimes({ observations }: Profile, { index, values }: SampleValue): boolean {
  return (
    !hasNonZero(values) || (observations !== undefined && hasNonZero(observations.values[index]))
  );
}

function hasNonZero(column: Int64Column): boolean {
  for (let row = 0; row < column.length; row++) if (!isZeroAt(column, row)) return true;
  return false;
}

/** The selected ranges of a profile, by their limits. */
const selectedRanges = memoized((_: Profile) => new RecentlyUsed<InRange>(MAX_VIEWS));

/** The number of cached views per profile: users open several reports with the same filters. */
const MAX_VIEWS = 4;

/** The filtered views of a profile, by the texts of the filters. */
const filteredViews = memoized(
  (_: Profile) => new RecentlyUsed<{ view: View; found: Warnings }>(MAX_VIEWS),
);

class Warnings {
  readonly lines: string[] = [];
  readonly unmatched: string[] = [];

  add(line: string): void {
    this.lines.push(line);
  }

  addAll({ lines, unmatched }: Warnings): void {
    this.lines.push(...lines);
    this.unmatched.push(...unmatched);
  }

  /** Warns that an option matched nothing, unless `matched`. `hint` is a possible reason. */
  addUnless(matched: boolean, option: string, text: string, hint = ""): void {
    if (matched) return;
    this.add(`-${option}=${text} matched no samples${hint}`);
    this.unmatched.push(`-${option}=${text}`);
  }
}

function withTagFrames(profile: Profile, options: Options, warnings: Warnings): Profile {
  const keys = (list: string) => list.split(",").filter((key) => key !== "");
  const { tagroot, tagleaf, unit } = options;
  if (keys(tagroot).length === 0 && keys(tagleaf).length === 0) return profile;
  const added = addTagFrames(profile, { root: keys(tagroot), leaf: keys(tagleaf), unit });
  warnings.addUnless(added.matched.root || tagroot === "", "tagroot", tagroot);
  warnings.addUnless(added.matched.leaf || tagleaf === "", "tagleaf", tagleaf);
  return added.profile;
}

class Filter {
  readonly #options: Options;
  readonly #compile: CompilePattern;
  readonly #warnings: Warnings;
  readonly #names: Record<(typeof NAME_PATTERNS)[number], Pattern | undefined>;
  readonly #tags: Record<(typeof TAG_PATTERNS)[number], Pattern | undefined>;
  readonly #tagFilters: Record<(typeof TAG_FILTERS)[number], CompiledTagFilter | undefined>;
  readonly #printedNamesOf: PrintedNamesOf;

  constructor(
    profile: Profile,
    options: Options,
    units: Map<string, string>,
    compile: CompilePattern,
    warnings: Warnings,
    ownPackages: OwnPackages | undefined,
  ) {
    this.#options = options;
    this.#compile = compile;
    this.#warnings = warnings;
    this.#names = {
      focus: this.#pattern("focus"),
      ignore: this.#pattern("ignore"),
      hide: this.#pattern("hide"),
      show: this.#pattern("show"),
      show_from: this.#pattern("show_from"),
      prune_from: this.#pattern("prune_from"),
    };
    this.#tagFilters = {
      tagfocus: this.#tagFilter("tagfocus", profile, units),
      tagignore: this.#tagFilter("tagignore", profile, units),
    };
    const { granularity, trim_path: trimPath, source_path: sourcePath } = options;
    this.#printedNamesOf = printedNamesOf(profile, {
      granularity,
      identity: identityFor(options.identity, true),
      trimPath,
      sourcePath,
      ...(ownPackages && { ownPackages }),
    });
    this.#tags = { tagshow: this.#pattern("tagshow"), taghide: this.#pattern("taghide") };
  }

  apply(whole: View): View {
    const options = this.#options;
    const warnings = this.#warnings;
    const byName = filterByName(whole, this.#names, this.#printedNamesOf);
    for (const name of ["focus", "ignore", "hide", "show"] as const) {
      warnings.addUnless(byName.matched[name], name, options[name]);
    }
    let { view } = byName;

    if (this.#names.show_from) {
      const from = showFrom(view, this.#names.show_from, this.#printedNamesOf);
      warnings.addUnless(from.matched, "show_from", options.show_from);
      view = from.view;
    }

    const { tagfocus, tagignore } = this.#tagFilters;
    const byTags = filterByTags(view, tagfocus?.test, tagignore?.test);
    const hint = (filter: CompiledTagFilter | undefined) =>
      filter?.isRange ? "; it is a range of numbers, not a regexp" : "";
    warnings.addUnless(byTags.matched.focus, "tagfocus", options.tagfocus, hint(tagfocus));
    warnings.addUnless(byTags.matched.ignore, "tagignore", options.tagignore, hint(tagignore));

    const tags = filterTagKeys(byTags.view, this.#tags.tagshow, this.#tags.taghide);
    warnings.addUnless(tags.matched.show, "tagshow", options.tagshow);
    warnings.addUnless(tags.matched.hide, "taghide", options.taghide);

    if (!this.#names.prune_from) return tags.view;
    const pruned = pruneFrom(tags.view, this.#names.prune_from, this.#printedNamesOf);
    // pprof prints no warning for this option.
    if (!pruned.matched) warnings.unmatched.push(`-prune_from=${options.prune_from}`);
    return pruned.view;
  }

  #pattern(
    name: (typeof NAME_PATTERNS)[number] | (typeof TAG_PATTERNS)[number],
  ): Pattern | undefined {
    const text = this.#options[name];
    return text === "" ? undefined : this.#parse(name, () => this.#compile(text));
  }

  #tagFilter(
    name: (typeof TAG_FILTERS)[number],
    profile: Profile,
    units: Map<string, string>,
  ): CompiledTagFilter | undefined {
    const text = this.#options[name];
    if (text === "") return undefined;
    return this.#parse(name, () => compileTagFilter(text, profile, units, this.#compile));
  }

  #parse<T>(name: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      const reason = (error as Error).message.replace(/^error parsing regexp: /, "");
      throw usageError(`-${name}: ${reason}`);
    }
  }
}
