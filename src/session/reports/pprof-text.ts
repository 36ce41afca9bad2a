import type { ReportName } from "../../options/commands.js";
import type { Options } from "../../options/table.js";

/** The reports whose text pprof prints in the same way, and whether terminals show them drawn. */
const PPROF_TEXTS: Partial<Record<ReportName, { readonly isDrawn: boolean }>> = {
  top: { isDrawn: true },
  tree: { isDrawn: true },
  peek: { isDrawn: true },
  list: { isDrawn: true },
  disasm: { isDrawn: true },
  traces: { isDrawn: true },
  tags: { isDrawn: true },
  weblist: { isDrawn: false },
  topproto: { isDrawn: false },
  callgrind: { isDrawn: false },
  dot: { isDrawn: false },
  raw: { isDrawn: false },
  proto: { isDrawn: false },
  comments: { isDrawn: false },
};

/** Whether a report is printed as pprof prints it. `onTerminal` is set if a terminal shows it. */
export function isPprofText(
  report: ReportName,
  { format }: Pick<Options, "format">,
  onTerminal: boolean,
): boolean {
  const text = format === "text" ? PPROF_TEXTS[report] : undefined;
  return text !== undefined && !(onTerminal && text.isDrawn);
}
