import type { FormatTime } from "../render/legend.js";
import { INLINING_LABEL } from "../render/top.js";
import type { TopReport, TopRow } from "../report/top.js";
import { formatValue } from "../report/value-format.js";
import { add, type Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { oneLine, shorten, widthOf } from "./fit.js";
import { bar, heat, share, terminalStyle } from "./style.js";
import { BAR_WIDTH, type Column, drawLegend, drawTable, ROOMY, widthForName } from "./table.js";
import type { Terminal } from "./terminal.js";

/** Draws the top report for a person: aligned, with heat, no wider than the terminal. */
export function drawTop(
  report: TopReport,
  formatTime: FormatTime,
  compact: boolean,
  { width, env }: Terminal,
): string {
  const style = terminalStyle(env);
  const legend = drawLegend(report, formatTime, compact, style, width);
  const rows = tableRows(report);
  if (rows.length === 0) return `${legend}\n`;

  const hasBars = width >= ROOMY;
  const cells = rows.map((row) => row.cells);
  const nameWidth = widthForName(HEAD, cells, hasBars, width);
  const columns: Column[] = [
    ...HEAD.map((title) => ({ title, align: "right" as const })),
    ...(hasBars ? [{ title: "", align: "left" as const }] : []),
    { title: "name", align: "left" },
  ];
  const drawn = rows.map(({ cells, flatShare, cumShare, name, label }) => {
    const [flat, flatPercent, sumPercent, cum, cumPercent] = cells;
    const hot = heat(style, flatShare);
    const warm = heat(style, cumShare);
    const shown = shorten(name, nameWidth - widthOf(label));
    return [
      hot(flat),
      hot(flatPercent),
      style.dim(sumPercent),
      warm(cum),
      warm(cumPercent),
      ...(hasBars ? [warm(bar(flatShare, cumShare, BAR_WIDTH))] : []),
      `${heat(style, Math.max(flatShare, cumShare))(shown)}${style.dim(label)}`,
    ];
  });
  return `${legend}\n\n${drawTable(columns, drawn, style)}\n`;
}

const HEAD = ["flat", "flat%", "sum%", "cum", "cum%"];

interface DrawnRow {
  /** Flat, flat%, sum%, cum, cum%. */
  readonly cells: readonly string[];
  readonly flatShare: number;
  readonly cumShare: number;
  readonly name: string;
  readonly label: string;
}

function tableRows(report: TopReport): DrawnRow[] {
  let sum: Int64 = 0;
  return report.rows.map((row: TopRow) => {
    sum = add(sum, row.flat);
    const percent = (value: Int64) => percentage(value, report.total).trim();
    return {
      cells: [
        formatValue(report.format, row.flat),
        percent(row.flat),
        percent(sum),
        formatValue(report.format, row.cum),
        percent(row.cum),
      ],
      flatShare: share(row.flat, report.total),
      cumShare: share(row.cum, report.total),
      name: oneLine(row.name),
      label: INLINING_LABEL[row.inlining],
    };
  });
}
