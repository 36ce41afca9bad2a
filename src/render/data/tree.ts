import type { TreeCall, TreeEntry, TreeReport } from "../../report/tree.js";
import { placesHead, rawValue } from "./head.js";
import { type Cell, type Column, type DataReport, fraction, type JsonValue } from "./model.js";

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
];

/** The tree and peek reports as data, under the name of the command. */
export function treeData(
  command: "tree" | "peek",
  report: TreeReport,
  legend: readonly string[],
): DataReport {
  const { format, total: whole, droppedEdges } = report;
  const raw = rawValue(format);
  const call = (place: TreeEntry, { name, weight, isInline }: TreeCall) => ({
    name,
    inline: isInline,
    calls: raw(weight),
    calls_share: fraction({ part: weight, whole: place.cum }),
  });
  return {
    schema: `tsprof/${command}/1`,
    head: {
      ...placesHead(report),
      dropped_calls: { calls: droppedEdges.edges, cutoff: raw(droppedEdges.cutoff) },
    },
    itemsField: "places",
    *items(): Generator<JsonValue> {
      for (const place of report.entries) {
        yield {
          name: place.name,
          flat: raw(place.flat),
          flat_share: fraction({ part: place.flat, whole }),
          cum: raw(place.cum),
          cum_share: fraction({ part: place.cum, whole }),
          callers: place.callers.map((caller) => call(place, caller)),
          callees: place.callees.map((callee) => call(place, callee)),
        };
      }
    },
    table: {
      columns: COLUMNS,
      format,
      *rows(): Generator<Cell[]> {
        for (const place of report.entries) {
          const { name, flat, cum } = place;
          for (const caller of place.callers) yield callCells(report, place, "caller", caller);
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
          ];
          for (const callee of place.callees) yield callCells(report, place, "callee", callee);
        }
      },
    },
    legend,
  };
}

/** A call, with its share of the cum of the place it is shown with. */
function callCells(
  { format }: TreeReport,
  place: TreeEntry,
  relation: "caller" | "callee",
  { name, weight, isInline }: TreeCall,
): Cell[] {
  const share = { part: weight, whole: place.cum };
  const inline = isInline ? "all" : "none";
  const none = undefined;
  return [place.name, relation, none, none, none, none, weight, share, format.from, inline, name];
}
