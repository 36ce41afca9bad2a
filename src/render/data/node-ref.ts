import type { NodeRef } from "../../report/node-ref.js";
import type { Cell, Column, JsonObject } from "./model.js";

/** Returns the fields of a node. Fields that it does not have are left out. */
export function nodeFields(node: NodeRef): JsonObject {
  const { name, file, line, column, startLine, startColumn, address, binary } = node;
  return {
    name,
    function: node.function,
    file,
    line,
    column,
    start_line: startLine,
    start_column: startColumn,
    address: address === undefined ? undefined : `0x${address.toString(16)}`,
    binary,
  };
}

/** The columns that tell apart nodes of the same name. */
export const NODE_COLUMNS: readonly Column[] = [
  { name: "function", title: undefined, kind: "text" },
  { name: "file", title: undefined, kind: "text" },
  { name: "line", title: undefined, kind: "number" },
  { name: "column", title: undefined, kind: "number" },
];

/** Returns the cells of {@link NODE_COLUMNS}. */
export function nodeCells(node: NodeRef): Cell[] {
  return [node.function, node.file, node.line, node.column];
}
