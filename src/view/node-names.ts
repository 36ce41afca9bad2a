import type { FunctionIndex } from "../profile/indices.js";
import type { FunctionNames } from "./function-names.js";
import type { FunctionIdentity } from "./identity.js";
import {
  isGrouped,
  type NameParts,
  type NodeAttributes,
  type NodeIndex,
  type NodeOptions,
  UNKNOWN_NAME,
} from "./node-table.js";
import { basePath } from "./paths.js";

/** The attributes that names consist of. */
type NamedNodes = Pick<
  NodeAttributes,
  | "hasAddresses"
  | "address"
  | "functionName"
  | "file"
  | "line"
  | "column"
  | "binary"
  | "exampleFunction"
>;

/** Composes the printed names of nodes. */
export class NodeNames {
  readonly #nodes: NamedNodes;
  readonly #options: NodeOptions;
  readonly #functions: FunctionNames;

  constructor(nodes: NamedNodes, options: NodeOptions, functions: FunctionNames) {
    this.#nodes = nodes;
    this.#options = options;
    this.#functions = functions;
  }

  name(node: NodeIndex): string {
    const { address, function: name, position } = this.parts(node);
    return [address, name, position].filter((part) => part !== "").join(" ");
  }

  parts(node: NodeIndex): NameParts {
    const { granularity } = this.#options;
    const address = this.#nodes.hasAddresses ? this.#nodes.address(node) : 0n;
    const fn = this.#nodes.exampleFunction(node);
    const isFile = granularity === "files" || isGrouped(granularity);
    const identity = fn === undefined || isFile ? "name" : this.#functions.identity(fn);
    const [name, path] =
      fn !== undefined && identity !== "name"
        ? this.#functionParts(node, fn, identity)
        : [this.#nodes.functionName(node), this.#shownFile(node)];
    // Short paths are shortened already.
    const isShort =
      granularity === "functions" || (identity === "definition" && granularity !== "filefunctions");
    const line = this.#lineSuffix(node);
    const position = path + line;
    const basePosition = isShort || path === "" ? position : basePath(path) + line;
    const isNameless = name === "" && position === "";
    const binary = isNameless ? this.#nodes.binary(node) : "";
    const origin = binary === "" ? UNKNOWN_NAME : `[${basePath(binary)}]`;
    return {
      address: address === 0n ? "" : address.toString(16).padStart(16, "0"),
      function: name,
      position: isNameless ? origin : position,
      basePosition: isNameless ? origin : basePosition,
    };
  }

  /** Returns the name of a function, and its file and start as far as they are printed. */
  #functionParts(
    node: NodeIndex,
    fn: FunctionIndex,
    identity: Exclude<FunctionIdentity, "name">,
  ): [name: string, position: string] {
    const names = this.#functions;
    const { granularity } = this.#options;
    const file = this.#nodes.file(node);
    if (granularity === "functions")
      return [
        identity === "file" ? this.#nodes.functionName(node) : names.bareName(fn),
        names.position(fn),
      ];
    if (identity === "file") return [this.#nodes.functionName(node), file];
    const name = names.bareName(fn);
    if (granularity === "filefunctions") {
      return [name, file === "" ? names.position(fn) : file + names.start(fn)];
    }
    // The position is about the line. Functions that share a line need their starts, too.
    const isUnique =
      this.#nodes.column(node) !== 0 ||
      (!names.hasPositionInName(fn) && names.identifyingColumn(fn) === 0 && !names.sharesLine(fn));
    return [isUnique ? name : name + names.start(fn), names.shortFile(names.fileNumber(fn))];
  }

  /** Returns a file as the names of files show it. */
  #shownFile(node: NodeIndex): string {
    const { granularity, identity } = this.#options;
    const file = this.#nodes.file(node);
    if (granularity !== "files" || identity === "name" || file === "") return file;
    const fn = this.#nodes.exampleFunction(node);
    return fn === undefined ? file : this.#functions.shortFile(this.#functions.fileNumber(fn));
  }

  #lineSuffix(node: NodeIndex): string {
    const line = this.#nodes.line(node);
    const column = this.#nodes.column(node);
    if (line === 0) return "";
    return column === 0 ? `:${line}` : `:${line}:${column}`;
  }
}
