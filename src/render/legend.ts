import { decodeUtf8, encodeUtf8 } from "../profile/utf8.js";
import type { ReportHeader } from "../report/header.js";
import type { ProfileLegend } from "../report/legend.js";
import { formatValue } from "../report/value-format.js";
import type { Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { scaledLabel } from "../units/scale.js";

/** Formats nanoseconds since 1970 as `2026-11-23 16:17:31 UTC`; depends on the time zone. */
export type FormatTime = (nanos: Int64) => string;

/** The number of edges below the cutoff, and the cutoff. */
interface DroppedEdges {
  readonly edges: number;
  readonly cutoff: Int64;
}

/** The maximum length of a filter in the legend. */
const MAX_FILTER_BYTES = 80;

/** Returns the lines above a report as pprof prints them. `droppedEdges` adds a line on edges. */
export function legendLines(
  header: ReportHeader,
  formatTime: FormatTime,
  compact: boolean,
  droppedEdges?: DroppedEdges,
): string[] {
  const { format, total, shown, shownTotal, dropped, candidates, activeFilters } = header;
  const lines = compact ? [] : profileLines(header.legend, formatTime, formatValue(format, total));
  if (activeFilters.length > 0) lines.push("Active filters:", ...activeFilters.map(filterLine));
  lines.push(
    `Showing nodes accounting for ${formatValue(format, shownTotal)}, ` +
      `${percentage(shownTotal, total).trim()} of ${formatValue(format, total)} total`,
  );
  if (total !== 0) {
    const line = (count: number, noun: string, limit: string) =>
      `Dropped ${count} ${noun}${count > 1 ? "s" : ""} (${limit})`;
    if (dropped.nodes > 0) {
      lines.push(line(dropped.nodes, "node", `cum <= ${formatValue(format, dropped.cutoff)}`));
    }
    if (droppedEdges && droppedEdges.edges > 0) {
      const limit = `freq <= ${formatValue(format, droppedEdges.cutoff)}`;
      lines.push(line(droppedEdges.edges, "edge", limit));
    }
    if (shown > 0 && shown < candidates) {
      lines.push(`Showing top ${shown} nodes out of ${candidates}`);
    }
  }
  return lines;
}

/** Returns the lines about the profile itself. `total` is the formatted total. */
export function profileLines(
  legend: ProfileLegend,
  formatTime: FormatTime,
  total: string,
): string[] {
  const lines: string[] = [];
  if (legend.file !== "") lines.push(`File: ${legend.file}`);
  if (legend.buildId !== "") lines.push(`Build ID: ${legend.buildId}`);
  for (const comment of legend.comments) lines.push(comment);
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
  return `   ${bytes.length > MAX_FILTER_BYTES ? `${decodeUtf8(bytes, 0, MAX_FILTER_BYTES)}…` : filter}`;
}
