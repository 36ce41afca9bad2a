import { decodeUtf8, encodeUtf8 } from "../profile/utf8.js";
import type { ProfileLegend } from "../report/legend.js";
import type { TopReport } from "../report/top.js";
import { formatValue } from "../report/value-format.js";
import type { Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { scaledLabel } from "../units/scale.js";

/**
 * Prints nanoseconds since 1970 as local time, such as `2026-11-23 16:17:31 UTC`. The
 * pure folders know nothing of time zones, so it is handed in.
 */
export type FormatTime = (nanos: Int64) => string;

/** How much of a filter is shown, in bytes. */
const MAX_FILTER = 80;

/** The lines above a report, as pprof prints them. */
export function legendLines(report: TopReport, formatTime: FormatTime, compact: boolean): string[] {
  const { format, total, shownTotal, dropped, rows, candidates, activeFilters } = report;
  const lines = compact ? [] : profileLines(report.legend, formatTime, formatValue(format, total));
  if (activeFilters.length > 0) lines.push("Active filters:", ...activeFilters.map(filterLine));
  lines.push(
    `Showing nodes accounting for ${formatValue(format, shownTotal)}, ` +
      `${percentage(shownTotal, total).trim()} of ${formatValue(format, total)} total`,
  );
  if (total !== 0) {
    if (dropped.nodes > 0) {
      lines.push(
        `Dropped ${dropped.nodes} node${dropped.nodes > 1 ? "s" : ""} ` +
          `(cum <= ${formatValue(format, dropped.cutoff)})`,
      );
    }
    if (rows.length > 0 && rows.length < candidates) {
      lines.push(`Showing top ${rows.length} nodes out of ${candidates}`);
    }
  }
  return lines;
}

/** The lines about the profile itself; `total` is the total as it is printed. */
export function profileLines(
  legend: ProfileLegend,
  formatTime: FormatTime,
  total: string,
): string[] {
  const lines: string[] = [];
  if (legend.file !== "") lines.push(`File: ${legend.file}`);
  if (legend.buildId !== "") lines.push(`Build ID: ${legend.buildId}`);
  lines.push(...legend.comments);
  if (legend.sampleType !== "") lines.push(`Type: ${legend.sampleType}`);
  if (legend.docUrl !== "") lines.push(`Doc: ${legend.docUrl}`);
  if (legend.timeNanos !== 0) lines.push(`Time: ${formatTime(legend.timeNanos)}`);
  if (legend.durationNanos !== 0) {
    const duration = scaledLabel(legend.durationNanos, "nanoseconds", "auto");
    const { totalNanos } = legend;
    const share =
      totalNanos === undefined ? "" : `(${percentage(totalNanos, legend.durationNanos)})`;
    lines.push(`Duration: ${duration}, Total samples = ${total} ${share}`);
  }
  return lines;
}

function filterLine(filter: string): string {
  const bytes = encodeUtf8(filter);
  return `   ${bytes.length > MAX_FILTER ? `${decodeUtf8(bytes, 0, MAX_FILTER)}…` : filter}`;
}
