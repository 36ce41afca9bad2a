import type { IndexColumn } from "../profile/columns.js";
import type { FunctionIndex, Index } from "../profile/indices.js";
import type { Int64 } from "../units/int64.js";
import type { PathOptions } from "./function-names.js";
import type { Identity } from "./identity.js";
import type { OwnPackages } from "./packages.js";

/** A row of the table of nodes that a report is about. */
export type NodeIndex = Index<"node">;

export const NO_NODE = -1 as NodeIndex;

/** The name of a node about which nothing is known. */
export const UNKNOWN_NAME = "<unknown>";

/** The kind of code that each node of a report represents. */
export type Granularity =
  | "functions"
  | "filefunctions"
  | "files"
  | "packages"
  | "modules"
  | "lines"
  | "addresses";

/** Whether nodes are groups of files, so that most calls stay within a node. */
export function isGrouped(granularity: Granularity): boolean {
  return granularity === "packages" || granularity === "modules";
}

/** The options that group the frames of stacks into nodes. */
export interface NodeOptions extends PathOptions {
  granularity: Granularity;
  /** The attributes that tell functions apart. */
  identity: Identity;
  /** Count inlined calls as part of the function that they were inlined into. */
  noInlines: boolean;
  /** Distinguish the columns of a line. */
  showColumns: boolean;
  /** Distinguish functions of the same name by their binaries and first lines. */
  binaries: boolean;
  /** The packages of the user's own scripts. */
  ownPackages?: OwnPackages;
}

/** The attributes of a report's nodes. An attribute that a node does not have is empty or 0. */
export interface NodeAttributes {
  readonly length: number;
  /** The printed name: address, function, file and line, as far as the node has them. */
  name(node: NodeIndex): string;
  /** Whether the address is part of a node's identity. */
  readonly hasAddresses: boolean;
  address(node: NodeIndex): bigint;
  /** Names of nameless functions are without their position. */
  functionName(node: NodeIndex): string;
  file(node: NodeIndex): string;
  line(node: NodeIndex): Int64;
  column(node: NodeIndex): Int64;
  /**
   * The line where the function begins, set only for nodes without function name, with `binaries`,
   * and for functions that their definition identifies.
   */
  startLine(node: NodeIndex): Int64;
  /** The function's name, with its position if that is part of its identity: `encode json.js:12`. */
  printedFunction(node: NodeIndex): string;
  /**
   * The name by which filters find the node's function, or its file or package: the name with the
   * position of the definition, or the whole path of the file or binary.
   */
  filterName(node: NodeIndex): string;
  /** Whether the node's function is identified by its definition. */
  isDefinition(node: NodeIndex): boolean;
  /** The column where such a function begins; 0 if unknown. */
  startColumn(node: NodeIndex): Int64;
  /** The file of the binary, for nodes without function name or with `binaries`. */
  binary(node: NodeIndex): string;
  /** The function of the node's first frame; undefined if that has no symbols. */
  exampleFunction(node: NodeIndex): FunctionIndex | undefined;
  /** The parts of the name; there is at least one. */
  nameParts(node: NodeIndex): NameParts;
  /** Orders nodes without a function name by start line and binary, those without binary last. */
  compareOrigins(a: NodeIndex, b: NodeIndex): number;
}

/** The nodes of a report and of each location. Frames with equal attributes share a node. */
export interface NodeTable extends NodeAttributes {
  /**
   * The nodes of location `l`, innermost first, are `locationNodes[locationOffsets[l],
   * locationOffsets[l + 1])`. A hidden location has none.
   */
  readonly locationOffsets: Uint32Array;
  readonly locationNodes: IndexColumn<NodeIndex>;
}

/** The parts of a printed name. Empty if they are unknown, or not part of the node. */
export interface NameParts {
  readonly address: string;
  readonly function: string;
  /** The file and line, or else the binary. */
  readonly position: string;
  /** The position without the folders of the file. */
  readonly basePosition: string;
}
