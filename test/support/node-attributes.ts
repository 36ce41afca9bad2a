import type { NodeAttributes, NodeIndex } from "../../src/view/nodes.js";

/** Returns the indices of `length` nodes. */
export function nodeIndices(length: number): NodeIndex[] {
  return Array.from({ length }, (_, node) => node as NodeIndex);
}

/** For node tables made by hand: nodes without any attribute but their names. */
export const NO_ATTRIBUTES: Pick<
  NodeAttributes,
  "functionName" | "file" | "line" | "column" | "startLine" | "binary"
> = {
  functionName: () => "",
  file: () => "",
  line: () => 0,
  column: () => 0,
  startLine: () => 0,
  binary: () => "",
};
