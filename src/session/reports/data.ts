import { usageError } from "../../errors/user-error.js";
import type { ReportCommand, ReportName } from "../../options/commands.js";
import { type DataFormat, renderData } from "../../render/data/index.js";
import { listData } from "../../render/data/list.js";
import type { DataReport } from "../../render/data/model.js";
import { tagsData } from "../../render/data/tags.js";
import { topData } from "../../render/data/top.js";
import { tracesData } from "../../render/data/traces.js";
import { treeData } from "../../render/data/tree.js";
import { legendLines, profileLines } from "../../render/legend.js";
import { TEXT_REPORTS } from "../../render/text-reports.js";
import type { ReportHeader } from "../../report/header.js";
import { formatValue } from "../../report/value-format.js";
import type { MadeReport, ReportContext } from "./made-report.js";

/** The reports that have data formats, with the functions that make the data. */
const DATA_REPORTS = {
  top: (context) => {
    const report = TEXT_REPORTS.top.make(context);
    return topData(report, headerLines(report, context));
  },
  tree: (context) => {
    const report = TEXT_REPORTS.tree.make(context);
    return treeData("tree", report, headerLines(report, context));
  },
  peek: (context) => {
    const report = TEXT_REPORTS.peek.make(context);
    return treeData("peek", report, headerLines(report, context));
  },
  list: (context) => listData(TEXT_REPORTS.list.make(context), context.input.value.type),
  tags: (context) => tagsData(TEXT_REPORTS.tags.make(context), context.input.value.type),
  traces: (context) => {
    const report = TEXT_REPORTS.traces.make(context);
    const total = formatValue(report.format, report.total);
    const { compact, formatTime } = context;
    return tracesData(report, compact ? [] : profileLines(report.legend, formatTime, total));
  },
} as const satisfies Partial<Record<ReportName, (context: ReportContext) => DataReport>>;

const MAKERS: Partial<Record<string, (context: ReportContext) => DataReport>> = DATA_REPORTS;

/** Makes a report in a data format. Throws a {@link UserError} if the report has none. */
export function makeData(
  { name, report }: ReportCommand,
  format: DataFormat | "github",
  context: ReportContext,
): MadeReport {
  if (format === "github") {
    throw usageError(`${name} has no -format=github; only tsprof diff has`);
  }
  const make = name === report ? MAKERS[report] : undefined;
  if (!make) {
    const names = Object.keys(DATA_REPORTS).join(", ");
    throw usageError(`${name} has no -format=${format}; these reports have: ${names}`);
  }
  const data = make(context);
  return { text: () => renderData(format, data, context.options.csv_exact) };
}

function headerLines(report: ReportHeader, { formatTime, compact }: ReportContext): string[] {
  return legendLines(report, formatTime, compact);
}
