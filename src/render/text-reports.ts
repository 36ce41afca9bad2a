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
import { escapeControls } from "./controls.js";
import { renderDot } from "./dot.js";
import { renderFolded } from "./folded.js";
import type { FormatTime } from "./legend.js";
import { renderList } from "./list.js";
import { renderRaw } from "./raw.js";
import { renderTags } from "./tags.js";
import { renderTop } from "./top.js";
import { renderTraces } from "./traces.js";
import { renderTree } from "./tree.js";

export interface TextStyle {
  readonly formatTime: FormatTime;
  /** Exact to the nanosecond, with the offset of the zone. */
  readonly formatExactTime: FormatTime;
  /** Whether to leave out the lines about the profile. */
  readonly compact: boolean;
}

/** A text report that needs only a profile and source files. */
export interface TextReport<Report> {
  /** Makes the report. Throws an Error with a one-line message if there is nothing to report. */
  make(context: ReportContext): Report;
  /** Prints byte for byte as pprof does. Strings may contain control characters, bytes do not. */
  render(report: Report, style: TextStyle): string | Iterable<string | Uint8Array>;
}

const treeText = (report: TreeReport, { formatTime, compact }: TextStyle) =>
  renderTree(report, formatTime, compact);

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
    make: ({ input }) => folded(input, escapeControls),
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
    render: (report) => renderCallgrind(report, true),
  }),
};

/** Makes TypeScript check that `render` accepts the result of `make`. */
function textReport<Report>(report: TextReport<Report>): TextReport<Report> {
  return report;
}
