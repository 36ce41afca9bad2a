import type { ReportName } from "../../options/commands.js";
import { gzip } from "../../platform/files/gzip.js";
import type { Profile } from "../../profile/profile.js";
import { encodePieces } from "../../profile/wire/encode.js";
import { renderDot } from "../../render/dot.js";
import { TEXT_REPORTS, type TextReport } from "../../render/text-reports.js";
import { sumCategories } from "../../report/categories.js";
import { dot } from "../../report/dot.js";
import { proto } from "../../report/proto.js";
import { topproto } from "../../report/topproto.js";
import type { TreeReport } from "../../report/tree.js";
import type { NodeStyle } from "../../terminal/node-style.js";
import type { Terminal } from "../../terminal/terminal.js";
import type { MadeReport, ReportContext } from "./made-report.js";
import type { PictureCommand } from "./pictures.js";

/** Makes a report. Throws a {@link UserError} if there is nothing to report on. */
type MakeReport = (context: ReportContext) => MadeReport | Promise<MadeReport>;

/** The makers of all reports. The code that draws on terminals is loaded when it is needed. */
export const REPORTS: Record<ReportName, MakeReport> = {
  top: (context) =>
    madeText(TEXT_REPORTS.top, context, async (report, terminal) => {
      const { drawTop } = await import("../../terminal/top.js");
      const { view, value } = context.input;
      return drawTop(report, nodeStyle(context), terminal, sumCategories(view, value));
    }),
  tree: (context) => madeText(TEXT_REPORTS.tree, context, treeDrawer(context)),
  callgrind: (context) => madeText(TEXT_REPORTS.callgrind, context),
  dot: (context) => madeText(TEXT_REPORTS.dot, context),
  svg: (context) => madePicture("svg", context),
  png: (context) => madePicture("png", context),
  pdf: (context) => madePicture("pdf", context),
  ps: (context) => madePicture("ps", context),
  gif: (context) => madePicture("gif", context),
  peek: (context) => madeText(TEXT_REPORTS.peek, context, treeDrawer(context)),
  proto: ({ input }) => madeProfile(proto(input)),
  convert: async (context) => (await import("./convert.js")).makeConverted(context),
  topproto: ({ input }) => madeProfile(topproto(input)),
  raw: (context) => ({ ...madeText(TEXT_REPORTS.raw, context), isForPeople: true }),
  list: (context) =>
    madeText(TEXT_REPORTS.list, context, async (report, terminal) =>
      (await import("../../terminal/list.js")).drawList(report, terminal),
    ),
  disasm: async (context) => (await import("./machine-code.js")).makeDisasm(context),
  weblist: async (context) => (await import("./machine-code.js")).makeWeblist(context),
  traces: (context) =>
    madeText(TEXT_REPORTS.traces, context, async (report, terminal) =>
      (await import("../../terminal/traces.js")).drawTraces(report, context.formatTime, terminal),
    ),
  folded: (context) => madeText(TEXT_REPORTS.folded, context),
  tags: (context) =>
    madeText(TEXT_REPORTS.tags, context, async (report, terminal) =>
      (await import("../../terminal/tags.js")).drawTags(report, terminal),
    ),
  comments: (context) => ({ ...madeText(TEXT_REPORTS.comments, context), isForPeople: true }),
  html: async (context) => (await import("./html.js")).makeHtml(context),
  flame: ({ input, formatTime, compact }) => ({
    text: async function* () {
      const { drawFlame } = await import("./flame.js");
      yield* drawFlame(input, formatTime, compact);
    },
  }),
};

type Draw<Report> = (report: Report, terminal: Terminal) => Promise<string | Iterable<string>>;

/** Makes a text report; `draw` draws it for a terminal, if that differs from the text. */
function madeText<Report>(
  { make, render }: TextReport<Report>,
  context: ReportContext,
  draw?: Draw<Report>,
): MadeReport {
  const report = make(context);
  const made: MadeReport = { text: () => render(report, context) };
  if (!draw) return made;
  return { ...made, isForPeople: true, draw: (terminal) => draw(report, terminal) };
}

function treeDrawer(context: ReportContext): Draw<TreeReport> {
  return async (report, terminal) =>
    (await import("../../terminal/tree.js")).drawTree(report, nodeStyle(context), terminal);
}

function nodeStyle({ formatTime, compact, options: { granularity } }: ReportContext): NodeStyle {
  return { formatTime, compact, granularity };
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
