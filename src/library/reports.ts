import { usageError } from "../errors/user-error.js";
import type { Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import * as flames from "../report/flame.js";
import * as lists from "../report/list.js";
import { proto } from "../report/proto.js";
import * as tagReports from "../report/tags.js";
import * as tops from "../report/top.js";
import * as traceReports from "../report/traces.js";
import * as trees from "../report/tree.js";
import { compareProfiles } from "../transforms/compare.js";
import { mergeAll } from "../transforms/merge/merge-all.js";
import { alignBase } from "../view/align-base.js";
import { type ReportOptions, reportContext, type SourceTexts } from "./context.js";
import { inheritFormat } from "./pprof-formats.js";
import { maxBytesOf, type SizeLimit } from "./size-limit.js";

/** A report, with one warning line for each filter that matched nothing. */
export type WithWarnings<Report> = Report & { readonly warnings: readonly string[] };

/** Options of {@link peek}. */
export interface PeekOptions extends ReportOptions {
  /** The functions to show, as a regular expression. */
  readonly regex: string;
}

/** Options of {@link list}. */
export interface ListOptions extends PeekOptions {
  /** The source files to list from. */
  readonly sources: SourceTexts;
}

/** Options of {@link flame}. */
export interface FlameOptions extends ReportOptions {
  /** The approximate number of frames to keep; 250,000 by default. */
  readonly max_frames?: number;
}

/** Options of {@link compare}: the profile to subtract, and how. */
export type CompareOptions = SizeLimit &
  Partial<Pick<Options, "normalize">> &
  (
    | {
        /** Percentages are of the result's total. */
        readonly base: Profile;
        readonly diff_base?: undefined;
      }
    | {
        /** Percentages are of the base profile's total. */
        readonly diff_base: Profile;
        readonly base?: undefined;
      }
  );

/**
 * Returns the functions by cost, with their flat and cum values. Like all reports, it throws an
 * Error of one line if the options are invalid.
 */
export function top(profile: Profile, options: ReportOptions = {}): WithWarnings<tops.TopReport> {
  const { input, warnings } = reportContext("top", profile, options);
  return { ...tops.top(input), warnings };
}

/** Returns the functions, each with its callers and callees. */
export function tree(
  profile: Profile,
  options: ReportOptions = {},
): WithWarnings<trees.TreeReport> {
  const { input, warnings } = reportContext("tree", profile, options);
  return { ...trees.tree(input), warnings };
}

/** Returns the functions of {@link tree} that match a regular expression. */
export function peek(profile: Profile, options: PeekOptions): WithWarnings<trees.TreeReport> {
  const { input, pattern, patternText, warnings } = reportContext("peek", profile, options);
  return { ...trees.peek(input, pattern, patternText), warnings };
}

/** Returns the labels of the samples, with the values per label. */
export function tags(
  profile: Profile,
  options: ReportOptions = {},
): WithWarnings<tagReports.TagsReport> {
  const { input, warnings } = reportContext("tags", profile, options);
  return { ...tagReports.tags(input), warnings };
}

/** Returns the stack and the labels of every sample. */
export function traces(
  profile: Profile,
  options: ReportOptions = {},
): WithWarnings<traceReports.TracesReport> {
  const { input, warnings } = reportContext("traces", profile, options);
  return { ...traceReports.traces(input), warnings };
}

/** Returns the source lines of functions that match a regular expression, with their values. */
export function list(profile: Profile, options: ListOptions): WithWarnings<lists.ListReport> {
  const context = reportContext("list", profile, options);
  const { input, pattern, patternText, warnings } = context;
  return { ...lists.list(input, pattern, patternText, context.sources()), warnings };
}

/** Returns the flame graph: stacks merged from their roots. */
export function flame(
  profile: Profile,
  { max_frames = flames.MAX_FRAMES, ...options }: FlameOptions = {},
): WithWarnings<flames.FlameReport> {
  const { input, warnings } = reportContext("flame", profile, options);
  return { ...flames.flame(input, { limit: max_frames }), warnings };
}

/** Returns the profile that filters leave, as `tsprof proto` writes it. */
export function filter(profile: Profile, options: ReportOptions): Profile {
  return inheritFormat(proto(reportContext("proto", profile, options).input), profile);
}

/** Merges profiles into one. Rejects with an Error of one line if they do not fit together. */
export async function merge(
  profiles: readonly Profile[],
  options: SizeLimit = {},
): Promise<Profile> {
  const inputs = profiles.map((profile, i) => ({
    name: `profile ${i + 1}`,
    read: async () => profile,
  }));
  const merged = await mergeAll(inputs, maxBytesOf(options));
  if (!merged) throw usageError("there are no profiles to merge");
  return inheritFormat(merged, ...profiles);
}

/**
 * Subtracts a base profile. Values are negative if the base has more. `normalize` first
 * scales the profile to the total of the base. Throws an Error of one line if the profiles do
 * not fit together.
 */
export function compare(profile: Profile, options: CompareOptions): Profile {
  const { base, diff_base, normalize = false } = options;
  const subtracted = diff_base ?? base;
  if (!subtracted || (base && diff_base))
    throw usageError("compare needs either base or diff_base");
  const how = { marksBase: diff_base !== undefined, normalizes: normalize };
  const compared = compareProfiles(
    profile,
    alignBase(subtracted, profile),
    how,
    maxBytesOf(options),
  );
  return inheritFormat(compared, profile, subtracted);
}
