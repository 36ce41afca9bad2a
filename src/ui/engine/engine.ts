import type { CommandName } from "../../options/commands.js";
import type { Options } from "../../options/table.js";
import type { ProfileSummary } from "../../page/summary.js";
import type { DotReport } from "../../report/dot.js";
import type { FlameReport } from "../../report/flame.js";
import type { MarkedBy } from "../../report/frame-marks.js";
import type { TagsReport } from "../../report/tags.js";
import type { SelectedTotal, TimelineReport, TimelineRequest } from "../../report/timeline.js";
import type { TopReport } from "../../report/top.js";
import type { TreeReport } from "../../report/tree.js";

/**
 * Reads a profile and makes reports on it, outside the page's thread. Failures reject with an
 * {@link EngineError}; requests aborted before their turn reject as `fetch` does. Names in answers
 * contain no control characters and no marks that change the direction of text.
 */
export interface Engine {
  /** Opens a profile instead of the open one, which stays open if this fails. */
  open(file: ProfileInput): Promise<ProfileSummary>;
  /** Reads files to describe them. The open profile stays open. */
  preview(files: readonly GivenFile[], options: Options): Promise<FilesPreview>;
  /** Opens several files as one profile instead of the open one, which stays open if this fails. */
  openTogether(combination: Combination): Promise<ProfileSummary>;
  flame(
    options: Options,
    request: FlameRequest,
    signal?: AbortSignal,
  ): Promise<Answer<FlameReport>>;
  /** Returns the callers and the callees of a function, merged over all stacks. */
  sandwich(
    options: Options,
    request: SandwichRequest,
    signal?: AbortSignal,
  ): Promise<Answer<Sandwich>>;
  /** Returns the timeline of the whole recording: the options `from` and `to` do not apply. */
  timeline(
    options: Options,
    request: TimelineRequest,
    signal?: AbortSignal,
  ): Promise<Answer<TimelineReport>>;
  /** Returns the sum of the values that the options select, and the total. */
  selectedTotal(options: Options, signal?: AbortSignal): Promise<Answer<SelectedTotal>>;
  top(options: Options, signal?: AbortSignal): Promise<Answer<TopReport>>;
  peek(options: Options, pattern: string, signal?: AbortSignal): Promise<Answer<TreeReport>>;
  tags(options: Options, signal?: AbortSignal): Promise<Answer<TagsReport>>;
  /** Returns the call graph, which the page lays out. */
  dot(options: Options, signal?: AbortSignal): Promise<Answer<DotReport>>;
  /** Returns a self-contained HTML page of source code, from {@link ProfileInput.sources}. */
  weblist(options: Options, pattern: string, signal?: AbortSignal): Promise<Answer<string>>;
  /** Makes a part of a text report that needs only the profile, as pprof prints it. */
  text(
    report: CommandName,
    options: Options,
    pattern: string,
    range: TextRange,
    signal?: AbortSignal,
  ): Promise<Answer<TextPart>>;
  /** Returns names of functions and files that contain `part`, highest cost first. */
  suggest(options: Options, part: string, limit: number): Promise<readonly string[]>;
}

/** An error with a one-line message for the user. */
export class EngineError extends Error {}

export interface ProfileInput {
  /** A file in any format that tsprof reads, or its URL. The engine does not change the bytes. */
  readonly bytes: Uint8Array | { readonly url: string };
  /** Texts of source files, by their names in the profile. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Options that apply while reading: frames to drop, demangling, the size limit. */
  readonly options: Options;
  /** Whether a server has already dropped frames and demangled names. */
  readonly isPrepared?: boolean;
  /** Whether text reports are the same as pprof's, because pprof reads the format itself. */
  readonly isPprofs?: boolean;
  /** The packages of the user's own scripts, by folder. */
  readonly ownPackages?: readonly (readonly [folder: string, name: string])[];
}

/** A file for {@link Engine.preview} and {@link Engine.openTogether}. */
export interface GivenFile {
  /** The name for messages. */
  readonly name: string;
  readonly bytes: ProfileInput["bytes"] | "open profile";
}

export interface Combination {
  /** `compare` subtracts the first file from the second. */
  readonly how: "merge" | "compare";
  readonly files: readonly GivenFile[];
  /** Options that apply while reading. */
  readonly options: Options;
}

/** Files before the user decides what to do with them. */
export interface FilesPreview {
  /** By file: the total of its default sample type, such as `cpu 5.57s`. */
  readonly totals: readonly string[];
  /** Why the files can be neither merged nor compared, in one line. */
  readonly problem: string | undefined;
  /** The change from the first of two files to the second, such as `cpu 5.57s → 0.61s, −89%`. */
  readonly change: string | undefined;
}

export interface Answer<Report> {
  readonly report: Report;
  /** Warnings for the user, one line each, such as a filter that matched nothing. */
  readonly warnings: readonly string[];
}

/** The part of a text to make. Texts may be longer than the maximum length of a string. */
export interface TextRange {
  /** The characters before the part: 0, or the end of an earlier part. */
  readonly from: number;
  /** The minimum length of the part in characters. It ends at the end of a line. */
  readonly length: number;
}

export interface TextPart {
  readonly text: string;
  /** Whether the report ends with this part. */
  readonly isLast: boolean;
}

export interface FlameRequest {
  /** The approximate number of frames to return: those with the highest cost. */
  readonly limit: number;
  /** Marks the frames of the report with their binaries, or with the values of a label. */
  readonly markedBy?: MarkedBy | undefined;
  /** Whether stacks are merged from their leaves, so that the children of a frame are its callers. */
  readonly isInverted?: boolean;
}

export interface SandwichRequest extends Omit<FlameRequest, "isInverted"> {
  /** The function's name as reports print it, or `/REGEX/` for all functions that match, as one. */
  readonly name: string;
}

/** Two trees whose only frame at depth 1 is the function. */
export interface Sandwich {
  /** The tree from the function to its callers: the children of a frame are its callers. */
  readonly callers: FlameReport;
  readonly callees: FlameReport;
}
