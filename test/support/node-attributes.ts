import type { NodeAttributes, NodeIndex } from "../../src/view/node-table.js";

/** Returns the indices of `length` nodes. */
export function nodeIndices(length: number): NodeIndex[] {
  return Array.from({ length }, (_, node) => node as NodeIndex);
}

/** The attributes of nodes that have only names, for node tables made by hand. */
export const NO_ATTRIBUTES: Pick<
  NodeAttributes,
  | "functionName"
  | "file"
  | "line"
  | "column"
  | "startLine"
  | "startColumn"
  | "printedFunction"
  | "filterName"
  | "isDefinition"
  | "binary"
  | "exampleFunction"
  | "nameParts"
> = {
  functionName: () => "",
  file: () => "",
  line: () => 0,
  column: () => 0,
  startLine: () => 0,
  startColumn: () => 0,
  printedFunction: () => "",
  filterName: () => "",
  isDefinition: () => false,
  binary: () => "",
  exampleFunction: () => undefined,
  nameParts: () => ({ address: "", function: "", position: "", basePosition: "" }),
};
