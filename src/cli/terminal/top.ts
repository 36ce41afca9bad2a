import Table from "cli-table3";
import { type FormatTime, legendLines } from "../../render/legend.js";
import { INLINING_LABEL } from "../../render/top.js";
import type { TopReport, TopRow } from "../../report/top.js";
import { formatValue } from "../../report/value-format.js";
import { add, type Int64 } from "../../units/int64.js";
import { percentage } from "../../units/percentage.js";
import { withoutControls } from "../controls.js";
import { shorten, widthOf } from "./fit.js";
import { bar, heat, terminalStyle } from "./style.js";
import type { Terminal } from "./terminal.js";

/** From this width on there is room for bars. */
const ROOMY = 100;
const BAR_WIDTH = 12;

/** Names get at least so much, even where lines must wrap. */
const MIN_NAME = 16;

/** Between two columns. */
const GAP = 2;

/** Draws the top report for a person: aligned, with heat, no wider than the terminal. */
export function drawTop(
  report: TopReport,
  formatTime: FormatTime,
  compact: boolean,
  { width, env }: Terminal,
): string {
  const style = terminalStyle(env);
  const legend = legendLines(report, formatTime, compact)
    .flatMap((line) => withoutControls(line).split("\n"))
    .map((line) => shorten(line.trimEnd(), width));
  const rows = tableRows(report);
  if (rows.length === 0) return `${style.dim(legend.join("\n"))}\n`;

  const bars = width >= ROOMY;
  // Not Math.max(...rows): there may be more rows than a call takes arguments.
  const numbers = HEAD.map((title, column) =>
    rows.reduce((most, { cells }) => Math.max(most, widthOf(cells[column])), widthOf(title)),
  );
  const taken = numbers.reduce((sum, column) => sum + column + GAP, bars ? BAR_WIDTH + GAP : 0);
  const nameWidth = Math.max(MIN_NAME, width - taken);

  const table = new Table({
    head: [...HEAD, ...(bars ? [""] : []), "name"].map((title) => style.dim(title)),
    colAligns: [...HEAD.map(() => "right" as const), ...(bars ? ["left" as const] : []), "left"],
    chars: NO_BORDERS,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const { cells, flatShare, cumShare, name, label } of rows) {
    const [flat, flatPercent, sumPercent, cum, cumPercent] = cells;
    const hot = heat(style, flatShare);
    const warm = heat(style, cumShare);
    const shown = shorten(name, nameWidth - widthOf(label));
    table.push([
      hot(flat),
      hot(flatPercent),
      style.dim(sumPercent),
      warm(cum),
      warm(cumPercent),
      ...(bars ? [warm(bar(flatShare, cumShare, BAR_WIDTH))] : []),
      `${heat(style, Math.max(flatShare, cumShare))(shown)}${style.dim(label)}`,
    ]);
  }
  const lines = table.toString().split("\n");
  return `${style.dim(legend.join("\n"))}\n\n${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

const HEAD = ["flat", "flat%", "sum%", "cum", "cum%"];

const NO_BORDERS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ".repeat(GAP),
};

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
      name: withoutControls(row.name).replace(/[\t\n]/g, " "),
      label: INLINING_LABEL[row.inlining],
    };
  });
}

/** The part of the total, without its sign. */
function share(value: Int64, total: Int64): number {
  return total === 0 ? 0 : Math.abs(Number(value) / Number(total));
}
