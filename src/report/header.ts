import type { NodeValues } from "../graph/node-values.js";
import { flatOf } from "../graph/node-values.js";
import { cutoff } from "../graph/trim.js";
import { type Int64, sum } from "../units/int64.js";
import type { NodeIndex } from "../view/node-table.js";
import type { ReportInput } from "./input.js";
import { type ProfileLegend, profileLegend } from "./legend.js";
import { chooseFormat, type ValueFormat } from "./value-format.js";

/** The header of reports about nodes. {@link format} formats the values. */
export interface ReportHeader {
  readonly legend: ProfileLegend;
  readonly activeFilters: readonly string[];
  readonly format: ValueFormat;
  readonly total: Int64;
  /** The number of shown nodes, and the sum of their flat values. */
  readonly shown: number;
  readonly shownTotal: Int64;
  /** The number of nodes below the cutoff, and the cutoff for cum as it is printed. */
  readonly dropped: { readonly nodes: number; readonly cutoff: Int64 };
  /** The number of nodes above the cutoff. */
  readonly candidates: number;
}

export function reportHeader(
  input: ReportInput,
  values: NodeValues,
  trimmed: { shown: readonly NodeIndex[]; candidates: number; dropped: number },
): ReportHeader {
  const { view, value, total } = input;
  const { shown } = trimmed;
  return {
    legend: profileLegend(view.profile, value, total),
    activeFilters: input.activeFilters,
    format: chooseFormat(input, values, shown),
    total,
    shown: shown.length,
    shownTotal: sum(shown.map((node) => flatOf(values, node))),
    dropped: { nodes: trimmed.dropped, cutoff: cutoff(total, input.trim.nodeFraction) },
    candidates: trimmed.candidates,
  };
}
