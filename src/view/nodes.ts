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
import { StringInterner, type StringTable } from "../profile/strings.js";
import { compareUtf8 } from "../profile/utf8.js";
import { compare, type Int64, int64FromHalves, setHalves } from "../units/int64.js";
import { basePath, cleanPath, trimSourcePath } from "./paths.js";
import { type FrameMap, type View, wholeProfile } from "./view.js";

/** A row of the table of nodes that a report is about. */
export type NodeIndex = Index<"node">;

export const NO_NODE = -1 as NodeIndex;

/** The kind of code that each node of a report represents. */
export type Granularity = "functions" | "filefunctions" | "files" | "lines" | "addresses";

/** The options that group the frames of stacks into nodes. */
export interface NodeOptions {
  granularity: Granularity;
  /** Count inlined calls as part of the function that they were inlined into. */
  noInlines: boolean;
  /** Distinguish the columns of a line. */
  showColumns: boolean;
  /** Distinguish functions of the same name by their binaries and first lines. */
  binaries: boolean;
  trimPath: string;
  sourcePath: string;
  /** Show source files as the profile names them; ignores `trimPath` and `sourcePath`. */
  keepPaths?: true;
}

/** The attributes of a report's nodes. An attribute that a node does not have is empty or 0. */
export interface NodeAttributes {
  readonly length: number;
  /** The printed name: address, function, file and line, as far as the node has them. */
  name(node: NodeIndex): string;
  /** Whether the address is part of a node's identity. */
  readonly hasAddresses: boolean;
  address(node: NodeIndex): bigint;
  functionName(node: NodeIndex): string;
  file(node: NodeIndex): string;
  line(node: NodeIndex): Int64;
  column(node: NodeIndex): Int64;
  /** The function's first line, set only for nodes without function name or with `binaries`. */
  startLine(node: NodeIndex): Int64;
  /** The file of the binary, for the same nodes. */
  binary(node: NodeIndex): string;
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

interface Attributes {
  name: boolean;
  file: boolean;
  line: boolean;
  column: boolean;
  address: boolean;
}

function attributesOf({ granularity, noInlines, showColumns }: NodeOptions): Attributes {
  const lines = granularity === "lines" || granularity === "addresses";
  return {
    name: granularity !== "files",
    file: granularity !== "functions",
    line: lines,
    // At this granularity, only noinlines merges frames.
    column: lines && (showColumns || (granularity === "addresses" && !noInlines)),
    address: granularity === "addresses",
  };
}

/** The fields of the tuple that identifies a node. 64-bit fields take two words. */
const Field = {
  name: 0,
  file: 1,
  line: 2,
  column: 4,
  address: 6,
  startLine: 8,
  /** The string index of the binary; set for the same nodes as the start line. */
  binary: 10,
} as const;
const TUPLE_WIDTH = 11;

/** The number of cached tables per frame map: reports on one view often share tables. */
const MAX_TABLES = 4;

const internerOf = memoized((strings: StringTable) => new StringInterner(strings));

const tablesOf = memoized((_: FrameMap) => new RecentlyUsed<NodeTable>(MAX_TABLES));

/** Groups the frames that `view` shows into nodes. */
export function buildNodes(view: View, options: NodeOptions): NodeTable {
  const { granularity, noInlines, showColumns, binaries, trimPath, sourcePath } = options;
  const switches = [granularity, noInlines, showColumns, binaries, options.keepPaths ?? false];
  const key = JSON.stringify([...switches, trimPath, sourcePath]);
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
    binary: (node) => whole.binary(node),
    compareOrigins: (a, b) => whole.compareOrigins(a, b),
  };
}

/**
 * Returns the parts of a node's name: its address, its function, and its position (file and line,
 * or else the binary), as far as they are known. There is always at least one part. `rewrite` may
 * change the function and the file.
 */
export function nameParts(
  nodes: NodeAttributes,
  node: NodeIndex,
  rewrite?: { functionName(name: string): string; file(path: string): string },
): string[] {
  const parts: string[] = [];
  const address = nodes.hasAddresses ? nodes.address(node) : 0n;
  if (address !== 0n) parts.push(address.toString(16).padStart(16, "0"));
  const name = nodes.functionName(node);
  if (name !== "") parts.push(rewrite ? rewrite.functionName(name) : name);
  const path = nodes.file(node);
  const file = path !== "" && rewrite ? rewrite.file(path) : path;
  const line = nodes.line(node);
  const column = nodes.column(node);
  if (line !== 0) {
    parts.push(`${file}:${line}${column === 0 ? "" : `:${column}`}`);
  } else if (file !== "") {
    parts.push(file);
  } else if (name === "") {
    const binary = nodes.binary(node);
    parts.push(binary === "" ? "<unknown>" : `[${basePath(binary)}]`);
  }
  return parts;
}

class NodeBuilder implements NodeTable {
  readonly #view: View;
  readonly #profile: Profile;
  readonly #options: NodeOptions;
  readonly #has: Attributes;
  readonly #nodes = new RunInterner();
  readonly #tuple = new Uint32Array(TUPLE_WIDTH);
  readonly #interner: StringInterner;
  /** By function: its node if the function alone identifies a node; otherwise -1. */
  readonly #functionNodes: Int32Array;
  /** Source files as they are shown. `files[0]` means that the file is unknown. */
  readonly #files: string[] = [""];
  readonly #fileNumbers = new Map<string, number>([["", 0]]);
  /** By string index: the position in {@link #files}, or -1. */
  readonly #fileOfString: Int32Array;
  readonly #names: string[] = [];
  locationOffsets = new Uint32Array(0);
  locationNodes: IndexColumn<NodeIndex> = indexColumn(new Uint32Array(0));

  constructor(view: View, options: NodeOptions) {
    this.#view = view;
    this.#profile = view.profile;
    this.#options = options;
    this.#has = attributesOf(options);
    this.#interner = internerOf(view.profile.strings);
    this.#functionNodes = new Int32Array(view.profile.functions.length).fill(-1);
    this.#fileOfString = new Int32Array(view.profile.strings.length).fill(-1);
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
    return this.#string(node, Field.name);
  }

  file(node: NodeIndex): string {
    return this.#files[this.#nodes.word(node, Field.file)];
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

  /** Returns the node of a location without symbols. Its address or its binary identifies it. */
  #bareNode(location: LocationIndex): number {
    const tuple = this.#tuple.fill(0);
    this.#setAddress(location);
    tuple[Field.binary] = this.#binary(location);
    return this.#nodes.intern(tuple, TUPLE_WIDTH);
  }

  #lineNode(location: LocationIndex, line: LineIndex): number {
    const { lines } = this.#profile;
    const { binaries } = this.#options;
    const has = this.#has;
    const fn = lines.function[line];
    if (this.#functionNodes[fn] >= 0) return this.#functionNodes[fn];

    const tuple = this.#tuple.fill(0);
    const named = this.#setFunction(fn);
    if (has.line) setHalves(tuple, Field.line, int64At(lines.line, line));
    if (has.column) setHalves(tuple, Field.column, int64At(lines.column, line));
    this.#setAddress(location);
    if (!named || binaries) {
      // Functions without a name are distinguished by these two.
      tuple[Field.binary] = this.#binary(location);
      setHalves(tuple, Field.startLine, int64At(this.#profile.functions.startLine, fn));
    }
    const node = this.#nodes.intern(tuple, TUPLE_WIDTH);
    if (named && !binaries && !has.line && !has.address) this.#functionNodes[fn] = node;
    return node;
  }

  /** Sets the attributes that come from the function. Returns whether it has a name. */
  #setFunction(fn: FunctionIndex): boolean {
    const { functions } = this.#profile;
    const tuple = this.#tuple;
    if (this.#has.name) tuple[Field.name] = this.#interner.canonical(functions.name[fn]);
    if (this.#has.file) tuple[Field.file] = this.#file(functions.filename[fn]);
    return tuple[Field.name] !== 0;
  }

  #file(filename: StringIndex): number {
    let number = this.#fileOfString[filename];
    if (number < 0) {
      const { trimPath, sourcePath, keepPaths } = this.#options;
      const whole = this.#profile.strings.get(filename);
      const path = keepPaths ? whole : trimSourcePath(whole, trimPath, sourcePath);
      const shown = path === "" ? "" : cleanPath(path);
      number = this.#fileNumbers.get(shown) ?? this.#files.length;
      if (number === this.#files.length) {
        this.#files.push(shown);
        this.#fileNumbers.set(shown, number);
      }
      this.#fileOfString[filename] = number;
    }
    return number;
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
    return mapping === NO_MAPPING ? 0 : this.#interner.canonical(mappings.file[mapping]);
  }

  #formatName(node: NodeIndex): string {
    return nameParts(this, node).join(" ");
  }

  #string(node: NodeIndex, field: number): string {
    return this.#profile.strings.get(this.#nodes.word(node, field) as StringIndex);
  }

  #int64(node: NodeIndex, field: number): Int64 {
    return int64FromHalves(this.#nodes.word(node, field), this.#nodes.word(node, field + 1));
  }
}
