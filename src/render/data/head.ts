import type { ReportHeader } from "../../report/header.js";
import type { ProfileLegend } from "../../report/legend.js";
import { scaleByRatio, type ValueFormat } from "../../report/value-format.js";
import type { Int64 } from "../../units/int64.js";
import type { JsonObject } from "./model.js";

/** Returns a function that scales values for data output, in the unit of the profile. */
export function rawValue({ ratio }: ValueFormat): (value: Int64) => Int64 {
  return (value) => scaleByRatio(value, ratio);
}

/** Returns the fields about the profile. Leaves out unknown fields. */
export function profileFields(legend: ProfileLegend): JsonObject {
  const orNone = <T>(value: T, none: T) => (value === none ? undefined : value);
  return {
    file: orNone(legend.file, ""),
    build_id: orNone(legend.buildId, ""),
    time_nanos: orNone(legend.timeNanos, 0),
    duration_nanos: orNone(legend.durationNanos, 0),
    doc_url: orNone(legend.docUrl, ""),
    comments: legend.comments.length === 0 ? undefined : legend.comments,
  };
}

/** Returns the fields about the values: the sample type, the unit, and the total of shares. */
export function valueFields(sampleType: string, format: ValueFormat, total: Int64): JsonObject {
  return { sample_type: sampleType, unit: format.from, total: rawValue(format)(total) };
}

export function nodesHead(header: ReportHeader): JsonObject {
  const { legend, format, total, activeFilters, shown, shownTotal, dropped, candidates } = header;
  const raw = rawValue(format);
  return {
    profile: profileFields(legend),
    ...valueFields(legend.sampleType, format, total),
    filters: activeFilters,
    shown: { nodes: shown, flat: raw(shownTotal), of_nodes: candidates },
    dropped: { nodes: dropped.nodes, cum_cutoff: raw(dropped.cutoff) },
  };
}
