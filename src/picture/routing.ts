import type { GraphJson } from "./xdot.js";

/** From this on, curves take many seconds; graphs of real programs need a tenth of it. */
const MAX_WORK = 40_000;

/** Statement for Graphviz: few rounds of improvement, and straight lines, which need no routing. */
export const STRAIGHT_LINES = "graph [nslimit=1 nslimit1=1 mclimit=0.1 splines=line]";

/**
 * Whether the calls of a graph that was placed take long to be drawn as curves. Graphviz leads
 * a curve through all ranks (rows of boxes) between its ends, and does so for each pair of
 * neighbors there: the work grows with the square of the ranks that a call spans.
 */
export function isHardToRoute({ objects = [], edges = [] }: GraphJson): boolean {
  const heights = objects.map((object) => Number(object.pos?.split(",")[1] ?? 0));
  const rows = [...new Set(heights)].sort((a, b) => a - b);
  const rank = new Map(rows.map((height, row) => [height, row]));
  let work = 0;
  for (const { tail, head } of edges) {
    const span = (rank.get(heights[tail]) ?? 0) - (rank.get(heights[head]) ?? 0);
    work += span * span;
  }
  return work > MAX_WORK;
}
