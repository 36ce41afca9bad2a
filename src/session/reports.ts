import { gzip } from "../node/gzip.js";
import type { ReportName } from "../options/commands.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";
import { renderCallgrind } from "../render/callgrind.js";
import { renderComments } from "../render/comments.js";
import { renderDot } from "../render/dot.js";
import { renderFolded } from "../render/folded.js";
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
import { list } from "../report/list.js";
import { proto } from "../report/proto.js";
import { raw } from "../report/raw.js";
import { tags } from "../report/tags.js";
import { top } from "../report/top.js";
import { topproto } from "../report/topproto.js";
import { traces } from "../report/traces.js";
import { peek, type TreeReport, tree } from "../report/tree.js";
import { withoutControls } from "../terminal/controls.js";
import type { MadeReport, ReportContext } from "./made-report.js";
import type { PictureCommand } from "./pictures.js";
import { sourceFiles } from "./source-code.js";

/** Makes a report; throws an Error of one line where there is nothing to report on. */
type MakeReport = (context: ReportContext) => MadeReport | Promise<MadeReport>;

/** How each report is made and shown. What draws on terminals is loaded when it is needed. */
export const REPORTS: Record<ReportName, MakeReport> = {
  top: ({ input, formatTime, compact }) => {
    const report = top(input);
    return {
      text: () => renderTop(report, formatTime, compact),
      draw: async (terminal) =>
        (await import("../terminal/top.js")).drawTop(report, formatTime, compact, terminal),
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
  svg: (context) => madePicture("svg", context),
  png: (context) => madePicture("png", context),
  pdf: (context) => madePicture("pdf", context),
  ps: (context) => madePicture("ps", context),
  gif: (context) => madePicture("gif", context),
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
      draw: async (terminal) => (await import("../terminal/list.js")).drawList(report, terminal),
    };
  },
  disasm: async (context) => (await import("./machine-code.js")).makeDisasm(context),
  weblist: async (context) => (await import("./machine-code.js")).makeWeblist(context),
  traces: ({ input, formatTime }) => {
    const report = traces(input);
    return {
      text: () => renderTraces(report, formatTime),
      draw: async (terminal) =>
        (await import("../terminal/traces.js")).drawTraces(report, formatTime, terminal),
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
      draw: async (terminal) => (await import("../terminal/tags.js")).drawTags(report, terminal),
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
      (await import("../terminal/tree.js")).drawTree(report, formatTime, compact, terminal),
  };
}

function madePicture(format: PictureCommand, context: ReportContext): MadeReport {
  const { input, formatTime } = context;
  const report = dot(input);
  return {
    async *text() {
      const text = [...renderDot(report, formatTime, { likePprof: false })].join("");
      yield await (await import("./pictures.js")).drawPicture(format, text, context);
    },
  };
}

function madeProfile(profile: Profile): MadeReport {
  return { text: () => gzip(encodePieces(profile)) };
}
