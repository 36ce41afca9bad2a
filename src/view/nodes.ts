import { int64At } from "../profile/columns.js";
import {
  type FunctionIndex,
  type LineIndex,
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

/** What a node of a report stands for. */
export type Granularity = "functions" | "filefunctions" | "files" | "lines" | "addresses";

/** How places in code are grouped into nodes. */
export interface NodeOptions {
  granularity: Granularity;
  /** Give inlined calls to the function that they were inlined into. */
  noInlines: boolean;
  /** Tell columns of a line apart. */
  showColumns: boolean;
  /** Tell functions of the same name apart by their binaries and first lines. */
  binaries: boolean;
  trimPath: string;
  sourcePath: string;
  /** Show files as the profile has them, whatever the two above say. */
  keepPaths?: true;
}

/** The nodes of a report by number, with what is known of each. */
export interface NodeAttributes {
  readonly length: number;
  /** What is printed for a node: the address, the function, the file and line, as far as nodes have them. */
  name(node: number): string;
  /** Whether addresses tell nodes apart. */
  readonly hasAddresses: boolean;
  /** The address of a node; 0 where it has none. */
  address(node: number): bigint;
  /** The attributes of a node one by one; empty or 0 where it has none. */
  functionName(node: number): string;
  file(node: number): string;
  line(node: number): Int64;
  column(node: number): Int64;
  /** The first line of the function; only of nodes that have no name, or where binaries are told apart. */
  startLine(node: number): Int64;
  /** The file of the binary; of the same nodes. */
  binary(node: number): string;
  /** Orders nodes without a function name by start line and binary; those of no binary come last. */
  compareOrigins(a: number, b: number): number;
}

/**
 * The nodes of a report, and which of them each location stands for. Nodes with equal
 * attributes are one.
 */
export interface NodeTable extends NodeAttributes {
  /**
   * The nodes of location `l`, innermost first, are
   * `locationNodes[locationOffsets[l], locationOffsets[l + 1])`; none if it is hidden.
   */
  readonly locationOffsets: Uint32Array;
  readonly locationNodes: Uint32Array;
}

/** Which attributes tell nodes apart. */
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
    // With addresses nothing is merged, except for what noinlines asks.
    column: lines && (showColumns || (granularity === "addresses" && !noInlines)),
    address: granularity === "addresses",
  };
}

/** The fields of the tuple that makes a node; 64-bit ones take two. */
const Field = {
  name: 0,
  file: 1,
  line: 2,
  column: 4,
  address: 6,
  startLine: 8,
  /** String index of the binary; like the start line for nodes without a name, or for all. */
  binary: 10,
} as const;
const TUPLE_WIDTH = 11;

/** So many tables are kept for the lines that a view shows: reports ask for the same ones again. */
const MAX_TABLES = 4;

const internerOf = memoized((strings: StringTable) => new StringInterner(strings));

const tablesOf = memoized((_: FrameMap) => new RecentlyUsed<NodeTable>(MAX_TABLES));

/** Groups the places that `view` shows into nodes. */
export function buildNodes(view: View, options: NodeOptions): NodeTable {
  const { granularity, noInlines, showColumns, binaries, trimPath, sourcePath } = options;
  const switches = [granularity, noInlines, showColumns, binaries, options.keepPaths ?? false];
  const key = JSON.stringify([...switches, trimPath, sourcePath]);
  return tablesOf(view.frames).get(key, () => {
    const { frames } = wholeProfile(view.profile);
    const whole = view.frames === frames ? undefined : tablesOf(frames).known(key);
    // Which line stands for a location without inlined calls depends on those that are shown.
    const shown = whole && !noInlines ? nodesShown(whole, frames, view.frames) : undefined;
    return shown ?? new NodeBuilder(view, options).build();
  });
}

/**
 * The table `whole` for those of its lines that `shown` leaves. It may have nodes that no
 * location has. Undefined where a location has lost its lines and is still shown.
 */
function nodesShown(whole: NodeTable, all: FrameMap, shown: FrameMap): NodeTable | undefined {
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
    locationNodes,
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
 * What is printed for a node, in parts: its address, its function, its place (file, line,
 * or for want of these the binary), as far as there are any; never none. `rewrite` may
 * change the function and the file first.
 */
export function nameParts(
  nodes: NodeAttributes,
  node: number,
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
  /** By function: its node, where nodes have nothing but the function; else -1. */
  readonly #functionNodes: Int32Array;
  /** File paths as they are shown; `files[0]` is none. */
  readonly #files: string[] = [""];
  readonly #fileNumbers = new Map<string, number>([["", 0]]);
  /** By string index: the number in {@link #files}, or -1. */
  readonly #fileOfString: Int32Array;
  readonly #names: string[] = [];
  locationOffsets = new Uint32Array(0);
  locationNodes = new Uint32Array(0);

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
    this.locationNodes = new Uint32Array(frames.lines.length + locations.length);
    let next = 0;
    for (let location = 0; location < locations.length; location++) {
      if (!frames.hidden[location]) {
        let line = frames.offsets[location];
        const end = frames.offsets[location + 1];
        if (line === end) {
          this.locationNodes[next++] = this.#bareNode(location);
        } else {
          if (this.#options.noInlines) line = end - 1;
          for (; line < end; line++) {
            this.locationNodes[next++] = this.#lineNode(location, frames.lines[line]);
          }
        }
      }
      this.locationOffsets[location + 1] = next;
    }
    return this;
  }

  name(node: number): string {
    this.#names[node] ??= this.#formatName(node);
    return this.#names[node];
  }

  address(node: number): bigint {
    const lo = this.#nodes.word(node, Field.address);
    const hi = this.#nodes.word(node, Field.address + 1);
    return (BigInt(hi) << 32n) | BigInt(lo);
  }

  functionName(node: number): string {
    return this.#string(node, Field.name);
  }

  file(node: number): string {
    return this.#files[this.#nodes.word(node, Field.file)];
  }

  line(node: number): Int64 {
    return this.#int64(node, Field.line);
  }

  column(node: number): Int64 {
    return this.#int64(node, Field.column);
  }

  startLine(node: number): Int64 {
    return this.#int64(node, Field.startLine);
  }

  binary(node: number): string {
    return this.#string(node, Field.binary);
  }

  compareOrigins(a: number, b: number): number {
    return (
      compare(this.startLine(a), this.startLine(b)) ||
      Number(this.binary(a) === "") - Number(this.binary(b) === "") ||
      compareUtf8(this.binary(a), this.binary(b))
    );
  }

  /** The node of a place without symbols: known by its address or its binary. */
  #bareNode(location: number): number {
    const tuple = this.#tuple.fill(0);
    this.#setAddress(location);
    tuple[Field.binary] = this.#binary(location);
    return this.#nodes.intern(tuple, TUPLE_WIDTH);
  }

  #lineNode(location: number, line: LineIndex): number {
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
      // Without a name, these two still tell functions apart.
      tuple[Field.binary] = this.#binary(location);
      setHalves(tuple, Field.startLine, int64At(this.#profile.functions.startLine, fn));
    }
    const node = this.#nodes.intern(tuple, TUPLE_WIDTH);
    if (named && !binaries && !has.line && !has.address) this.#functionNodes[fn] = node;
    return node;
  }

  /** Sets what nodes have of the function itself; returns whether that is a name. */
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

  #setAddress(location: number): void {
    if (!this.#has.address) return;
    const { address } = this.#profile.locations;
    this.#tuple[Field.address] = address.lo[location];
    this.#tuple[Field.address + 1] = address.hi[location];
  }

  #binary(location: number): number {
    const { locations, mappings } = this.#profile;
    const mapping = locations.mapping[location];
    return mapping === NO_MAPPING ? 0 : this.#interner.canonical(mappings.file[mapping]);
  }

  #formatName(node: number): string {
    return nameParts(this, node).join(" ");
  }

  #string(node: number, field: number): string {
    return this.#profile.strings.get(this.#nodes.word(node, field) as StringIndex);
  }

  #int64(node: number, field: number): Int64 {
    return int64FromHalves(this.#nodes.word(node, field), this.#nodes.word(node, field + 1));
  }
}
