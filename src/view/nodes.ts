import { type IndexColumn, indexColumn, int64At } from "../profile/columns.js";
import {
  type FunctionIndex,
  type Index,
  type LineIndex,
  type LocationIndex,
  NO_MAPPING,
  type StringIndex,
} from "../profile/indices.js";
import { memoized, RecentlyUsed } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { RunInterner } from "../profile/run-interner.js";
import { startColumns } from "../profile/start-columns.js";
import { compareUtf8 } from "../profile/utf8.js";
import { compare, type Int64, int64FromHalves, setHalves } from "../units/int64.js";
import {
  type FunctionNames,
  functionNames,
  internerOf,
  NO_FILE,
  type PathOptions,
} from "./function-names.js";
import type { FunctionIdentity, Identity } from "./identity.js";
import { framePackages, type OwnPackages } from "./packages.js";
import { basePath } from "./paths.js";
import { type FrameMap, type View, wholeProfile } from "./view.js";

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
  functionLabel(node: NodeIndex): string;
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

interface Attributes {
  /** A package or module, which replaces all other attributes. */
  group: boolean;
  name: boolean;
  file: boolean;
  line: boolean;
  column: boolean;
  address: boolean;
}

function attributesOf({ granularity, noInlines, showColumns }: NodeOptions): Attributes {
  const lines = granularity === "lines" || granularity === "addresses";
  const group = isGrouped(granularity);
  return {
    group,
    name: granularity !== "files" && !group,
    file: granularity !== "functions" && !group,
    line: lines,
    // At this granularity, only noinlines merges frames.
    column: lines && (showColumns || (granularity === "addresses" && !noInlines)),
    address: granularity === "addresses",
  };
}

/** The fields of the tuple that identifies a node. 64-bit fields take two words. */
const Field = {
  /** The string index of the name, or the number of the package or module. */
  name: 0,
  file: 1,
  line: 2,
  column: 4,
  address: 6,
  startLine: 8,
  binary: 10,
  startColumn: 11,
} as const;
const TUPLE_WIDTH = 13;

/** The number of cached tables per frame map: reports on one view often share tables. */
const MAX_TABLES = 4;

const tablesOf = memoized((_: FrameMap) => new RecentlyUsed<NodeTable>(MAX_TABLES));

/** Groups the frames that `view` shows into nodes. */
export function buildNodes(view: View, options: NodeOptions): NodeTable {
  const { granularity, identity, noInlines, showColumns, binaries } = options;
  const { trimPath, sourcePath, keepPaths = false } = options;
  const switches = [granularity, identity, noInlines, showColumns, binaries];
  const packages = [...(options.ownPackages ?? [])];
  const key = JSON.stringify([...switches, trimPath, sourcePath, keepPaths, packages]);
  return tablesOf(view.frames).get(key, () => {
    const { frames } = wholeProfile(view.profile);
    const whole = view.frames === frames ? undefined : tablesOf(frames).known(key);
    // Without inlined calls, the line that represents a location depends on the lines that the view
    // shows.
    const shown = whole && !noInlines ? selectLines(whole, frames, view.frames) : undefined;
    return shown ?? new NodeBuilder(view, options).build();
  });
}

/**
 * Restricts the table of the whole profile to the lines that a view shows. The result may have
 * nodes that no location uses. Returns undefined if a visible location has lost all its lines.
 */
function selectLines(whole: NodeTable, all: FrameMap, shown: FrameMap): NodeTable | undefined {
  const count = shown.hidden.length;
  const locationOffsets = new Uint32Array(count + 1);
  const locationNodes = new Uint32Array(whole.locationNodes.length);
  let next = 0;
  for (let location = 0; location < count; location++) {
    if (!shown.hidden[location]) {
      const first = whole.locationOffsets[location];
      const firstLine = all.offsets[location];
      const start = shown.offsets[location];
      const end = shown.offsets[location + 1];
      if (start < end) {
        for (let i = start; i < end; i++) {
          locationNodes[next++] = whole.locationNodes[first + shown.lines[i] - firstLine];
        }
      } else if (firstLine === all.offsets[location + 1]) {
        locationNodes[next++] = whole.locationNodes[first];
      } else {
        return undefined;
      }
    }
    locationOffsets[location + 1] = next;
  }
  return {
    locationOffsets,
    locationNodes: indexColumn(locationNodes),
    length: whole.length,
    hasAddresses: whole.hasAddresses,
    name: (node) => whole.name(node),
    address: (node) => whole.address(node),
    functionName: (node) => whole.functionName(node),
    file: (node) => whole.file(node),
    line: (node) => whole.line(node),
    column: (node) => whole.column(node),
    startLine: (node) => whole.startLine(node),
    functionLabel: (node) => whole.functionLabel(node),
    filterName: (node) => whole.filterName(node),
    isDefinition: (node) => whole.isDefinition(node),
    startColumn: (node) => whole.startColumn(node),
    binary: (node) => whole.binary(node),
    exampleFunction: (node) => whole.exampleFunction(node),
    nameParts: (node) => whole.nameParts(node),
    compareOrigins: (a, b) => whole.compareOrigins(a, b),
  };
}

class NodeBuilder implements NodeTable {
  readonly #view: View;
  readonly #profile: Profile;
  readonly #options: NodeOptions;
  readonly #has: Attributes;
  readonly #nodes = new RunInterner();
  readonly #tuple = new Uint32Array(TUPLE_WIDTH);
  readonly #functions: FunctionNames;
  /** The names of functions by which filters find them. */
  #filterNames: FunctionNames | undefined;
  /** By function: its node if the function alone identifies a node; otherwise -1. */
  readonly #functionNodes: Int32Array;
  /** The packages or modules, from number 1 on. */
  readonly #groups: string[] = [""];
  readonly #groupNumbers = new Map<string, number>([["", 0]]);
  #packageOf: ReturnType<typeof framePackages> | undefined;
  /** By node: the function of its first frame, or -1. */
  readonly #exampleFunctions: number[] = [];
  readonly #names: string[] = [];
  locationOffsets = new Uint32Array(0);
  locationNodes: IndexColumn<NodeIndex> = indexColumn(new Uint32Array(0));

  constructor(view: View, options: NodeOptions) {
    this.#view = view;
    this.#profile = view.profile;
    this.#options = options;
    this.#has = attributesOf(options);
    this.#functions = functionNames(view.profile, options.identity, options);
    this.#functionNodes = new Int32Array(view.profile.functions.length).fill(-1);
  }

  get length(): number {
    return this.#nodes.length;
  }

  get hasAddresses(): boolean {
    return this.#has.address;
  }

  build(): NodeTable {
    const { frames } = this.#view;
    const { locations } = this.#profile;
    this.locationOffsets = new Uint32Array(locations.length + 1);
    const locationNodes = new Uint32Array(frames.lines.length + locations.length);
    this.locationNodes = indexColumn(locationNodes);
    let next = 0;
    for (let location = 0 as LocationIndex; location < locations.length; location++) {
      if (!frames.hidden[location]) {
        let line = frames.offsets[location];
        const end = frames.offsets[location + 1];
        if (line === end) {
          locationNodes[next++] = this.#bareNode(location);
        } else {
          if (this.#options.noInlines) line = end - 1;
          for (; line < end; line++) {
            locationNodes[next++] = this.#lineNode(location, frames.lines[line]);
          }
        }
      }
      this.locationOffsets[location + 1] = next;
    }
    return this;
  }

  name(node: NodeIndex): string {
    this.#names[node] ??= this.#formatName(node);
    return this.#names[node];
  }

  address(node: NodeIndex): bigint {
    const lo = this.#nodes.word(node, Field.address);
    const hi = this.#nodes.word(node, Field.address + 1);
    return (BigInt(hi) << 32n) | BigInt(lo);
  }

  functionName(node: NodeIndex): string {
    if (this.#has.group) return this.#groups[this.#nodes.word(node, Field.name)];
    const fn = this.exampleFunction(node);
    return fn !== undefined && this.isDefinition(node)
      ? this.#functions.bareName(fn)
      : this.#string(node, Field.name);
  }

  file(node: NodeIndex): string {
    return this.#functions.file(this.#nodes.word(node, Field.file));
  }

  line(node: NodeIndex): Int64 {
    return this.#int64(node, Field.line);
  }

  column(node: NodeIndex): Int64 {
    return this.#int64(node, Field.column);
  }

  startLine(node: NodeIndex): Int64 {
    return this.#int64(node, Field.startLine);
  }

  functionLabel(node: NodeIndex): string {
    const fn = this.exampleFunction(node);
    return fn !== undefined && this.isDefinition(node)
      ? this.#functions.label(fn)
      : this.functionName(node);
  }

  filterName(node: NodeIndex): string {
    const fn = this.exampleFunction(node);
    if (this.#has.group) return this.name(node);
    const otherwise = this.binary(node) || this.name(node);
    if (fn === undefined) return otherwise;
    if (!this.#has.name) return this.file(node) || otherwise;
    const { identity } = this.#options;
    // Nodes with files are of one file, so their filters must be, too.
    const ofFile = this.#has.file && identity === "language" ? "language and file" : identity;
    this.#filterNames ??=
      ofFile === identity ? this.#functions : functionNames(this.#profile, ofFile, this.#options);
    return this.#filterNames.label(fn) || otherwise;
  }

  isDefinition(node: NodeIndex): boolean {
    const fn = this.exampleFunction(node);
    return fn !== undefined && this.#has.name && this.#functions.identity(fn) === "definition";
  }

  startColumn(node: NodeIndex): Int64 {
    const fn = this.exampleFunction(node);
    return fn === undefined || !this.isDefinition(node)
      ? 0
      : int64At(startColumns(this.#profile), fn);
  }

  binary(node: NodeIndex): string {
    return this.#string(node, Field.binary);
  }

  compareOrigins(a: NodeIndex, b: NodeIndex): number {
    return (
      compare(this.startLine(a), this.startLine(b)) ||
      Number(this.binary(a) === "") - Number(this.binary(b) === "") ||
      compareUtf8(this.binary(a), this.binary(b))
    );
  }

  exampleFunction(node: NodeIndex): FunctionIndex | undefined {
    const fn = this.#exampleFunctions[node];
    return fn < 0 ? undefined : (fn as FunctionIndex);
  }

  /** Returns the node of a location without symbols. Its address or its binary identifies it. */
  #bareNode(location: LocationIndex): number {
    const tuple = this.#tuple.fill(0);
    if (this.#has.group) return this.#groupNode(location);
    this.#setAddress(location);
    tuple[Field.binary] = this.#binary(location);
    return this.#intern(-1);
  }

  #lineNode(location: LocationIndex, line: LineIndex): number {
    const { lines } = this.#profile;
    const { binaries, identity } = this.#options;
    const has = this.#has;
    const fn = lines.function[line];
    if (this.#functionNodes[fn] >= 0) return this.#functionNodes[fn];

    const tuple = this.#tuple.fill(0);
    if (has.group) {
      const node = this.#groupNode(location, fn);
      this.#functionNodes[fn] = node;
      return node;
    }
    const isKnown = this.#setFunction(fn);
    if (has.line) setHalves(tuple, Field.line, int64At(lines.line, line));
    if (has.column) setHalves(tuple, Field.column, int64At(lines.column, line));
    this.#setAddress(location);
    if (!isKnown || binaries) {
      // Functions without a name are distinguished by their binaries and first lines.
      tuple[Field.binary] = this.#binary(location);
      if (has.name || identity === "name" || binaries) {
        setHalves(tuple, Field.startLine, int64At(this.#profile.functions.startLine, fn));
      }
    }
    const node = this.#intern(fn);
    if (isKnown && !binaries && !has.line && !has.address) this.#functionNodes[fn] = node;
    return node;
  }

  /** Returns the node of a package or module. */
  #groupNode(location: LocationIndex, fn?: FunctionIndex): number {
    this.#packageOf ??= framePackages(this.#profile, this.#options.ownPackages);
    const { package: name, module } = this.#packageOf(location, fn);
    const group = this.#options.granularity === "packages" ? name : module;
    const number = this.#groupNumbers.get(group) ?? this.#groups.push(group) - 1;
    this.#groupNumbers.set(group, number);
    this.#tuple[Field.name] = number;
    return this.#intern(fn ?? -1);
  }

  #intern(fn: FunctionIndex | -1): number {
    const node = this.#nodes.intern(this.#tuple, TUPLE_WIDTH);
    if (node === this.#exampleFunctions.length) this.#exampleFunctions.push(fn);
    return node;
  }

  /** Sets the attributes that come from the function. Returns whether they identify a node. */
  #setFunction(fn: FunctionIndex): boolean {
    const has = this.#has;
    const tuple = this.#tuple;
    const names = this.#functions;
    if (has.name) tuple[Field.name] = names.name(fn);
    if (!has.name) {
      tuple[Field.file] = names.fileNumber(fn);
      // pprof separates the functions of a file, although it prints only the file.
      return this.#options.identity !== "name" && tuple[Field.file] !== NO_FILE;
    }
    const identity = names.identity(fn);
    if (has.file || identity !== "name") tuple[Field.file] = names.fileNumber(fn);
    if (identity === "definition") {
      setHalves(tuple, Field.startLine, int64At(this.#profile.functions.startLine, fn));
      setHalves(tuple, Field.startColumn, names.identifyingColumn(fn));
    }
    return tuple[Field.name] !== 0;
  }

  #setAddress(location: LocationIndex): void {
    if (!this.#has.address) return;
    const { address } = this.#profile.locations;
    this.#tuple[Field.address] = address.lo[location];
    this.#tuple[Field.address + 1] = address.hi[location];
  }

  #binary(location: LocationIndex): number {
    const { locations, mappings } = this.#profile;
    const mapping = locations.mapping[location];
    return mapping === NO_MAPPING
      ? 0
      : internerOf(this.#profile.strings).canonical(mappings.file[mapping]);
  }

  #formatName(node: NodeIndex): string {
    const { address, function: name, position } = this.nameParts(node);
    return [address, name, position].filter((part) => part !== "").join(" ");
  }

  nameParts(node: NodeIndex): NameParts {
    const address = this.#has.address ? this.address(node) : 0n;
    const fn = this.exampleFunction(node);
    const identity = fn === undefined ? "name" : this.#functions.identity(fn);
    const [name, path] =
      fn !== undefined && this.#has.name && identity !== "name"
        ? this.#functionParts(node, fn, identity)
        : [this.functionName(node), this.#shownFile(node)];
    // Short paths are shortened already.
    const isShort =
      !this.#has.file ||
      (identity === "definition" && this.#options.granularity !== "filefunctions");
    const line = this.#lineSuffix(node);
    const position = path + line;
    const basePosition = isShort || path === "" ? position : basePath(path) + line;
    const isNameless = name === "" && position === "";
    const binary = isNameless ? this.binary(node) : "";
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
    const has = this.#has;
    if (identity === "file") {
      return [this.functionName(node), has.file ? this.file(node) : names.position(fn)];
    }
    const name = names.bareName(fn);
    if (!has.file) return [name, names.position(fn)];
    if (!has.line) {
      const file = this.file(node);
      return [name, file === "" ? names.position(fn) : file + names.start(fn)];
    }
    // The position is about the line. Functions that share a line need their starts, too.
    const isUnique =
      name === this.#string(node, Field.name) &&
      names.identifyingColumn(fn) === 0 &&
      !names.sharesLine(fn);
    return [isUnique ? name : name + names.start(fn), this.#shortFile(node)];
  }

  /** Returns a file as the names of files show it. */
  #shownFile(node: NodeIndex): string {
    return this.#has.name || this.#has.group || this.#options.identity === "name"
      ? this.file(node)
      : this.#shortFile(node);
  }

  #shortFile(node: NodeIndex): string {
    return this.#functions.shortFile(this.#nodes.word(node, Field.file));
  }

  #lineSuffix(node: NodeIndex): string {
    const line = this.line(node);
    const column = this.column(node);
    if (line === 0) return "";
    return column === 0 ? `:${line}` : `:${line}:${column}`;
  }

  #string(node: NodeIndex, field: number): string {
    return this.#profile.strings.get(this.#nodes.word(node, field) as StringIndex);
  }

  #int64(node: NodeIndex, field: number): Int64 {
    return int64FromHalves(this.#nodes.word(node, field), this.#nodes.word(node, field + 1));
  }
}
