import type { Int64 } from "../units/int64.js";
import type { NodeAttributes, NodeIndex } from "../view/node-table.js";

/** A node of a report, with the attributes that tell it apart from nodes of the same name. */
export interface NodeRef {
  /** The name as reports print it. */
  readonly name: string;
  /** The name of the function alone, if it differs from {@link name}. */
  readonly function?: string;
  /** The name by which filters find the function, if it differs from {@link name}. */
  readonly filterName?: string;
  /** The whole path of the source file. */
  readonly file?: string;
  /** The position of a line or, for functions, of their beginning; from 1. */
  readonly line?: Int64;
  readonly column?: Int64;
  /** For lines: the position where their function begins. */
  readonly startLine?: Int64;
  readonly startColumn?: Int64;
  readonly address?: bigint;
  /** The file of the binary, if the node has no function. */
  readonly binary?: string;
}

/** Returns the attributes of a node that are known. */
export function nodeRef(nodes: NodeAttributes, node: NodeIndex): NodeRef {
  const name = nodes.name(node);
  const ref: { -readonly [Field in keyof NodeRef]: NodeRef[Field] } = { name };
  const functionName = nodes.functionName(node);
  const file = nodes.file(node);
  const line = nodes.line(node);
  const column = nodes.column(node);
  const startLine = nodes.startLine(node);
  const startColumn = nodes.startColumn(node);
  const address = nodes.hasAddresses ? nodes.address(node) : 0n;
  const binary = nodes.binary(node);
  if (functionName !== "" && functionName !== name) ref.function = functionName;
  const filterName = nodes.filterName(node);
  if (filterName !== name) ref.filterName = filterName;
  if (file !== "") ref.file = file;
  if (line !== 0) {
    ref.line = line;
    if (column !== 0) ref.column = column;
    if (startLine !== 0) ref.startLine = startLine;
    if (startColumn !== 0) ref.startColumn = startColumn;
  } else {
    if (startLine !== 0) ref.line = startLine;
    if (startColumn !== 0) ref.column = startColumn;
  }
  if (address !== 0n) ref.address = address;
  if (functionName === "" && binary !== "") ref.binary = binary;
  return ref;
}
