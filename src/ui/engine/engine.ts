import type { CommandName } from "../../options/commands.js";
import type { Options } from "../../options/table.js";
import type { ProfileSummary } from "../../page/summary.js";
import type { DotReport } from "../../report/dot.js";
import type { FlameReport } from "../../report/flame.js";
import type { TagsReport } from "../../report/tags.js";
import type { TopReport } from "../../report/top.js";
import type { TreeReport } from "../../report/tree.js";

/**
 * Reads a profile and makes the reports on it, beside the page: nothing here blocks it.
 * Whatever fails rejects with an {@link EngineError}. A request whose signal is aborted
 * before its turn is not worked on, and rejects as fetch does. Names in what is answered are
 * free of control characters and of marks that change the direction of text.
 */
export interface Engine {
  /** Takes the place of what was open before; if it fails, that stays open. */
  open(file: ProfileInput): Promise<ProfileSummary>;
  flame(options: Options, wish: FlameRequest, signal?: AbortSignal): Promise<Answer<FlameReport>>;
  /** What calls a place, and what it calls, merged over all contexts. */
  sandwich(
    options: Options,
    wish: SandwichRequest,
    signal?: AbortSignal,
  ): Promise<Answer<Sandwich>>;
  top(options: Options, signal?: AbortSignal): Promise<Answer<TopReport>>;
  peek(options: Options, pattern: string, signal?: AbortSignal): Promise<Answer<TreeReport>>;
  tags(options: Options, signal?: AbortSignal): Promise<Answer<TagsReport>>;
  /** The call graph, to be laid out in the page. */
  dot(options: Options, signal?: AbortSignal): Promise<Answer<DotReport>>;
  /** A page of source (HTML that stands alone), from the sources that were opened with the profile. */
  weblist(options: Options, pattern: string, signal?: AbortSignal): Promise<Answer<string>>;
  /** Any report that needs nothing but the profile, as pprof prints it. */
  text(
    report: CommandName,
    options: Options,
    pattern: string,
    signal?: AbortSignal,
  ): Promise<Answer<string>>;
  /** Names of functions and files that contain `part`, the heaviest first. */
  suggest(options: Options, part: string, limit: number): Promise<readonly string[]>;
}

/** What went wrong, in one line for the user. */
export class EngineError extends Error {}

export interface ProfileInput {
  /**
   * As it is in the file: any format that tsprof reads, compressed or not. They stay the
   * caller's. What is at an address is read as it comes.
   */
  readonly bytes: Uint8Array | { readonly url: string };
  /** Texts of source files, by the names that the profile has for them. */
  readonly sources?: Readonly<Record<string, string>>;
  /** What of the options matters for reading: the frames to drop, demangling. */
  readonly options: Options;
  /** Frames were dropped and names demangled already, as a server does it. */
  readonly isPrepared?: boolean;
}

export interface Answer<Report> {
  readonly report: Report;
  /** What the user should know, a line each: filters that matched nothing. */
  readonly warnings: readonly string[];
}

export interface FlameRequest {
  /** About how many frames are wanted, the heaviest ones. */
  readonly limit: number;
}

export interface SandwichRequest extends FlameRequest {
  /** The name of the place, as reports print it; or `/REGEX/` for all that match, as one. */
  readonly name: string;
}

/** Both trees have the place as their only frame of depth 1. */
export interface Sandwich {
  /** From the place to what calls it: the callees of a frame are its callers. */
  readonly callers: FlameReport;
  readonly callees: FlameReport;
}
