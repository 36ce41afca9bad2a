import type { TreeCall, TreeEntry, TreeReport } from "../../report/tree.js";
import { nodesHead, rawValue } from "./head.js";
import { type Cell, type Column, type DataReport, fraction, type JsonValue } from "./model.js";
import { NODE_COLUMNS, nodeCells, nodeFields } from "./node-ref.js";

const COLUMNS: readonly Column[] = [
  { name: "place", title: "place", kind: "text" },
  { name: "relation", title: "relation", kind: "word" },
  { name: "flat", title: "flat", kind: "value" },
  { name: "flat_share", title: "flat%", kind: "share" },
  { name: "cum", title: "cum", kind: "value" },
  { name: "cum_share", title: "cum%", kind: "share" },
  { name: "calls", title: "calls", kind: "value" },
  { name: "calls_share", title: "calls%", kind: "share" },
  { name: "unit", title: undefined, kind: "text" },
  { name: "inline", title: "inline", kind: "word" },
  { name: "name", title: "name", kind: "text" },
  ...NODE_COLUMNS,
];

export function treeData(
  command: "tree" | "peek",
  report: TreeReport,
  legend: readonly string[],
): DataReport {
  const { format, total: whole, droppedEdges } = report;
  const raw = rawValue(format);
  const call = (entry: TreeEntry, called: TreeCall) => ({
    ...nodeFields(called),
    inline: called.isInline,
    calls: raw(called.weight),
    calls_share: fraction({ part: called.weight, whole: entry.cum }),
  });
  return {
    schema: `tsprof/${command}/1`,
    head: {
      ...nodesHead(report),
      dropped_calls: { calls: droppedEdges.edges, cutoff: raw(droppedEdges.cutoff) },
    },
    itemsField: "places",
    *items(): Generator<JsonValue> {
      for (const entry of report.entries) {
        yield {
          ...nodeFields(entry),
          flat: raw(entry.flat),
          flat_share: fraction({ part: entry.flat, whole }),
          cum: raw(entry.cum),
          cum_share: fraction({ part: entry.cum, whole }),
          callers: entry.callers.map((caller) => call(entry, caller)),
          callees: entry.callees.map((callee) => call(entry, callee)),
        };
      }
    },
    table: {
      columns: COLUMNS,
      format,
      *rows(): Generator<Cell[]> {
        for (const entry of report.entries) {
          const { name, flat, cum } = entry;
          for (const caller of entry.callers) yield callCells(report, entry, "caller", caller);
          yield [
            name,
            "self",
            flat,
            { part: flat, whole },
            cum,
            { part: cum, whole },
            undefined,
            undefined,
            format.from,
            undefined,
            name,
            ...nodeCells(entry),
          ];
          for (const callee of entry.callees) yield callCells(report, entry, "callee", callee);
        }
      },
    },
    legend,
  };
}

/** Returns the row of an edge, with its share of the cum of `entry`. */
function callCells(
  { format }: TreeReport,
  entry: TreeEntry,
  relation: "caller" | "callee",
  called: TreeCall,
): Cell[] {
  const { name, weight, isInline } = called;
  const share = { part: weight, whole: entry.cum };
  const inline = isInline ? "all" : "none";
  const none = undefined;
  const unit = format.from;
  const values = [none, none, none, none, weight, share];
  return [entry.name, relation, ...values, unit, inline, name, ...nodeCells(called)];
}
