import { callgrind } from "../report/callgrind.js";
import { comments } from "../report/comments.js";
import { dot } from "../report/dot.js";
import { folded } from "../report/folded.js";
import { list } from "../report/list.js";
import { raw } from "../report/raw.js";
import type { ReportContext } from "../report/request.js";
import { tags } from "../report/tags.js";
import { top } from "../report/top.js";
import { traces } from "../report/traces.js";
import { peek, type TreeReport, tree } from "../report/tree.js";
import { renderCallgrind } from "./callgrind.js";
import { renderComments } from "./comments.js";
import { withoutControls } from "./controls.js";
import { renderDot } from "./dot.js";
import { renderFolded } from "./folded.js";
import type { FormatTime } from "./legend.js";
import { renderList } from "./list.js";
import { renderRaw } from "./raw.js";
import { renderTags } from "./tags.js";
import { renderTop } from "./top.js";
import { renderTraces } from "./traces.js";
import { renderTree } from "./tree.js";

/** How reports are put in words. */
export interface TextStyle {
  readonly formatTime: FormatTime;
  /** To the nanosecond, with the offset of the zone. */
  readonly formatExactTime: FormatTime;
  /** Whether the lines about the profile are left out. */
  readonly compact: boolean;
}

/** A report that is text, made from a profile and nothing else but sources. */
export interface TextReport<Report> {
  /** Throws an Error of one line where there is nothing to report on. */
  make(context: ReportContext): Report;
  /**
   * As pprof prints it, byte for byte, in pieces where it may be long. Control characters
   * are still in strings, but not in bytes.
   */
  render(report: Report, style: TextStyle): string | Iterable<string | Uint8Array>;
}

const treeText = (report: TreeReport, { formatTime, compact }: TextStyle) =>
  renderTree(report, formatTime, compact);

/** The reports that are text, by the names of their commands. */
export const TEXT_REPORTS = {
  top: textReport({
    make: ({ input }) => top(input),
    render: (report, { formatTime, compact }) => renderTop(report, formatTime, compact),
  }),
  tree: textReport({ make: ({ input }) => tree(input), render: treeText }),
  peek: textReport({
    make: ({ input, pattern, patternText }) => peek(input, pattern, patternText),
    render: treeText,
  }),
  list: textReport({
    make: ({ input, pattern, patternText, sources }) =>
      list(input, pattern, patternText, sources()),
    render: renderList,
  }),
  traces: textReport({
    make: ({ input }) => traces(input),
    render: (report, { formatTime }) => renderTraces(report, formatTime),
  }),
  folded: textReport({
    make: ({ input }) => folded(input, withoutControls),
    render: renderFolded,
  }),
  tags: textReport({ make: ({ input }) => tags(input), render: renderTags }),
  comments: textReport({ make: ({ input }) => comments(input), render: renderComments }),
  raw: textReport({
    make: ({ input }) => raw(input),
    render: (report, { formatExactTime }) => renderRaw(report, formatExactTime),
  }),
  dot: textReport({
    make: ({ input }) => dot(input),
    render: (report, { formatTime }) => renderDot(report, formatTime, { likePprof: true }),
  }),
  callgrind: textReport({
    make: ({ input }) => callgrind(input),
    render: (report) => renderCallgrind(report, 0),
  }),
};

/** Ties what is made to what is rendered. */
function textReport<Report>(report: TextReport<Report>): TextReport<Report> {
  return report;
}
