import type { TrimOptions } from "../graph/trim.js";
import type { ReportSpec as ReportCommandSpec } from "../options/commands.js";
import type { Options } from "../options/table.js";
import type { Int64 } from "../units/int64.js";
import { identityFor } from "../view/identity.js";
import type { NodeOptions } from "../view/node-table.js";
import type { OwnPackages } from "../view/packages.js";
import type { SampleValue } from "../view/sample-value.js";
import type { Selection } from "../view/select.js";
import type { View } from "../view/view.js";

export interface ReportInput {
  readonly view: View;
  readonly value: SampleValue;
  /** The total that percentages refer to. */
  readonly total: Int64;
  readonly nodes: NodeOptions;
  readonly trim: TrimOptions;
  /** Make every context of a function a node of its own (`-call_tree`). */
  readonly callTree: boolean;
  readonly unit: string;
  /** The factor by which values are multiplied before they are shown. */
  readonly ratio: number;
  /** The active filters, as `name=text`. */
  readonly activeFilters: readonly string[];
  /** By key: the unit of a numeric label. */
  readonly labelUnits: ReadonlyMap<string, string>;
}

/** The properties of a report command that {@link reportInput} uses. */
export type ReportSpec = Pick<
  ReportCommandSpec,
  "nodeCount" | "isUntrimmed" | "granularity" | "noInlines" | "separatesBinaries" | "separatesFiles"
>;

/** Combines a selection, the options of the request, and the defaults of the report. */
export function reportInput(
  selection: Selection,
  options: Options,
  spec: ReportSpec,
  ownPackages?: OwnPackages,
): ReportInput {
  const { view, value, total, activeFilters, labelUnits } = selection;
  const trim = options.trim && !spec.isUntrimmed;
  // -1 means that the option is not set.
  const nodeCount = options.nodecount === -1 ? spec.nodeCount : Math.max(0, options.nodecount);
  return {
    view,
    value,
    total,
    activeFilters,
    labelUnits,
    nodes: {
      granularity: spec.granularity ?? options.granularity,
      identity: identityFor(options.identity, spec.separatesFiles ?? false),
      noInlines: spec.noInlines ?? options.noinlines,
      showColumns: options.showcolumns,
      binaries: spec.separatesBinaries ?? false,
      trimPath: options.trim_path,
      sourcePath: options.source_path,
      ...(ownPackages && { ownPackages }),
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
