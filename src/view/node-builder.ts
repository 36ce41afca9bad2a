import { type IndexColumn, indexColumn, int64At, isZeroAt } from "../profile/columns.js";
import {
  type FunctionIndex,
  type LineIndex,
  type LocationIndex,
  NO_MAPPING,
  type StringIndex,
} from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { RunInterner } from "../profile/run-interner.js";
import { startColumns } from "../profile/start-columns.js";
import { compareUtf8 } from "../profile/utf8.js";
import { compare, type Int64, int64FromHalves, setHalves } from "../units/int64.js";
import { type FunctionNames, functionNames, internerOf, NO_FILE } from "./function-names.js";
import { NodeNames } from "./node-names.js";
import {
  isGrouped,
  type NameParts,
  type NodeIndex,
  type NodeOptions,
  type NodeTable,
} from "./node-table.js";
import { framePackages } from "./packages.js";
import type { View } from "./view.js";

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

/** Groups the frames of a view into nodes. */
export class NodeBuilder implements NodeTable {
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
  readonly #printer: NodeNames;
  locationOffsets = new Uint32Array(0);
  locationNodes: IndexColumn<NodeIndex> = indexColumn(new Uint32Array(0));

  constructor(view: View, options: NodeOptions) {
    this.#view = view;
    this.#profile = view.profile;
    this.#options = options;
    this.#has = attributesOf(options);
    this.#functions = functionNames(view.profile, options.identity, options);
    this.#printer = new NodeNames(this, options, this.#functions);
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
    this.#names[node] ??= this.#printer.name(node);
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

  printedFunction(node: NodeIndex): string {
    const fn = this.exampleFunction(node);
    return fn !== undefined && this.isDefinition(node)
      ? this.#functions.printedName(fn)
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
    return this.#filterNames.printedName(fn) || otherwise;
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
    if (has.column || this.#isBeginning(fn, line)) {
      setHalves(tuple, Field.column, int64At(lines.column, line));
    }
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

  /**
   * Tests for a line that is only the beginning of a function of a script, because the format has no
   * lines of calls. Its column shows that it is no line that was running.
   */
  #isBeginning(fn: FunctionIndex, line: LineIndex): boolean {
    const { functions, lines } = this.#profile;
    if (!this.#has.line || isZeroAt(lines.column, line)) return false;
    return (
      int64At(lines.line, line) === int64At(functions.startLine, fn) &&
      int64At(lines.column, line) === int64At(startColumns(this.#profile), fn) &&
      this.#functions.identity(fn) === "definition"
    );
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

  nameParts(node: NodeIndex): NameParts {
    return this.#printer.parts(node);
  }

  #string(node: NodeIndex, field: number): string {
    return this.#profile.strings.get(this.#nodes.word(node, field) as StringIndex);
  }

  #int64(node: NodeIndex, field: number): Int64 {
    return int64FromHalves(this.#nodes.word(node, field), this.#nodes.word(node, field + 1));
  }
}
