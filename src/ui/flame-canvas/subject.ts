import { type FlameTree, FrameFlags } from "../../graph/flame-tree.js";
import type { FlameFunction } from "../../report/flame-functions.js";

/** The function of a frame, with facts that decide which reports have it. */
export interface FrameSubject extends FlameFunction {
  readonly isRoot: boolean;
  /** Whether all calls of the function in the graph were inlined. */
  readonly isInlined: boolean;
}

interface Graph {
  readonly tree: FlameTree;
  functionOf(frame: number): FlameFunction;
}

export function subjectOf(graph: Graph, frame: number): FrameSubject {
  const { functions, flags, length } = graph.tree;
  const fn = functions[frame];
  let all = 0;
  for (let other = 0; other < length; other++) {
    if (functions[other] === fn) all |= flags[other];
  }
  return {
    ...graph.functionOf(frame),
    isRoot: frame === 0,
    isInlined: (all & FrameFlags.inlined) !== 0 && (all & FrameFlags.called) === 0,
  };
}
