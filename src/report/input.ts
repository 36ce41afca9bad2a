import type { TrimOptions } from "../graph/trim.js";
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
  readonly unit: string;
  /** What values are multiplied by before they are shown. */
  readonly ratio: number;
  /** The filters in force, as `name=text`. */
  readonly activeFilters: readonly string[];
}

/** Puts together what a report needs of a selection and of the options of the request. */
export function reportInput(selection: Selection, options: Options): ReportInput {
  const { view, value, total, activeFilters } = selection;
  const { trim } = options;
  return {
    view,
    value,
    total,
    activeFilters,
    nodes: {
      granularity: options.granularity,
      noInlines: options.noinlines,
      showColumns: options.showcolumns,
      binaries: false,
      trimPath: options.trim_path,
      sourcePath: options.source_path,
    },
    trim: {
      sort: options.sort,
      nodeCount: trim ? Math.max(0, options.nodecount) : 0,
      nodeFraction: trim ? options.nodefraction : 0,
      edgeFraction: trim ? options.edgefraction : 0,
      dropNegative: options.drop_negative,
    },
    unit: options.unit,
    ratio: 1 / options.divide_by,
  };
}
