import { gzip } from "../node/gzip.js";
import type { CommandName } from "../options/commands.js";
import { encodeProfile } from "../profile/wire/encode.js";
import { renderCallgrind } from "../render/callgrind.js";
import type { FormatTime } from "../render/legend.js";
import { renderRaw } from "../render/raw.js";
import { renderTop } from "../render/top.js";
import { renderTree } from "../render/tree.js";
import { callgrind } from "../report/callgrind.js";
import type { ReportInput } from "../report/input.js";
import { proto } from "../report/proto.js";
import { raw } from "../report/raw.js";
import { top } from "../report/top.js";
import { topproto } from "../report/topproto.js";
import { peek, type TreeReport, tree } from "../report/tree.js";
import type { Pattern } from "../view/matcher.js";
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
  /** As pprof prints it, byte for byte, in pieces where it may be long; or the bytes of a file. */
  text(): string | Iterable<string> | Uint8Array;
  /** As it is drawn on a terminal, where that is not the same text. */
  draw?(terminal: Terminal): Promise<string>;
}

/** Makes a report; throws an Error of one line where there is nothing to report on. */
type MakeReport = (context: ReportContext) => MadeReport;

/** How each report is made and shown. What draws on terminals is loaded when it is needed. */
export const REPORTS: Partial<Record<CommandName, MakeReport>> = {
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
  peek: (context) => madeTree(peek(context.input, context.pattern, context.patternText), context),
  proto: ({ input }) => {
    const profile = proto(input);
    return { text: () => gzip(encodeProfile(profile)) };
  },
  topproto: ({ input }) => {
    const profile = topproto(input);
    return { text: () => gzip(encodeProfile(profile)) };
  },
  raw: ({ input, formatExactTime }) => {
    const report = raw(input);
    return { text: () => renderRaw(report, formatExactTime) };
  },
};

function madeTree(report: TreeReport, { formatTime, compact }: ReportContext): MadeReport {
  return { text: () => renderTree(report, formatTime, compact) };
}
