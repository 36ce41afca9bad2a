import type { GraphJson } from "./xdot.js";

/** Above this, Graphviz needs many seconds for curves. Real programs have a tenth of it. */
const MAX_ROUTING_WORK = 40_000;

/** A DOT statement for straight lines, which need no routing, and for less effort in the layout. */
export const STRAIGHT_LINES = "graph [nslimit=1 nslimit1=1 mclimit=0.1 splines=line]";

/**
 * Returns whether Graphviz would need long to draw the edges of a laid-out graph as curves. It
 * routes a curve through all ranks (rows of boxes) between its ends, and treats each pair of
 * neighboring ranks, so the work grows with the square of the number of ranks.
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
  return work > MAX_ROUTING_WORK;
}
