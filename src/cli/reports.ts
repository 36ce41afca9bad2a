import { gzip } from "../node/gzip.js";
import { SourceFiles } from "../node/source-files.js";
import type { ReportName } from "../options/commands.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";
import { renderCallgrind } from "../render/callgrind.js";
import { renderComments } from "../render/comments.js";
import { renderDot } from "../render/dot.js";
import { renderFolded } from "../render/folded.js";
import type { FormatTime } from "../render/legend.js";
import { renderList } from "../render/list.js";
import { renderRaw } from "../render/raw.js";
import { renderTags } from "../render/tags.js";
import { renderTop } from "../render/top.js";
import { renderTraces } from "../render/traces.js";
import { renderTree } from "../render/tree.js";
import { callgrind } from "../report/callgrind.js";
import { comments } from "../report/comments.js";
import { dot } from "../report/dot.js";
import { folded } from "../report/folded.js";
import type { ReportInput } from "../report/input.js";
import { list } from "../report/list.js";
import { proto } from "../report/proto.js";
import { raw } from "../report/raw.js";
import { tags } from "../report/tags.js";
import { top } from "../report/top.js";
import { topproto } from "../report/topproto.js";
import { traces } from "../report/traces.js";
import { peek, type TreeReport, tree } from "../report/tree.js";
import type { Pattern } from "../view/matcher.js";
import { trimSourcePath } from "../view/paths.js";
import { withoutControls } from "./controls.js";
import type { Terminal } from "./terminal/terminal.js";

/** What a report is made with. */
export interface ReportContext {
  readonly input: ReportInput;
  /** The pattern of a command that takes one; one that matches everything for others. */
  readonly pattern: Pattern;
  readonly patternText: string;
  readonly formatTime: FormatTime;
  /** To the nanosecond, with the offset of the zone. */
  readonly formatExactTime: FormatTime;
  /** Whether the lines about the profile are left out. */
  readonly compact: boolean;
}

/** A report that was made, in the forms it can be shown in. */
export interface MadeReport {
  /**
   * As pprof prints it, byte for byte, in pieces where it may be long; or the bytes of a
   * file. Control characters are taken out of strings later, but not out of bytes.
   */
  text(): string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
  /** As it is drawn on a terminal, where that is not the same text. */
  draw?(terminal: Terminal): Promise<string | Iterable<string>>;
}

/** Makes a report; throws an Error of one line where there is nothing to report on. */
type MakeReport = (context: ReportContext) => MadeReport;

/** How each report is made and shown. What draws on terminals is loaded when it is needed. */
export const REPORTS: Record<ReportName, MakeReport> = {
  top: ({ input, formatTime, compact }) => {
    const report = top(input);
    return {
      text: () => renderTop(report, formatTime, compact),
      draw: async (terminal) =>
        (await import("./terminal/top.js")).drawTop(report, formatTime, compact, terminal),
    };
  },
  tree: (context) => madeTree(tree(context.input), context),
  callgrind: ({ input }) => {
    const report = callgrind(input);
    return { text: () => renderCallgrind(report) };
  },
  dot: ({ input, formatTime }) => {
    const report = dot(input);
    return { text: () => renderDot(report, formatTime, { likePprof: true }) };
  },
  peek: (context) => madeTree(peek(context.input, context.pattern, context.patternText), context),
  proto: ({ input }) => madeProfile(proto(input)),
  topproto: ({ input }) => madeProfile(topproto(input)),
  raw: ({ input, formatExactTime }) => {
    const report = raw(input);
    return { text: () => renderRaw(report, formatExactTime) };
  },
  list: ({ input, pattern, patternText }) => {
    const report = list(input, pattern, patternText, sourceFiles(input));
    return {
      text: () => renderList(report),
      draw: async (terminal) => (await import("./terminal/list.js")).drawList(report, terminal),
    };
  },
  traces: ({ input, formatTime }) => {
    const report = traces(input);
    return {
      text: () => renderTraces(report, formatTime),
      draw: async (terminal) =>
        (await import("./terminal/traces.js")).drawTraces(report, formatTime, terminal),
    };
  },
  folded: ({ input }) => {
    const report = folded(input, withoutControls);
    return { text: () => renderFolded(report) };
  },
  tags: ({ input }) => {
    const report = tags(input);
    return {
      text: () => renderTags(report),
      draw: async (terminal) => (await import("./terminal/tags.js")).drawTags(report, terminal),
    };
  },
  comments: ({ input }) => {
    const report = comments(input);
    return { text: () => renderComments(report) };
  },
  flame: ({ input, formatTime, compact }) => ({
    text: async function* () {
      const { drawFlame } = await import("./flame.js");
      yield* drawFlame(input, formatTime, compact);
    },
  }),
};

function madeTree(report: TreeReport, { formatTime, compact }: ReportContext): MadeReport {
  return {
    text: () => renderTree(report, formatTime, compact),
    draw: async (terminal) =>
      (await import("./terminal/tree.js")).drawTree(report, formatTime, compact, terminal),
  };
}

function madeProfile(profile: Profile): MadeReport {
  return { text: () => gzip(encodePieces(profile)) };
}

function sourceFiles({ nodes: { sourcePath, trimPath } }: ReportInput): SourceFiles {
  return new SourceFiles({
    searchPath: sourcePath,
    trim: (name, searchPath) => trimSourcePath(name, trimPath, searchPath),
    elsewhere: sourcePath === "" && trimPath === "",
    env: process.env,
  });
}
