import type { NodeValues } from "../graph/node-values.js";
import { flatOf } from "../graph/node-values.js";
import { cutoff } from "../graph/trim.js";
import { add, type Int64 } from "../units/int64.js";
import type { NodeIndex } from "../view/nodes.js";
import type { ReportInput } from "./input.js";
import { type ProfileLegend, profileLegend } from "./legend.js";
import { chooseFormat, type ValueFormat } from "./value-format.js";

/** What reports on nodes say before the nodes. Values are those of the profile; {@link format} prints them. */
export interface ReportHeader {
  readonly legend: ProfileLegend;
  readonly activeFilters: readonly string[];
  readonly format: ValueFormat;
  /** What percentages are shares of. */
  readonly total: Int64;
  /** How many nodes are shown, and the sum of their flat values. */
  readonly shown: number;
  readonly shownTotal: Int64;
  /** How many nodes were left out for being small, and the largest cum such a node may have. */
  readonly dropped: { readonly nodes: number; readonly cutoff: Int64 };
  /** How many nodes there were to choose from. */
  readonly candidates: number;
}

/** Gathers the header of a report on these nodes. */
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
    shownTotal: shown.reduce<Int64>((sum, node) => add(sum, flatOf(values, node)), 0),
    dropped: { nodes: trimmed.dropped, cutoff: cutoff(total, input.trim.nodeFraction) },
    candidates: trimmed.candidates,
  };
}
