import type { NodeTable } from "../../src/view/nodes.js";

/** For node tables made by hand: nodes without any attribute but their names. */
export const NO_ATTRIBUTES: Pick<
  NodeTable,
  "functionName" | "file" | "line" | "startLine" | "binary"
> = {
  functionName: () => "",
  file: () => "",
  line: () => 0,
  startLine: () => 0,
  binary: () => "",
};
