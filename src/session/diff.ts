import { UserError, usageError } from "../errors/user-error.js";
import type { Options } from "../options/table.js";
import { renderData } from "../render/data/index.js";
import { diffData } from "../render/diff/data.js";
import { renderDiffGithub } from "../render/diff/github.js";
import { renderDiffMarkdown } from "../render/diff/markdown.js";
import { renderDiff } from "../render/diff/text.js";
import { type DiffStyle, describeBreach } from "../render/diff/words.js";
import { parseRule } from "../report/diff/rules.js";
import { compareSides } from "../report/diff/sides.js";
import { type ProfileSums, profileSums } from "../report/diff/sums.js";
import { type DiffReport, diff } from "../report/diff.js";
import type { ReportSpec } from "../report/input.js";
import type { SelectedInput } from "../report/request.js";
import { SourceMapUse } from "../source-code/source-map-use.js";
import { loadRe2 } from "../view/load-engines.js";
import type { MadeReport } from "./reports/made-report.js";
import { Session } from "./session.js";
import type { Warn } from "./show/messages.js";
import { splitProgram } from "./sources/load-profile.js";

export interface DiffRequest {
  /** The values of `-base`; if there are none, the first of {@link sources} is the base. */
  readonly bases: readonly string[];
  /** Files and URLs; the first may be the profiled program. */
  readonly sources: readonly string[];
  readonly options: Options;
}

export interface MadeDiff {
  readonly made: MadeReport;
  /** A line for each row that breaks a rule; see {@link MAX_BREACHES}. */
  readonly broken: readonly string[];
  /** A line for each rule and filter that matches nothing, if that fails the gate. */
  readonly missing: readonly string[];
}

type Render = (
  report: DiffReport,
  style: DiffStyle,
  isExact: boolean,
) => string | Iterable<string | Uint8Array>;

const RENDERERS: Record<Options["format"], Render> = {
  text: renderDiff,
  markdown: renderDiffMarkdown,
  json: (report) => renderData("json", diffData(report)),
  csv: (report, _, isExact) => renderData("csv", diffData(report), isExact),
  tsv: (report, _, isExact) => renderData("tsv", diffData(report), isExact),
  github: renderDiffGithub,
};

/** Compares all nodes. The renderers decide which rows to show. */
const ALL_NODES: ReportSpec = { nodeCount: 0, isUntrimmed: true };

/** The number of rows in reports for people, without -nodecount. */
const DEFAULT_ROWS = 30;

/** The default of -min_samples, if the profiles count samples. */
const DEFAULT_MIN_SAMPLES = 20;

/**
 * Compares the profiles. Throws a {@link UserError} if one cannot be read: merging skips such
 * profiles, but a comparison would be wrong.
 */
export async function makeDiff(request: DiffRequest, warn: Warn): Promise<MadeDiff> {
  const { options } = request;
  const render = RENDERERS[options.format];
  for (const rule of options.fail_on) parseRule(rule);
  if (!(options.alpha > 0 && options.alpha < 1)) {
    throw usageError(`-alpha must be a probability such as 0.05, not ${options.alpha}`);
  }
  const { program, base, next } = splitSides(request);
  const sums: ProfileSums[] = [];
  let filters: readonly string[] = [];
  const selections: Selected[] = [];
  let { sample_index } = options;
  const maps = new SourceMapUse(options.source_maps);
  for (const source of [...base, ...next]) {
    const own = { ...options, base: "", diff_base: "", normalize: false, sample_index };
    const session = await Session.open(
      { sources: program === undefined ? [source] : [program, source], options: own },
      warn,
      maps,
    );
    const { input, warnings, unmatched } = await session.select(own, ALL_NODES).catch((error) => {
      if (sample_index === options.sample_index) throw error;
      throw new UserError(
        `${session.sources.files.at(-1)}: it has no sample type ${sample_index}, which the first ` +
          "profile reports; select a common one with -sample_index",
        { cause: error },
      );
    });
    selections.push({ side: sums.length < base.length ? "base" : "new", warnings, unmatched });
    sums.push(profileSums(input));
    filters = input.activeFilters;
    // All profiles must report the sample type that the first one reports by default.
    const { sampleTypes, strings } = input.view.profile;
    sample_index = strings.get(sampleTypes[input.value.index].type);
  }
  maps.report(warn);
  const compile = await loadRe2(options.fail_on.length > 0);
  const unmatchedFilters = selections[0].unmatched.filter((option) =>
    selections.every(({ unmatched }) => unmatched.includes(option)),
  );
  const sides = compareSides(
    sums.slice(0, base.length),
    sums.slice(base.length),
    options.normalize,
  );
  const isCounted = sides.counting === "samples";
  const minSamples =
    options.min_samples >= 0 ? options.min_samples : isCounted ? DEFAULT_MIN_SAMPLES : 0;
  const { alpha, sort, fail_on: failOn, allow_missing: allowsMissing } = options;
  const settings = { alpha, minSamples, sort, failOn, allowsMissing };
  const report = diff(sides, { ...settings, activeFilters: filters, unmatchedFilters }, compile);
  // If there are rules, the report itself names the filters that match nothing.
  const reported = report.rules.length > 0 ? unmatchedFilters : [];
  selectionWarnings(selections, reported).forEach(warn);
  report.warnings.forEach(warn);
  const style: DiffStyle = {
    unit: options.unit,
    rowLimit: !options.trim ? 0 : options.nodecount < 0 ? DEFAULT_ROWS : options.nodecount,
    leastShare: options.trim ? options.nodefraction : 0,
  };
  const made: MadeReport = { text: () => render(report, style, options.csv_exact) };
  const broken = brokenLines(report, style);
  const { missing } = report;
  if (render !== renderDiff) return { made, broken, missing };
  const draw: MadeReport["draw"] = async (terminal) =>
    (await import("../terminal/diff.js")).drawDiff(report, style, terminal);
  return { made: { ...made, draw }, broken, missing };
}

interface Selected extends Pick<SelectedInput, "warnings" | "unmatched"> {
  readonly side: "base" | "new";
}

/** Returns the warnings of all selections, with their side; leaves out the `reported` options. */
function selectionWarnings(
  selections: readonly Selected[],
  reported: readonly string[],
): readonly string[] {
  return selections.flatMap(({ side, warnings }) =>
    warnings
      .filter((line) => !reported.some((option) => line.startsWith(`${option} `)))
      .map((line) => `${side}: ${line}`),
  );
}

function splitSides({ bases, sources }: DiffRequest) {
  const { program, profiles } = splitProgram(sources);
  if (bases.length > 0) return { program, base: bases, next: profiles };
  if (profiles.length === 2)
    return { program, base: profiles.slice(0, 1), next: profiles.slice(1) };
  throw usageError(
    profiles.length < 2
      ? "diff needs two profiles; try: tsprof diff BASE NEW"
      : `diff cannot tell which of the ${profiles.length} profiles are the base; try: tsprof diff -base A -base B NEW1 NEW2`,
  );
}

/** The number of rows to list for each broken rule; further rows are only counted. */
const MAX_BREACHES = 10;

function brokenLines(report: DiffReport, style: DiffStyle): string[] {
  return [...new Set(report.rules)].flatMap((rule) => {
    const breaches = report.breaches.filter((breach) => breach.rule === rule);
    const lines = breaches
      .slice(0, MAX_BREACHES)
      .map((breach) => describeBreach(report, breach, style));
    const more = breaches.length - lines.length;
    return more > 0 ? [...lines, `${rule} is broken by ${more} more`] : lines;
  });
}
