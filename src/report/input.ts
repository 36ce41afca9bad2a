import type { TrimOptions } from "../graph/trim.js";
import type { ReportSpec as ReportCommandSpec } from "../options/commands.js";
import type { Options } from "../options/table.js";
import type { Int64 } from "../units/int64.js";
import type { NodeOptions } from "../view/nodes.js";
import type { SampleValue } from "../view/sample-value.js";
import type { Selection } from "../view/select.js";
import type { View } from "../view/view.js";

/** What a report is made from. */
export interface ReportInput {
  readonly view: View;
  readonly value: SampleValue;
  /** What percentages are shares of. */
  readonly total: Int64;
  readonly nodes: NodeOptions;
  readonly trim: TrimOptions;
  /** Every context of a place is a node of its own (`-call_tree`). */
  readonly callTree: boolean;
  readonly unit: string;
  /** What values are multiplied by before they are shown. */
  readonly ratio: number;
  /** The filters in force, as `name=text`. */
  readonly activeFilters: readonly string[];
  /** By key: the unit of a numeric label. */
  readonly labelUnits: ReadonlyMap<string, string>;
}

/** What {@link reportInput} needs to know of a report. */
export type ReportSpec = Pick<
  ReportCommandSpec,
  "nodeCount" | "isWhole" | "granularity" | "noInlines" | "binaries"
>;

/**
 * Puts together what a report needs of a selection, of the options of the request, and
 * of what the report itself asks for.
 */
export function reportInput(selection: Selection, options: Options, spec: ReportSpec): ReportInput {
  const { view, value, total, activeFilters, labelUnits } = selection;
  const trim = options.trim && !spec.isWhole;
  // -1 stands for none given.
  const nodeCount = options.nodecount === -1 ? spec.nodeCount : Math.max(0, options.nodecount);
  return {
    view,
    value,
    total,
    activeFilters,
    labelUnits,
    nodes: {
      granularity: spec.granularity ?? options.granularity,
      noInlines: spec.noInlines ?? options.noinlines,
      showColumns: options.showcolumns,
      binaries: spec.binaries ?? false,
      trimPath: options.trim_path,
      sourcePath: options.source_path,
    },
    trim: {
      sort: options.sort,
      nodeCount: trim ? nodeCount : 0,
      nodeFraction: trim ? options.nodefraction : 0,
      edgeFraction: trim ? options.edgefraction : 0,
      dropNegative: options.drop_negative,
    },
    callTree: options.call_tree,
    unit: options.unit,
    ratio: 1 / options.divide_by,
  };
}
