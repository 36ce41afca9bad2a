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
import { type Asked, reportContext } from "./context.js";

/** A report, and what the user should know, a line each: filters that matched nothing. */
export type Told<Report> = Report & { readonly warnings: readonly string[] };

/** The options of the command line, by their names there; what is left out is at its default. */
export type ReportOptions = Partial<Options>;

/**
 * The places that take the most: flat, cum, and what is left out. Like all reports it throws
 * an Error of one line where the options make no sense.
 */
export function top(profile: Profile, options: ReportOptions = {}): Told<tops.TopReport> {
  const { input, warnings } = reportContext("top", profile, options);
  return { ...tops.top(input), warnings };
}

/** Places between what calls them and what they call. */
export function tree(profile: Profile, options: ReportOptions = {}): Told<trees.TreeReport> {
  const { input, warnings } = reportContext("tree", profile, options);
  return { ...trees.tree(input), warnings };
}

/** Those places of {@link tree} that match a regular expression. */
export function peek(
  profile: Profile,
  regex: string,
  options: ReportOptions = {},
): Told<trees.TreeReport> {
  const context = reportContext("peek", profile, options, { pattern: regex });
  const { input, pattern, patternText, warnings } = context;
  return { ...trees.peek(input, pattern, patternText), warnings };
}

/** The labels of samples, and what their values take. */
export function tags(profile: Profile, options: ReportOptions = {}): Told<tagReports.TagsReport> {
  const { input, warnings } = reportContext("tags", profile, options);
  return { ...tagReports.tags(input), warnings };
}

/** The stacks as they are, with their labels. */
export function traces(
  profile: Profile,
  options: ReportOptions = {},
): Told<traceReports.TracesReport> {
  const { input, warnings } = reportContext("traces", profile, options);
  return { ...traceReports.traces(input), warnings };
}

/** The lines of functions that match a regular expression, from the sources that are given. */
export function list(
  profile: Profile,
  regex: string,
  { sources = {} }: Pick<Asked, "sources">,
  options: ReportOptions = {},
): Told<lists.ListReport> {
  const context = reportContext("list", profile, options, { pattern: regex, sources });
  const { input, pattern, patternText, warnings } = context;
  return { ...lists.list(input, pattern, patternText, context.sources()), warnings };
}

/** Stacks merged from their roots, at most about `limit` frames. */
export function flame(
  profile: Profile,
  options: ReportOptions = {},
  limit = flames.MAX_FRAMES,
): Told<flames.FlameReport> {
  const { input, warnings } = reportContext("flame", profile, options);
  return { ...flames.flame(input, limit), warnings };
}

/** What filters leave of a profile, as one: what `tsprof proto` writes. */
export function filtered(profile: Profile, options: ReportOptions): Profile {
  return proto(reportContext("proto", profile, options).input);
}

const MAX_BYTES = 4 * 2 ** 30;

/** Several profiles as one. Throws an Error of one line where they do not fit together. */
export async function merge(profiles: readonly Profile[]): Promise<Profile> {
  const inputs = profiles.map((profile, i) => ({
    name: `profile ${i + 1}`,
    read: async () => profile,
  }));
  const merged = await mergeAll(inputs, MAX_BYTES);
  if (!merged) throw usageError("there are no profiles to merge");
  return merged;
}

/** How {@link compare} does it. */
export interface CompareOptions {
  /** Shares are of the base's total, as with -diff_base; otherwise as with -base. */
  readonly diff?: boolean;
  /** First scale the profile to the total of the base. */
  readonly normalize?: boolean;
}

/** What `profile` has more than `base`, and less with negative values. */
export function compare(
  profile: Profile,
  base: Profile,
  { diff = true, normalize = false }: CompareOptions = {},
): Profile {
  return compareProfiles(profile, base, { marksBase: diff, normalizes: normalize }, MAX_BYTES);
}
