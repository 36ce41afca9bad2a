import weblistScript from "client:weblist";
import { sortStacks } from "../../graph/stack-roots.js";
import { type CommandName, commandSpec } from "../../options/commands.js";
import { defaultOptions, type Options } from "../../options/table.js";
import { FIRST_FRAMES } from "../../page/protocol.js";
import { sanitizeFlame, sanitizeTexts, sanitizeTimeline } from "../../page/sanitize.js";
import { type ProfileSummary, summarize } from "../../page/summary.js";
import type { Profile } from "../../profile/profile.js";
import { encodeUtf8 } from "../../profile/utf8.js";
import { escapeControls } from "../../render/controls.js";
import { formatExactTime, formatLocalTime } from "../../render/local-time.js";
import { printablePieces, printableText } from "../../render/pieces.js";
import { sha256Base64 } from "../../render/sha256.js";
import { TEXT_REPORTS, type TextReport } from "../../render/text-reports.js";
import { renderWeblist } from "../../render/weblist-html.js";
import { WEBLIST_STYLE } from "../../render/weblist-style.js";
import { type DotReport, dot } from "../../report/dot.js";
import { type FlameReport, flame, invertedFlame, sandwich } from "../../report/flame.js";
import { InMemorySources } from "../../report/given-sources.js";
import { type ReportContext, requestedPattern, selectInput } from "../../report/request.js";
import { findNames } from "../../report/suggest.js";
import { type TagsReport, tags } from "../../report/tags.js";
import {
  type SelectedTotal,
  selectedTotal,
  type TimelineReport,
  type TimelineRequest,
  timeline,
} from "../../report/timeline.js";
import { type TopReport, top } from "../../report/top.js";
import { peek, type TreeReport } from "../../report/tree.js";
import { weblist } from "../../report/weblist.js";
import { parseSize } from "../../units/size.js";
import { identityInText } from "../../view/identity.js";
import { patternsFor, prepareWithEngines } from "../../view/load-engines.js";
import type { OwnPackages } from "../../view/packages.js";
import { combine, type NamedProfile, previewOf } from "./combine.js";
import {
  type Answer,
  type Combination,
  EngineError,
  type FilesPreview,
  type FlameRequest,
  type GivenFile,
  type ProfileInput,
  type Sandwich,
  type SandwichRequest,
  type TextPart,
  type TextRange,
} from "./engine.js";
import { explain } from "./errors.js";
import { fetchProfile, readAnyProfile } from "./gunzip.js";
import { PieceReader } from "./piece-reader.js";
import { pivotPattern } from "./pivot.js";

interface OpenProfile {
  readonly profile: Profile;
  readonly sources: Readonly<Record<string, string>>;
  readonly isPprofs: boolean;
  readonly ownPackages: OwnPackages;
}

/** Makes reports on the open profile in the calling thread. {@link explain} words its errors. */
export class Answerer {
  #opened: OpenProfile | undefined;
  /** The text report that was read last, if there is more of it. */
  #reading: { readonly key: string; readonly answer: Answer<PieceReader> } | undefined;

  async open(input: ProfileInput): Promise<ProfileSummary> {
    const read = await readInput(input.bytes, sizeLimit(input.options));
    return this.#openRead(read, input);
  }

  async preview(files: readonly GivenFile[], options: Options): Promise<FilesPreview> {
    const preview = previewOf(await this.#readAll(files, options), options);
    return sanitizeTexts(preview);
  }

  async openTogether({ how, files, options }: Combination): Promise<ProfileSummary> {
    const read = await this.#readAll(files, options);
    return this.#openRead(await combine(how, read, sizeLimit(options)), { options });
  }

  async #readAll(files: readonly GivenFile[], options: Options): Promise<NamedProfile[]> {
    const limit = sizeLimit(options);
    const read: NamedProfile[] = [];
    for (const { name, bytes } of files) {
      if (bytes === "open profile") {
        if (!this.#opened) throw new EngineError("no profile is open");
        read.push({ name, profile: this.#opened.profile });
        continue;
      }
      try {
        read.push({ name, profile: await readInput(bytes, limit) });
      } catch (error) {
        throw new EngineError(`${name}: ${explain(error)}`);
      }
    }
    return read;
  }

  async #openRead(
    read: Profile,
    {
      sources = {},
      options,
      isPrepared,
      isPprofs = false,
      ownPackages = [],
    }: Omit<ProfileInput, "bytes">,
  ): Promise<ProfileSummary> {
    const { profile, warnings } = isPrepared
      ? { profile: read, warnings: [] }
      : await prepareWithEngines(read, options);
    const summary = sanitizeTexts(
      summarize(profile, options, { warnings, formatTime: formatLocalTime }),
    );
    this.#reading = undefined;
    this.#opened = { profile, sources, isPprofs, ownPackages: new Map(ownPackages) };
    // Sorting once speeds up every flame graph of this profile.
    sortStacks(profile);
    return summary;
  }

  /** Returns tasks that warm up the JIT and the caches: the first filtered graph would be slow. */
  warmUps(): (() => Promise<void>)[] {
    const options = defaultOptions();
    // These patterns match few names, so most frames stay: like the filters that users set.
    const changes: Partial<Options>[] = [
      { hide: "qz" },
      { granularity: "lines" },
      { hide: "q[zx]" },
      { focus: "e" },
      { hide: "zq" },
      { granularity: "files" },
      { hide: "x[zq]" },
      { ignore: "z" },
      { noinlines: true },
    ];
    return changes.map((change) => async () => {
      await this.flame({ ...options, ...change }, { limit: FIRST_FRAMES });
    });
  }

  async flame(options: Options, request: FlameRequest): Promise<Answer<FlameReport>> {
    const { isInverted, ...limits } = request;
    const make = isInverted ? invertedFlame : flame;
    return this.#answer("flame", options, ({ input }) => sanitizeFlame(make(input, limits)));
  }

  async sandwich(
    options: Options,
    { name, ...limits }: SandwichRequest,
  ): Promise<Answer<Sandwich>> {
    const text = pivotPattern(name);
    return this.#answer(
      "flame",
      options,
      ({ input, pattern }) => {
        const isPivot = (other: string) =>
          text === undefined
            ? other === name || escapeControls(other) === name
            : pattern.test(encodeUtf8(other));
        const label = text === undefined ? undefined : name;
        const { callers, callees } = sandwich(input, isPivot, limits, label);
        return { callers: sanitizeFlame(callers), callees: sanitizeFlame(callees) };
      },
      text,
    );
  }

  async timeline(options: Options, request: TimelineRequest): Promise<Answer<TimelineReport>> {
    const whole = { ...options, from: "", to: "" };
    return this.#answer("flame", whole, ({ input }) => sanitizeTimeline(timeline(input, request)));
  }

  async selectedTotal(options: Options): Promise<Answer<SelectedTotal>> {
    return this.#answer("top", options, ({ input }) => selectedTotal(input));
  }

  async top(options: Options): Promise<Answer<TopReport>> {
    return this.#answer("top", options, ({ input }) => sanitizeTexts(top(input)));
  }

  async peek(options: Options, text: string): Promise<Answer<TreeReport>> {
    return this.#answer(
      "peek",
      options,
      ({ input, pattern, patternText }) => sanitizeTexts(peek(input, pattern, patternText)),
      text,
    );
  }

  async tags(options: Options): Promise<Answer<TagsReport>> {
    return this.#answer("tags", options, ({ input }) => sanitizeTexts(tags(input)));
  }

  async dot(options: Options): Promise<Answer<DotReport>> {
    return this.#answer("dot", options, ({ input }) => sanitizeTexts(dot(input)));
  }

  async weblist(options: Options, text: string): Promise<Answer<string>> {
    return this.#answer(
      "weblist",
      options,
      async ({ input, pattern, patternText, sources }) => {
        const noCode = { open: () => undefined };
        const report = await weblist(input, pattern, patternText, noCode, sources());
        const hash = (part: string) => sha256Base64(encodeUtf8(part));
        return printableText(
          renderWeblist(report, {
            formatTime: formatLocalTime,
            script: weblistScript,
            scriptHash: hash(weblistScript),
            style: WEBLIST_STYLE,
            styleHash: hash(WEBLIST_STYLE),
          }),
        );
      },
      text,
    );
  }

  async text(
    name: CommandName,
    options: Options,
    text: string,
    { from, length }: TextRange,
  ): Promise<Answer<TextPart>> {
    const key = JSON.stringify([name, options, text]);
    let reading = this.#reading;
    if (reading?.key !== key || reading.answer.report.position !== from) {
      reading = { key, answer: await this.#startText(name, options, text) };
      reading.answer.report.skipTo(from);
    }
    const { report, warnings } = reading.answer;
    const part = report.read(length);
    this.#reading = part.isLast ? undefined : reading;
    return { report: part, warnings };
  }

  async #startText(
    name: CommandName,
    options: Options,
    text: string,
  ): Promise<Answer<PieceReader>> {
    const { report } = commandSpec(name);
    if (!isTextReport(report)) {
      throw new EngineError(`this page cannot make the report ${name}; run: tsprof ${name}`);
    }
    // TEXT_REPORTS pairs each `make` with the `render` of its own report type.
    const { make, render } = TEXT_REPORTS[report] as TextReport<unknown>;
    const style = { formatTime: formatLocalTime, formatExactTime, compact: options.compact_labels };
    const identity = identityInText(options.identity, this.#opened?.isPprofs ?? false);
    return this.#answer(
      name,
      { ...options, identity },
      (context) => new PieceReader(printablePieces(render(make(context), style))),
      text,
    );
  }

  async suggest(options: Options, part: string, limit: number): Promise<readonly string[]> {
    const { report } = await this.#answer("flame", options, ({ input }) =>
      findNames(input, part, limit).map(escapeControls),
    );
    return report;
  }

  async #answer<T>(
    command: CommandName,
    options: Options,
    make: (context: ReportContext) => T | Promise<T>,
    text = "",
  ): Promise<Answer<T>> {
    if (!this.#opened) throw new EngineError("no profile is open");
    const { profile, sources, ownPackages } = this.#opened;
    const compile = await patternsFor(options, profile, text);
    const spec = commandSpec(command);
    const { input, warnings } = selectInput(profile, options, spec, compile, ownPackages);
    const report = await make({
      input,
      pattern: requestedPattern(text, compile),
      patternText: text,
      sources: () => new InMemorySources(sources, options, "in this page"),
    });
    return { report, warnings: sanitizeTexts(warnings) };
  }
}

/** Returns the limit of `-max_size` in bytes. */
function sizeLimit({ max_size }: Options): number {
  const limit = parseSize(max_size);
  if (limit === undefined) throw new EngineError("-max_size must be a size such as 512mb or 4gb");
  return limit;
}

function readInput(bytes: ProfileInput["bytes"], limit: number): Promise<Profile> {
  return "url" in bytes ? fetchProfile(bytes.url, limit) : readAnyProfile(bytes, limit);
}

function isTextReport(name: string): name is keyof typeof TEXT_REPORTS {
  return Object.hasOwn(TEXT_REPORTS, name);
}
