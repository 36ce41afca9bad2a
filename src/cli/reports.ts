import type { CommandName } from "../options/commands.js";
import { renderComments } from "../render/comments.js";
import type { FormatTime } from "../render/legend.js";
import { renderRaw } from "../render/raw.js";
import { renderTags } from "../render/tags.js";
import { renderTop } from "../render/top.js";
import { renderTraces } from "../render/traces.js";
import { comments } from "../report/comments.js";
import type { ReportInput } from "../report/input.js";
import { raw } from "../report/raw.js";
import { tags } from "../report/tags.js";
import { top } from "../report/top.js";
import { traces } from "../report/traces.js";
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
  draw?(terminal: Terminal): Promise<string | Iterable<string>>;
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
  raw: ({ input, formatExactTime }) => {
    const report = raw(input);
    return { text: () => renderRaw(report, formatExactTime) };
  },
  traces: ({ input, formatTime }) => {
    const report = traces(input);
    return {
      text: () => renderTraces(report, formatTime),
      draw: async (terminal) =>
        (await import("./terminal/traces.js")).drawTraces(report, formatTime, terminal),
    };
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
};
